import { codeFence } from '../../events/code-fence.ts';
import type { AnswerLabel } from '../../events/event.ts';
import type { AnswerVersion, RunState } from '../../coordination/state.ts';
import { contentKey, type AnswerFile, type AnswerFiles, type FileContent } from '../files.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import { allAnswers } from './answers-page.ts';
import type { BrowserPage } from './browser-page.ts';
import { plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameText } from './names.ts';
import { keyWord } from './key-of.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');

type Change = 'added' | 'changed' | 'deleted' | 'same';
const SIGNS: Record<Change, readonly [string, StyleId]> = {
  added: ['+', style('ok', ['bold'])],
  changed: ['~', style('warn', ['bold'])],
  deleted: ['-', style('err', ['bold'])],
  same: [' ', DIM],
};

/** A row of the tree: a folder, or a file with what became of it. */
export type FileRow =
  | { kind: 'folder'; name: string; depth: number; files: number }
  | { kind: 'file'; name: string; depth: number; file: AnswerFile; change: Change };

/** The answers that may have files, in the order in which they were handed in. */
export function labelsWithFiles(model: Model): AnswerLabel[] {
  const labels = (model.run?.events ?? []).flatMap((event) =>
    event.type === 'snapshot.taken' ? [event.data.label] : [],
  );
  return [...new Set(labels)];
}

/** The answer whose files are shown. */
export function shownLabel(model: Model): AnswerLabel | null {
  const labels = labelsWithFiles(model);
  const { label } = model.files;
  if (label !== null && labels.includes(label)) return label;
  const winner = model.run?.state?.winner?.label;
  return winner !== undefined && labels.includes(winner) ? winner : (labels.at(-1) ?? null);
}

/** What its files are compared with: the marked answer, else the author's version before. */
export function baseLabel(model: Model, label: AnswerLabel): AnswerLabel | null {
  const labels = labelsWithFiles(model);
  if (model.compared !== null && model.compared !== label && labels.includes(model.compared)) return model.compared;
  const state = model.run?.state;
  const answer = state && allAnswers(state).find((each) => each.label === label);
  if (!answer) return null;
  const before = allAnswers(state).filter(
    (each: AnswerVersion) => each.alias === answer.alias && each.seq < answer.seq,
  );
  return before.map((each) => each.label).findLast((each) => labels.includes(each)) ?? null;
}

function listOf(model: Model, label: AnswerLabel | null): AnswerFiles | null {
  const found = label === null ? undefined : model.files.lists.get(label);
  return found === undefined || found === 'none' || 'trouble' in found ? null : found;
}

