import type { FileChange } from '../../events/event.ts';
import type { ProposedChanges, RunState } from '../../coordination/state.ts';
import { contentKey } from '../files.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { plural } from './format.ts';
import { clipLine, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { isPartTaken, partCount, reviewStage, takenParts } from './review.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const SIGNS: Record<FileChange['change'], readonly [string, StyleId]> = {
  added: ['+', style('ok', ['bold'])],
  modified: ['~', style('warn', ['bold'])],
  deleted: ['-', style('err', ['bold'])],
};
/** Where the patch of a run stands among what was read. */
export const PATCH_LABEL = 'patch';

/** What the winner's files would change in the user's folder, file by file and part by part. */
export function changesPage(model: Model, state: RunState): BrowserPage {
  const { changes } = state;
  const files = changes?.files ?? [];
  return {
    title: changes
      ? `${plural(files.length, 'file')} of ${changes.label}  ${stateText(model, changes)}`
      : 'changed files',
    count: files.length,
    empty: 'the answer changes no files of yours',
    start: 0,
    row: (index) => {
      const file = files[index];
      return file && changes ? fileRow(model, changes, file) : [];
    },
    detailTitle: (index) => {
      const file = files[index];
      if (!file) return '';
      const detail = file.detail === undefined ? '' : `, ${sanitizeLine(file.detail)}`;
      return `${sanitizeLine(file.path)}  ${file.change}${detail}`;
    },
    detail: (index, width) => {
      const file = files[index];
      return file && changes ? patchParts(model, changes, file, width).rows : [];
    },
  };
}

function stateText(model: Model, changes: ProposedChanges): string {
  const stage = reviewStage(model);
  if (stage === 'now') return 'for you';
  if (stage === 'after') return changes.state === 'undone' ? 'brought back' : 'not written';
  if (changes.state === 'applied') return 'written';
  return changes.state === 'proposed' ? 'not decided' : 'decided';
}

function fileRow(model: Model, changes: ProposedChanges, file: FileChange): Line {
  const { glyphs } = model;
  const taken = takenParts(model, changes, file).length;
  const count = partCount(file);
  const [sign, id] = SIGNS[file.change];
  const lines = file.isBinary ? 'binary' : `+${file.added} -${file.removed}`;
  const size = file.detail === undefined ? lines : `${lines}, ${sanitizeLine(file.detail)}`;
  const conflict = changes.state === 'applied' ? changes.conflicts?.find(({ path }) => path === file.path) : undefined;
  const isChoice = reviewStage(model) !== null || changes.state === 'proposed';
  const none = isChoice ? ', left out' : ', not taken';
  const what = conflict
    ? `, ${sanitizeLine(conflict.reason)}`
    : taken === 0
      ? none
      : taken < count
        ? `, ${taken} of ${count} parts`
        : '';
  const isIn = taken > 0 && !conflict;
  return [
    span(isIn ? `${glyphs.ok} ` : `${glyphs.bad} `, style(isIn ? 'ok' : 'err', ['bold'])),
    span(`${sign} `, id),
    span(sanitizeLine(file.path), isIn ? FG : DIM),
    span(`  ${size}${what}`, DIM),
  ];
}

/** The rows of a file's changes, and where each of its parts begins. */
export function patchParts(
  model: Model,
  changes: ProposedChanges,
  file: FileChange,
  width: number,
): { rows: Line[]; partAt: number[] } {
  const lines = patchLines(model, changes, file, Math.min(width, 160));
  const partAt = lines.flatMap((line, row) => (isHeader(line) ? [row] : []));
  const count = partCount(file);
  // A file of one part is chosen as a whole, and so is one that is not what was told of it.
  if (count < 2 || partAt.length !== count) return { rows: lines, partAt };
  const at = Math.min(model.review.at, count - 1);
  let part = -1;
  let isTaken = true;
  const rows = lines.map((line): Line => {
    if (!isHeader(line)) return isTaken ? line : line.map(({ text }) => span(text, DIM));
    part += 1;
    isTaken = isPartTaken(model, changes, file, part);
    const { ok, bad, cut } = model.glyphs;
    const marked: Line = [
      span(part === at ? '> ' : '  ', style('focus', ['bold'])),
      span(isTaken ? `${ok} ` : `${bad} `, style(isTaken ? 'ok' : 'err', ['bold'])),
      span(`part ${part + 1} of ${count}${isTaken ? '' : ', left out'}  `, isTaken ? style('fg', ['bold']) : DIM),
      ...line.slice(1).map(({ text, style: id }) => span(text.trimStart(), isTaken ? id : DIM)),
    ];
    return clipLine(marked, width, cut);
  });
  return { rows, partAt };
}

function isHeader([first]: Line): boolean {
  return first?.text === HEADER;
}

/** In front of what git says of a part. */
const HEADER = '';

function patchLines(model: Model, changes: ProposedChanges, file: FileChange, width: number): Line[] {
  if (file.isBinary) return [[span('A binary file: there is no text to compare.', DIM)]];
  const content = model.files.contents.get(contentKey(PATCH_LABEL, changes.patch));
  if (content === undefined) return [[span('reading the changes', DIM)]];
  if ('trouble' in content) return wrappedLines(sanitizeLine(content.trouble), width, DIM);
  if (content.kind !== 'text') return [[span('The changes are not there any more.', DIM)]];
  const { text, isCut } = content;
  const key = ['patch', model.run?.state?.run, changes.patch, file.path, width].join(' ');
  return model.cache.document(key, () => {
    const rows = partOf(text, file.path);
    if (rows.length === 0) {
      const why = isCut
        ? 'The patch is too long to be shown here: look at it in the folder of the run.'
        : `No line of its text changes: ${sanitizeLine(file.detail ?? 'it is empty')}.`;
      return wrappedLines(why, width, DIM);
    }
    return rows.flatMap((row) => {
      const [sign, id] = lookOf(row);
      if (sign === '@')
        return [clipLine([span(HEADER, id), span(`  ${sanitizeLine(row)}`, id)], width, model.glyphs.cut)];
      return behind(span(`${sign} `, id), wrappedLines(sanitizeLine(row.slice(1)), Math.max(1, width - 2), id));
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
  if (!name.startsWith('"')) return name.replace(/^[ab]\//, '');
  return name.slice(3, -1).replaceAll(/\\(["\\])/g, '$1');
}
