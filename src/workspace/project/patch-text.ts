import { binaryRows, type ObjectFormat } from './binary-patch.ts';
import type { ChangeRecord, FileState, Hunk } from './change-record.ts';
import { isExecutable, isOtherKind } from './file-state.ts';

const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_EDITS = 4_000;
/** Of the binary files of a patch together, before and after; further ones are only named in it. */
const MAX_BINARY_BYTES = 32 * 1024 * 1024;
const NO_NEWLINE = '\\ No newline at end of file';

/**
 * Where two texts differ; nothing to compare where one of them is none. Null is a file that is not there. Texts that have
 * nothing to do with each other are one part.
 */
export async function partsOf(
  before: Buffer | null,
  after: Buffer | null,
  isUnrelated = false,
): Promise<{ parts: Hunk[]; isBinary: boolean }> {
  const [old, now] = [textOf(before), textOf(after)];
  if (old === null || now === null) return { parts: [], isBinary: before !== null || after !== null };
  if (isUnrelated) return { parts: [wholeHunk(old, now)], isBinary: false };
  if (old === now) return { parts: [], isBinary: false };
  const { structuredPatch } = await import('diff');
  const patch = structuredPatch('a', 'b', old, now, undefined, undefined, { context: 3, maxEditLength: MAX_EDITS });
  if (!patch) return { parts: [wholeHunk(old, now)], isBinary: false };
  return {
    parts: patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
      oldStart,
      oldLines,
      newStart,
      newLines,
      lines,
    })),
    isBinary: false,
  };
}

/** The old text with only some of its parts changed. Null if they do not fit. */
export async function withParts(before: Buffer, parts: readonly Hunk[]): Promise<Buffer | null> {
  const { applyPatch } = await import('diff');
  const text = applyPatch(
    before.toString('utf8'),
    { oldFileName: 'a', newFileName: 'b', oldHeader: '', newHeader: '', hunks: [...parts] },
    { fuzzFactor: 0, autoConvertLineEndings: false },
  );
  return text === false ? null : Buffer.from(text);
}

function textOf(bytes: Buffer | null): string | null {
  if (bytes === null) return '';
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}

/** For texts that have hardly anything in common. */
function wholeHunk(old: string, now: string): Hunk {
  const side = (text: string, sign: string): string[] => {
    if (text === '') return [];
    const lines = text.split('\n');
    const isEnded = lines.at(-1) === '';
    if (isEnded) lines.pop();
    return [...lines.map((line) => `${sign}${line}`), ...(isEnded ? [] : [NO_NEWLINE])];
  };
  const [minus, plus] = [side(old, '-'), side(now, '+')];
  const count = (lines: readonly string[]): number => lines.filter((line) => line !== NO_NEWLINE).length;
  return { oldStart: 1, oldLines: count(minus), newStart: 1, newLines: count(plus), lines: [...minus, ...plus] };
}

export interface PatchSource {
  /** What a file holds, of a link where it leads to. */
  bytesOf: (state: FileState) => Promise<Buffer>;
  /** Of the repository that the patch is for. */
  format: ObjectFormat;
}

/**
 * All of it as one patch, for people and editors, and for `git apply`. Binary files stand at its end, where they are in
 * nobody's way; of very large ones it says only that they differ, and git applies the others with `--exclude`.
 */
export async function patchOf(records: readonly ChangeRecord[], source: PatchSource): Promise<string> {
  const files = records.flatMap(sidesOf).toSorted((a, b) => Number(a.isBinary) - Number(b.isBinary));
  let room = MAX_BINARY_BYTES;
  let text = '';
  for (const file of files) {
    const { before, after, isBinary } = file;
    let rows = [...headRows(file), ...partRows(file)];
    if (isBinary) {
      const [old, now] = [before && (await source.bytesOf(before)), after && (await source.bytesOf(after))];
      room -= (old?.length ?? 0) + (now?.length ?? 0);
      rows = [...headRows(file), ...(room >= 0 ? await binaryRows(old, now, source.format) : namedRows(file))];
    }
    text += `${rows.join('\n')}\n`;
  }
  return text;
}

/** To git a file that becomes a link, or a link a file, is one that goes away and one that is made. */
function sidesOf(record: ChangeRecord): ChangeRecord[] {
  const { before, after, parts } = record;
  if (!isOtherKind(before, after)) return [record];
  return [
    { ...record, after: null, parts: oneSide(parts, '-') },
    { ...record, before: null, parts: oneSide(parts, '+') },
  ];
}

/** Of parts in which all that goes stands before all that comes; none of an empty side. */
function oneSide(parts: readonly Hunk[], sign: '-' | '+'): Hunk[] {
  return parts.flatMap(({ lines, oldLines, newLines }) => {
    const firstNew = lines.findIndex((line) => line.startsWith('+'));
    const at = firstNew < 0 ? lines.length : firstNew;
    const part =
      sign === '-'
        ? { oldStart: 1, oldLines, newStart: 1, newLines: 0, lines: lines.slice(0, at) }
        : { oldStart: 1, oldLines: 0, newStart: 1, newLines, lines: lines.slice(at) };
    return part.lines.length > 0 ? [part] : [];
  });
}

function headRows({ path, before, after }: ChangeRecord): string[] {
  return [`diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}`, ...modeRows(before, after)];
}

function namedRows({ path, before, after }: ChangeRecord): string[] {
  const [old, now] = [before ? quoted(`a/${path}`) : '/dev/null', after ? quoted(`b/${path}`) : '/dev/null'];
  return [`Binary files ${old} and ${now} differ`];
}

function partRows({ path, before, after, parts }: ChangeRecord): string[] {
  if (parts.length === 0) return [];
  // Where a name ends is told by a tab behind it, if it has spaces.
  const end = path.includes(' ') ? '\t' : '';
  const side = (state: FileState | null, name: string): string => (state ? `${quoted(name)}${end}` : '/dev/null');
  const rows = [`--- ${side(before, `a/${path}`)}`, `+++ ${side(after, `b/${path}`)}`];
  for (const part of parts) {
    const oldStart = part.oldLines === 0 ? part.oldStart - 1 : part.oldStart;
    const newStart = part.newLines === 0 ? part.newStart - 1 : part.newStart;
    rows.push(
      `@@ -${Math.max(0, oldStart)},${part.oldLines} +${Math.max(0, newStart)},${part.newLines} @@`,
      ...part.lines,
    );
  }
  return rows;
}

/** As git writes it; control characters are in no name here. */
function quoted(name: string): string {
  return /["\\]/.test(name) ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : name;
}

function modeRows(before: FileState | null, after: FileState | null): string[] {
  if (before === null) return after ? [`new file mode ${modeOf(after)}`] : [];
  if (after === null) return [`deleted file mode ${modeOf(before)}`];
  return modeOf(before) === modeOf(after) ? [] : [`old mode ${modeOf(before)}`, `new mode ${modeOf(after)}`];
}

function modeOf(state: FileState): string {
  if (state.kind === 'link') return '120000';
  return isExecutable(state) ? '100755' : '100644';
}
