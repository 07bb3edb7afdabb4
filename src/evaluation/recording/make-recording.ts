import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CAST_VARIABLE } from '../../platform/cast-output.ts';
import type { Clock } from '../../platform/clock.ts';
import { EXIT, MassgenError } from '../../platform/errors.ts';
import { parseCast } from './cast.ts';
import { evenlySpaced } from './pick-frames.ts';
import { playTape } from './play-tape.ts';
import { CAST_FILE, MANIFEST_FILE, TAPE_FILE, TEXT_FILE, type Manifest } from './recording.ts';
import { replayCast } from './replay-cast.ts';
import {
  buildTape,
  FRAMES_PER_SECOND,
  isTyped,
  QUESTION_FILE,
  TYPING_MS,
  typedCommand,
  type TapeRequest,
} from './tape.ts';
import { shellWord } from './tape-text.ts';
import { Transcript } from './transcript.ts';

export interface RecordRequest extends TapeRequest {
  theme: string;
  /** Where the command was started, and is started again by the tape. */
  cwd: string;
  /** Program and arguments that start this very program. */
  command: readonly string[];
  /** Arguments that the viewer does not see. */
  hiddenArgs: readonly string[];
  variables: Readonly<Record<string, string>>;
  isRoot: boolean;
  clock: Clock;
  signal: AbortSignal;
}

/** What was recorded, in a temporary folder that the caller moves or removes. */
export interface Recorded {
  folder: string;
  /** Without the run, which the caller knows. */
  manifest: Omit<Manifest, 'run'>;
  /** The exit code of the recorded command; null when it never ended. */
  exitCode: number | null;
}

const MOST_FRAMES = 8;

/** Records a question with VHS. Rejects with a MassgenError when VHS fails, and with the signal's reason; nothing stays then. */
export async function makeRecording(request: RecordRequest): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-record-'));
  try {
    return await recordIn(folder, request);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Moves a recording to where it stays, and writes down which run it is of. Rejects with the system's error. */
export async function keepRecording({ folder, manifest }: Recorded, target: string, run: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  // Across file systems, nothing can be renamed.
  await rename(folder, target).catch(async () => {
    await cp(folder, target, { recursive: true });
    await rm(folder, { recursive: true, force: true });
  });
  const complete: Manifest = { ...manifest, run };
  await writeFile(join(target, MANIFEST_FILE), `${JSON.stringify(complete, null, 2)}\n`);
}

async function recordIn(folder: string, request: RecordRequest): Promise<Recorded> {
  const { clock, signal, formats, variables } = request;
  const hidden = join(folder, 'hidden');
  const endFile = join(hidden, 'ended');
  await mkdir(hidden);
  await writeFile(join(folder, TAPE_FILE), buildTape(request));
  if (!isTyped(request.question)) await writeFile(join(folder, QUESTION_FILE), request.question);
  await writeLauncher(join(hidden, 'massgen'), endFile, request);
  const env = {
    ...variables,
    PATH: `${hidden}${delimiter}${variables['PATH'] ?? ''}`,
    [CAST_VARIABLE]: join(folder, CAST_FILE),
    // A run in a terminal that somebody watches.
    CI: '',
    NO_COLOR: '',
    COLORTERM: 'truecolor',
    ...(request.isRoot && { VHS_NO_SANDBOX: 'true' }),
  };
  const { exitCode: vhsCode, said } = await playTape({ folder, tape: TAPE_FILE, env, endFile, clock, signal });
  signal.throwIfAborted();
  const exitCode = await readFile(endFile, 'utf8').then(Number, () => null);
  const cast = parseCast(await readFile(join(folder, CAST_FILE), 'utf8').catch(() => ''));
  if (vhsCode !== 0 || !cast) {
    const why = cast === null ? 'massgen did not open its app in it' : `it ended with ${vhsCode ?? 'a signal'}`;
    const words = lastWords(said);
    throw new MassgenError('vhs-failed', `VHS could not record: ${why}. ${words}`.trimEnd(), {
      exitCode: exitCode === EXIT.config ? EXIT.config : EXIT.execution,
    });
  }
  const transcript = new Transcript();
  let firstAt = 0;
  await replayCast(cast, request.isLight, (screen) => {
    firstAt ||= screen.at;
    transcript.add(screen);
  });
  const frames = await pickPictures(folder, typedCommand(request).length * TYPING_MS + firstAt);
  if (formats.includes('txt')) await writeFile(join(folder, TEXT_FILE), transcript.toString());
  await rm(hidden, { recursive: true, force: true });
  const films = formats.filter((format) => format !== 'png' && format !== 'txt');
  const manifest = {
    v: 1 as const,
    question: request.question,
    size: request.size,
    theme: request.theme,
    isLight: request.isLight,
    films: films.map((format) => `recording.${format}`),
    frames,
  };
  return { folder, manifest, exitCode };
}

/** The `massgen` of the tape: this very program, where the user is, told to keep what it writes. */
async function writeLauncher(
  path: string,
  endFile: string,
  { command, hiddenArgs, cwd }: RecordRequest,
): Promise<void> {
  const words = [...command, ...hiddenArgs].map(shellWord).join(' ');
  const lines = [
    '#!/bin/bash',
    `cd ${shellWord(cwd)} || exit 1`,
    `${words} "$@"`,
    'code=$?',
    `echo "$code" > ${shellWord(endFile)}`,
    'exit "$code"',
    '',
  ];
  await writeFile(path, lines.join('\n'));
  await chmod(path, 0o755);
}

/** Keeps some pictures of the app, as `frames/01.png` and so on, and throws the others away. */
async function pickPictures(folder: string, appAtMs: number): Promise<string[]> {
  const source = join(folder, 'frames');
  const names = (await readdir(source).catch(() => []))
    .filter((name) => name.startsWith('frame-text-'))
    .toSorted((a, b) => a.localeCompare(b));
  // Before, the command is typed.
  const skipped = Math.ceil((appAtMs * FRAMES_PER_SECOND) / 1000) + 2;
  const app = names.slice(Math.min(skipped, names.length - 1));
  const target = join(folder, 'kept');
  await mkdir(target);
  const kept: string[] = [];
  let before: Buffer | null = null;
  for (const index of evenlySpaced(app.length, MOST_FRAMES)) {
    const name = app[index] ?? '';
    const picture = await readFile(join(source, name));
    if (before?.equals(picture)) continue;
    before = picture;
    const file = `${String(kept.length + 1).padStart(2, '0')}.png`;
    await copyFile(join(source, name), join(target, file));
    kept.push(`frames/${file}`);
  }
  await rm(source, { recursive: true, force: true });
  await rename(target, source);
  return kept;
}

/** The end of what VHS said that tells something: not the commands that it repeats. */
function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => /fail|error|timeout|could not|cannot|missing|invalid/i.test(line));
  return lines.slice(-3).join(' ').slice(0, 500);
}
