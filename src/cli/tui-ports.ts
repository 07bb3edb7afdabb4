import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import { massgenHome } from '../platform/paths.ts';
import type { TuiPorts } from '../tui/ports.ts';
import { rememberTheme } from './remembered-theme.ts';
import { listPastRuns, openPastRun } from './past-runs.ts';

/** Questions that are offered again. */
const HISTORY_LENGTH = 500;
/** A file of questions that grows beyond this is cut to those that are offered. */
const MOST_HISTORY_BYTES = 1_000_000;
const MOST_PATHS = 50;

/**
 * The clipboard, the files and the editor of this computer, for the app. What they need is loaded when they are used: the
 * first picture waits for this module.
 */
export function createTuiPorts(environment: Environment, clock: Clock): TuiPorts {
  const { cwd, home, variables } = environment;
  const historyFile = join(massgenHome(environment), 'history');
  const inHome = (path: string): string => resolve(cwd, path.replace(/^~(?=\/|$)/, home));
  return {
    copy: async (text) => {
      const { clipboardPrograms, copyWithProgram } = await import('../platform/clipboard.ts');
      return copyWithProgram(text, clipboardPrograms(environment));
    },
    save: (path, text) => saveNew(inHome(path), text),
    loadHistory: () => loadHistory(historyFile),
    keepQuestion: (question) => keepQuestion(historyFile, question),
    keepTheme: (name) => rememberTheme(environment, name),
    completePath: (prefix) => completePath(prefix, inHome),
    listRuns: () => listPastRuns(cwd),
    openRun: (id, onPart) => openPastRun(cwd, id, clock, onPart),
    rate: async (dir, rating) => (await import('../sessions/rate-answer.ts')).rateAnswer(dir, rating, clock),
    writeChanges: async (dir, paths, hunks) => {
      const { applyRunChanges } = await import('../sessions/run-changes.ts');
      const { conflicts, ...done } = await applyRunChanges(dir, paths, 'skip', clock, hunks);
      return { ...done, left: conflicts };
    },
    undoChanges: async (dir) => {
      const { undoRunChanges } = await import('../sessions/run-changes.ts');
      const { conflicts, ...done } = await undoRunChanges(dir, clock);
      return { ...done, left: conflicts };
    },
    files: {
      list: async (...args) => (await import('../workspace/snapshot-files.ts')).listSnapshot(...args),
      read: async (...args) => (await import('../workspace/snapshot-files.ts')).readSnapshotFile(...args),
      readOfRun: async (...args) => (await import('../workspace/snapshot-files.ts')).readRunFile(...args),
    },
    editText: (text) => editText(text, variables['VISUAL'] || variables['EDITOR'] || 'vi'),
    openText: (text) => openText(text, variables['PAGER'] || variables['VISUAL'] || variables['EDITOR'] || 'less'),
  };
}

async function saveNew(path: string, text: string): Promise<string> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return path;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') throw new MassgenError('file-exists', `${path} exists already: choose another name.`);
    throw new MassgenError('cannot-save', `${path} could not be written (${code}): check the folder.`);
  }
}

async function loadHistory(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .flatMap((line): string[] => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'string' ? [value] : [];
      } catch {
        return [];
      }
    })
    .slice(-HISTORY_LENGTH);
}

/** One question per line, as JSON. The history is a comfort: what cannot be written is not remembered. */
async function keepQuestion(file: string, question: string): Promise<void> {
  try {
    const known = await loadHistory(file);
    if (known.at(-1) === question) return;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > MOST_HISTORY_BYTES) {
      // What is not offered any more is not kept either.
      const text = [...known, question].map((each) => `${JSON.stringify(each)}\n`).join('');
      return await writeFileAtomic(file, text);
    }
    await appendFile(file, `${JSON.stringify(question)}\n`, { mode: 0o600 });
  } catch {
    // The question itself is in the log of its run.
  }
}

async function completePath(prefix: string, inHome: (path: string) => string): Promise<string[]> {
  const cut = prefix.lastIndexOf('/') + 1;
  const [folder, begin] = [prefix.slice(0, cut), prefix.slice(cut)];
  const entries = await readdir(inHome(folder === '' ? '.' : folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => name.startsWith(begin) && (begin.startsWith('.') || !name.startsWith('.')))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .toSorted()
    .slice(0, MOST_PATHS);
}

/** In the end the file is gone: what is to be kept can be saved. */
async function openText(text: string, program: string): Promise<void> {
  await withTextFile('text.md', text, (file) => runOn(program, file, 'PAGER'));
}

async function editText(text: string, editor: string): Promise<string> {
  return withTextFile('question.md', text, async (file) => {
    await runOn(editor, file, 'EDITOR');
    return (await readFile(file, 'utf8')).trimEnd();
  });
}

async function withTextFile<T>(name: string, text: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-'));
  const file = join(folder, name);
  try {
    await writeFile(file, text, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program of the user on a file; it has the terminal. `variable` is what names it. */
async function runOn(command: string, file: string, variable: 'PAGER' | 'EDITOR'): Promise<void> {
  const { spawn } = await import('node:child_process');
  // An editor may come with arguments: `code --wait`.
  const [program = 'vi', ...args] = command.trim().split(/\s+/);
  const what = variable === 'PAGER' ? 'pager' : 'editor';
  return new Promise<void>((done, fail) => {
    const child = spawn(program, [...args, file], { stdio: 'inherit' });
    child.on('error', (error) =>
      fail(
        new MassgenError(
          'no-editor',
          `The ${what} ${program} could not be started (${errorCode(error)}): set $${variable}.`,
        ),
      ),
    );
    child.on('exit', (code) => {
      if (code === 0) return done();
      fail(new MassgenError('editor-failed', `The ${what} ${program} ended with code ${code}: the text is as it was.`));
    });
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
