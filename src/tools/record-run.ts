import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../events/json.ts';
import { defineTool, ToolMistake } from './define-tool.ts';
import type { Tool } from './tool.ts';

export interface RecordRunOptions {
  /** The configs that the user lets agents record, as they stand in the config; no other is run. */
  configs: readonly string[];
  /** The file of this very program; null where it runs inside of another, which cannot be started again. */
  program: string | null;
  cwd: string;
  /** The whole environment of the recording, with how deep it is and whose budget it uses. */
  env: Readonly<Record<string, string | undefined>>;
}

/** What a recording may take; the team's own limits end it before. */
const TIMEOUT_MS = 3_900_000;
const KEPT_CHARS = 200_000;
const SHOWN_CHARS = 6_000;

/**
 * `run_massgen_with_recording`: asks a team of the user's a question in the app, films it, and tells what is on the
 * screen. It is a run in a run: no deeper and no dearer than the run that asks has left.
 */
export function recordRunTool({ configs, program, cwd, env }: RecordRunOptions): Tool {
  return defineTool({
    name: 'run_massgen_with_recording',
    description:
      'Ask a team of agents a question in its terminal app and record the screen. Tells what was measured of the screen (contrast, cut text, flicker), and what it shows at the end. Takes as long as the team.',
    properties: {
      config: { type: 'string', enum: [...configs], description: 'The team.' },
      question: { type: 'string', minLength: 1, description: 'What it is asked.' },
      theme: { type: 'string', enum: ['dark', 'light', 'high-contrast'], description: 'Colours; dark if left out.' },
      size: {
        type: 'string',
        enum: ['80x24', '120x40', '200x50'],
        description: 'Of the terminal; 120x40 if left out.',
      },
    },
    required: ['config', 'question'],
    annotations: { openWorld: true },
    timeoutMs: TIMEOUT_MS,
    run: async (args, { signal }) => {
      if (program === null) throw new ToolMistake('Recording works only where the massgen command itself runs.');
      const call = (words: readonly string[]): Promise<Said> => runProgram(program, words, { cwd, env, signal });
      const given = textOf(args, 'config', configs[0] ?? '');
      const look = ['--theme', textOf(args, 'theme', 'dark'), '--size', textOf(args, 'size', '120x40')];
      const record = [
        'record',
        '--json',
        '--format',
        'gif,png,txt',
        ...look,
        '--',
        given,
        textOf(args, 'question', ''),
      ];
      const { stdout, stderr } = await call(record);
      const made = parse(stdout);
      if (made === null) throw new ToolMistake(`Nothing was recorded. ${stderr.trim().slice(-1_000)}`);
      const report = await call(['eval', 'terminal', '--format', 'md', made.folder]);
      const screens = await readFile(join(made.folder, 'recording.txt'), 'utf8').catch(() => '');
      const last = (screens.split(/^──── [\d.]+ s ────$/m).at(-1) ?? '').trim().slice(0, SHOWN_CHARS);
      return `The run ended with exit code ${made.exitCode}. The film is in ${made.folder}.\n\n${report.stdout}\n\nThe last screen:\n${last}`;
    },
  });
}

interface Said {
  stdout: string;
  stderr: string;
}

/** Resolves when the program has ended, whatever its exit code; rejects when it cannot be started. */
function runProgram(
  program: string,
  words: readonly string[],
  { cwd, env, signal }: { cwd: string; env: RecordRunOptions['env']; signal: AbortSignal },
): Promise<Said> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] = (said[name] + chunk).slice(-KEPT_CHARS);
    });
  }
  // It ends its own run and removes what it made.
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<Said>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(said));
  }).finally(() => signal.removeEventListener('abort', stop));
}

function textOf(args: JsonObject, name: string, otherwise: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : otherwise;
}

function parse(line: string): { folder: string; exitCode: number } | null {
  try {
    const { folder, exitCode } = JSON.parse(line) as { folder?: unknown; exitCode?: unknown };
    return typeof folder === 'string' && typeof exitCode === 'number' ? { folder, exitCode } : null;
  } catch {
    return null;
  }
}
