import type { FileChange } from '../../events/event.ts';
import type { ProposedChanges, RunState } from '../../coordination/state.ts';
import { contentKey } from '../files.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';

const FG = style('fg');
const DIM = style('dim');
const SIGNS: Record<FileChange['change'], readonly [string, StyleId]> = {
  added: ['+', style('ok', ['bold'])],
  modified: ['~', style('warn', ['bold'])],
  deleted: ['-', style('err', ['bold'])],
};
const STATES: Record<ProposedChanges['state'], string> = {
  proposed: 'x leaves a file out, Enter decides',
  decided: 'decided',
  applied: 'written to your folder',
  undone: 'brought back to what they were',
};

/** Where the patch of a run stands among what was read. */
export const PATCH_LABEL = 'patch';

/** What the winner's files would change in the user's folder, file by file. */
export function changesPage(model: Model, state: RunState): BrowserPage {
  const { changes } = state;
  const files = changes?.files ?? [];
  return {
    title: changes
      ? `${plural(files.length, 'changed file')} of ${changes.label}  ${model.playback && changes.state === 'proposed' ? 'not decided' : STATES[changes.state]}`
      : 'changed files',
    count: files.length,
    empty: 'the answer changes no files of yours',
    start: 0,
    row: (index) => {
      const file = files[index];
      if (!file || !changes) return [];
      const isIn = isAccepted(model, changes, file.path);
      const [sign, id] = SIGNS[file.change];
      const size = file.isBinary ? 'binary' : `+${file.added} -${file.removed}`;
      return [
        span(isIn ? `${model.glyphs.ok} ` : `${model.glyphs.bad} `, style(isIn ? 'ok' : 'err', ['bold'])),
        span(`${sign} `, id),
        span(sanitizeLine(file.path), isIn ? FG : DIM),
        span(`  ${size}${isIn ? '' : changes.state === 'proposed' ? ', left out' : ', not taken'}`, DIM),
      ];
    },
    detailTitle: (index) => {
      const file = files[index];
      return file ? `${sanitizeLine(file.path)}  ${file.change}` : '';
    },
    detail: (index, width) => {
      const file = files[index];
      return file && changes ? patchLines(model, changes, file, Math.min(width, 160)) : [];
    },
  };
}

/** The files that are accepted as things stand. */
export function acceptedPaths(model: Model, changes: ProposedChanges): string[] {
  return changes.files.map((file) => file.path).filter((path) => isAccepted(model, changes, path));
}

function isAccepted(model: Model, changes: ProposedChanges, path: string): boolean {
  return changes.state === 'proposed' ? !model.leftOut.has(path) : changes.accepted.includes(path);
}

function patchLines(model: Model, changes: ProposedChanges, file: FileChange, width: number): Line[] {
  if (file.isBinary) return [[span('A binary file: there is no text to compare.', DIM)]];
  const content = model.files.contents.get(contentKey(PATCH_LABEL, changes.patch));
  if (content === undefined) return [[span('reading the changes', DIM)]];
  if ('trouble' in content) return [[span(sanitizeLine(content.trouble), DIM)]];
  if (content.kind !== 'text') return [[span('The changes are not there any more.', DIM)]];
  const key = ['patch', model.run?.state?.run, changes.patch, file.path, width].join(' ');
  return model.cache.document(key, () => {
    const rows = partOf(content.text, file.path);
    if (rows.length === 0) return [[span('The patch says nothing of this file.', DIM)]];
    return rows.flatMap((row) => {
      const [sign, id] = lookOf(row);
      const text = sanitizeLine(sign === '@' ? row : row.slice(1));
      const wrapped = wrapText(text, Math.max(1, width - 2));
      return wrapped.map((part, i): Line => [span(i === 0 && sign !== '@' ? `${sign} ` : '  ', id), span(part, id)]);
    });
  });
}

function lookOf(row: string): readonly [string, StyleId] {
  if (row.startsWith('@@')) return ['@', style('info')];
  if (row.startsWith('+')) return ['+', style('ok')];
  return row.startsWith('-') ? ['-', style('err')] : [' ', DIM];
}

/** The hunks of one file out of a unified patch. A row that only looks like a header inside a hunk stays in it. */
export function partOf(patch: string, path: string): string[] {
  const rows = patch.split('\n');
  const out: string[] = [];
  let names: string[] = [];
  let left = { old: 0, new: 0 };
  for (const row of rows) {
    const isInHunk = left.old > 0 || left.new > 0;
    if (isInHunk) {
      if (names.includes(path)) out.push(row);
      if (!row.startsWith('+') && !row.startsWith('\\')) left.old -= 1;
      if (!row.startsWith('-') && !row.startsWith('\\')) left.new -= 1;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(row);
    if (hunk) {
      left = { old: Number(hunk[1] ?? 1), new: Number(hunk[2] ?? 1) };
      if (names.includes(path)) out.push(row);
    } else if (row.startsWith('--- ')) names = [nameIn(row)];
    else if (row.startsWith('+++ ')) names.push(nameIn(row));
  }
  return out;
}

/** `a/src/x.ts` without what git puts in front of it and behind it. */
function nameIn(row: string): string {
  const name = row.slice(4).replace(/\t.*$/, '');
  return name.replace(/^"?[ab]\//, '').replace(/"$/, '');
}
