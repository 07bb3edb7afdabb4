import { copyFile, mkdir, open, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { InputFile } from '../events/event.ts';
import type { LoadedFile } from '../events/message.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { pictureTypeOf } from '../platform/media-type.ts';

/** A file that goes along with the question, before it was looked at. */
export interface WantedFile {
  /** As written; relative to where the command was started. */
  path: string;
  /** What models are told that it is called; absent is the name in `path`. */
  name?: string;
  /** Ids of the agents that get it; null for all. */
  agents: string[] | null;
  /** Largest size in bytes for pictures, sound and video. */
  maxMediaBytes: number;
  /** For the provider's file search, which reads documents of many kinds. */
  isSearched?: boolean;
}

export const MAX_MEDIA_BYTES = 64 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
const MAX_SEARCHED_BYTES = 512 * 1024 * 1024;
/** Texts become part of the prompt word for word. */
const MAX_TEXT_BYTES = 512 * 1024;
/** Of a document that only its provider can read. */
const UNKNOWN = 'application/octet-stream';
const SNIFFED_BYTES = 4096;

/** By ending, where the first bytes say nothing. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mov': 'video/quicktime',
};

/** A file that can go along. */
export interface CheckedFile {
  /** Absolute. */
  source: string;
  input: InputFile;
}

/** Rejects with a MassgenError that names the file which is missing, too large or of a kind that no model reads. */
export async function checkInputs(wanted: readonly WantedFile[], cwd: string): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const [index, file] of wanted.entries()) {
    const source = resolve(cwd, file.path);
    const { mediaType, bytes } = await examine(source, file);
    const path = `inputs/${index + 1}${/^\.[a-z0-9]{1,8}$/i.test(extname(source)) ? extname(source) : ''}`;
    const input: InputFile = {
      name: file.name ?? basename(source),
      mediaType,
      bytes,
      path,
      ...(file.agents && { agents: file.agents }),
      ...(file.isSearched && { isSearched: true }),
    };
    checked.push({ source, input });
  }
  return checked;
}

/** Copies files into a run's folder, so that the run has them for good, also when it is taken up again. */
export async function keepInputs(files: readonly CheckedFile[], runDir: string): Promise<InputFile[]> {
  if (files.length > 0) await mkdir(join(runDir, 'inputs'), { recursive: true, mode: 0o700 });
  for (const { source, input } of files) await copyFile(source, join(runDir, input.path));
  return files.map(({ input }) => input);
}

async function examine(
  source: string,
  { path, maxMediaBytes, isSearched = false }: WantedFile,
): Promise<{ mediaType: string; bytes: number }> {
  const refuse = (why: string): never => {
    throw new MassgenError('upload', `The file ${path} cannot go along with the question: ${why}.`, {
      exitCode: EXIT.config,
    });
  };
  if (/^https?:\/\//i.test(path)) return refuse('only files on this machine can; save it first');
  const stats = await stat(source).catch(() => refuse('it does not exist, or cannot be read'));
  if (!stats.isFile()) return refuse('it is no file');
  const sniffed = await sniff(source).catch(() => refuse('it cannot be read'));
  const mediaType = sniffed ?? (isSearched ? UNKNOWN : null);
  if (mediaType === null) return refuse('it is no picture, PDF, sound, video or text');
  const limit = isSearched ? MAX_SEARCHED_BYTES : limitOf(mediaType, maxMediaBytes);
  if (stats.size > limit) return refuse(`it has ${megabytes(stats.size)}, more than ${megabytes(limit)}`);
  return { mediaType, bytes: stats.size };
}

function limitOf(mediaType: string, maxMediaBytes: number): number {
  if (mediaType === 'text/plain') return MAX_TEXT_BYTES;
  return mediaType === 'application/pdf' ? MAX_DOCUMENT_BYTES : maxMediaBytes;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What the file is by its first bytes; names lie. */
async function sniff(source: string): Promise<string | null> {
  const file = await open(source, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const picture = pictureTypeOf(head);
    if (picture !== null) return picture;
    if (head.toString('latin1').startsWith('%PDF-')) return 'application/pdf';
    const media = MEDIA_TYPES[extname(source).toLowerCase()];
    if (media !== undefined) return media;
    return head.includes(0) || !isText(head) ? null : 'text/plain';
  } finally {
    await file.close();
  }
}

/** A character may be cut at the end of what was read. */
function isText(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

export function inputsOf(inputs: readonly InputFile[], agent: string): InputFile[] {
  return inputs.filter(({ agents }) => agents === undefined || agents.includes(agent));
}

/**
 * What a request holds of a file, read from the run's folder: nothing of one that is there only to be searched and too
 * large, or of no kind, for a prompt. Rejects with the system's error where the copy is gone.
 */
export async function loadInput(input: InputFile, runDir: string): Promise<LoadedFile> {
  const { name, mediaType, bytes, path } = input;
  const isTold = input.isSearched === true && (mediaType === UNKNOWN || bytes > limitOf(mediaType, MAX_MEDIA_BYTES));
  if (isTold) return { name, mediaType: UNKNOWN, base64: '' };
  return { name, mediaType, base64: (await readFile(join(runDir, path))).toString('base64') };
}

/** `@path` in a question, where it names a file; `@"a path"` may hold spaces. Everything else stays what it is. */
export async function mentionedFiles(question: string, cwd: string): Promise<WantedFile[]> {
  const found: WantedFile[] = [];
  for (const [, quoted, plain] of question.matchAll(/(?<=^|\s)@(?:"([^"\n]+)"|([^\s"]+))/g)) {
    const path = quoted ?? (plain ?? '').replace(/[,;:!?)\]]+$|\.+$/, '');
    const isFile = await stat(resolve(cwd, path)).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (isFile && !found.some((file) => file.path === path)) {
      found.push({ path, agents: null, maxMediaBytes: MAX_MEDIA_BYTES });
    }
  }
  return found;
}