/** The tree of the files, folders before what is in them; deleted ones stand where they were. */
export function fileRows(model: Model): FileRow[] {
  const label = shownLabel(model);
  const list = listOf(model, label);
  if (label === null || !list) return [];
  const base = baseLabel(model, label);
  const before = listOf(model, base);
  const old = new Map((before?.files ?? []).map((file) => [file.path, file]));
  const now = new Set(list.files.map((file) => file.path));
  const changeOf = (file: AnswerFile): Change => {
    if (!before) return 'same';
    const was = old.get(file.path);
    if (!was) return 'added';
    return was.hash === file.hash && was.bytes === file.bytes ? 'same' : 'changed';
  };
  const all = [
    ...list.files.map((file) => ({ file, change: changeOf(file) })),
    ...[...old.values()].filter((file) => !now.has(file.path)).map((file) => ({ file, change: 'deleted' as const })),
  ].toSorted((a, b) => (a.file.path < b.file.path ? -1 : 1));
  const counts = new Map<string, number>();
  for (const { file } of all) {
    for (let at = file.path.indexOf('/'); at >= 0; at = file.path.indexOf('/', at + 1)) {
      const folder = file.path.slice(0, at);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const rows: FileRow[] = [];
  let open: string[] = [];
  for (const { file, change } of all) {
    const parts = file.path.split('/');
    const name = parts.pop() ?? '';
    let shared = 0;
    while (shared < parts.length && open[shared] === parts[shared]) shared++;
    for (let depth = shared; depth < parts.length; depth++) {
      const files = counts.get(parts.slice(0, depth + 1).join('/')) ?? 0;
      rows.push({ kind: 'folder', name: parts[depth] ?? '', depth, files });
    }
    open = parts;
    rows.push({ kind: 'file', name, depth: parts.length, file, change });
  }
  return rows;
}

/** The files that an answer was handed in with; `d` shows what changed in them, Tab takes the next answer. */
export function filesPage(model: Model, state: RunState): BrowserPage {
  const label = shownLabel(model);
  const base = label === null ? null : baseLabel(model, label);
  const rows = fileRows(model);
  const list = listOf(model, label);
  const bytes = (list?.files ?? []).reduce((sum, file) => sum + file.bytes, 0);
  const more = list && list.leftOut > 0 ? `, ${list.leftOut} not listed` : '';
  const since = base === null ? '' : `, since ${base}`;
  return {
    title:
      label === null
        ? 'files'
        : `files of ${label}  ${plural(list?.files.length ?? 0, 'file')}, ${sizeText(bytes)}${more}${since}`,
    count: rows.length,
    empty: emptyText(model, label),
    start: Math.max(
      0,
      rows.findIndex((row) => row.kind === 'file'),
    ),
    row: (index) => {
      const row = rows[index];
      if (!row) return [];
      const indent = span('  '.repeat(Math.min(row.depth, 8)), FG);
      if (row.kind === 'folder') {
        return [
          indent,
          span(`  ${sanitizeLine(row.name)}/`, style('info')),
          span(`  ${plural(row.files, 'file')}`, DIM),
        ];
      }
      const [sign, id] = SIGNS[row.change];
      const what =
        row.file.kind === 'link' ? 'a link' : row.file.kind === 'other' ? 'no file' : sizeText(row.file.bytes);
      return [
        indent,
        span(`${sign} `, id),
        span(sanitizeLine(row.name), row.change === 'deleted' ? DIM : FG),
        span(`  ${what}`, DIM),
      ];
    },
    detailTitle: (index) => detailTitle(model, state, rows[index], label, base),
    detail: (index, width) => detailLines(model, rows[index], { label, base, width: Math.min(width, 160) }),
  };
}

function emptyText(model: Model, label: AnswerLabel | null): string {
  if (label === null) return 'no answer of this run came with files';
  const found = model.files.lists.get(label);
  if (found === undefined) return 'reading the files';
  if (found === 'none') return 'the files are not there any more';
  return 'trouble' in found ? sanitizeLine(found.trouble) : 'there is no file';
}

function detailTitle(
  model: Model,
  state: RunState,
  row: FileRow | undefined,
  label: AnswerLabel | null,
  base: AnswerLabel | null,
): string {
  if (!row || label === null) return '';
  const author = allAnswers(state).find((each) => each.label === label);
  const who = author ? `  ${nameText(state, author.alias)}` : '';
  if (row.kind === 'folder') return `${sanitizeLine(row.name)}/${who}`;
  const how =
    base === null || row.change === 'same'
      ? ''
      : model.isDiff
        ? `  changes since ${base}`
        : `  ${keyWord(model, 'diff')} shows what changed`;
  return `${sanitizeLine(row.file.path)}${who}${how}`;
}

function detailLines(
  model: Model,
  row: FileRow | undefined,
  { label, base, width }: { label: AnswerLabel | null; base: AnswerLabel | null; width: number },
): Line[] {
  if (!row || row.kind === 'folder' || label === null) return [];
  const { file, change } = row;
  const told = (text: string): Line[] => wrappedLines(text, width, DIM);
  if (file.kind === 'link') return told('A symbolic link. Links are not followed.');
  if (file.kind === 'other') return told('Neither a file nor a folder.');
  const now = change === 'deleted' ? '' : textOf(model, label, file.path);
  const before = base === null || change === 'added' ? '' : textOf(model, base, file.path);
  if (typeof now !== 'string') return told(now.told);
  const isDiff = model.isDiff && change !== 'same' && base !== null && model.renderDiff !== null;
  if ((isDiff || change === 'deleted') && typeof before !== 'string') return told(before.told);
  const old = typeof before === 'string' ? before : '';
  const key = [
    'file',
    model.run?.state?.run,
    label,
    file.path,
    file.hash,
    isDiff ? base : '',
    width,
    model.cache.idOf(model.renderMarkdown),
  ];
  return model.cache.document(key.join(' '), () => {
    if (isDiff && model.renderDiff) return model.renderDiff(sanitize(old), sanitize(now), width);
    return codeLines(model, change === 'deleted' ? old : now, file.path, width);
  });
}

/** The text, or why there is none to show. */
function textOf(model: Model, label: AnswerLabel, path: string): string | { told: string } {
  const content: FileContent | { trouble: string } | undefined = model.files.contents.get(contentKey(label, path));
  if (content === undefined) return { told: 'reading the file' };
  if ('trouble' in content) return { told: sanitizeLine(content.trouble) };
  if (content.kind === 'binary') return { told: `A binary file of ${sizeText(content.bytes)}.` };
  if (content.kind === 'missing') return { told: 'The file is not there any more.' };
  return content.isCut ? `${content.text}\n(the rest is not shown)` : content.text;
}

/** The renderer of Markdown knows how to colour and wrap code; no fence of the file ends it. */
function codeLines(model: Model, text: string, path: string, width: number): Line[] {
  const { renderMarkdown: render, glyphs } = model;
  const ending = /\.([a-z0-9]{1,12})$/i.exec(path)?.[1] ?? '';
  if (text === '') return [[span('an empty file', DIM)]];
  if (!render || text.length > 100_000) return wrappedLines(sanitize(text), width, FG);
  const fence = codeFence(text);
  return render(`${fence}${ending}\n${text.replace(/\n$/, '')}\n${fence}\n`, width, glyphs);
}

/** `950 B`, `12 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
