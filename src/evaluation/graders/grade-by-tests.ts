import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import { MassgenError } from '../../platform/errors.ts';
import { AgentFiles } from '../../workspace/agent-files.ts';
import { createSandboxRunner } from '../../workspace/commands/sandbox-runner.ts';
import type { Check } from '../cases/case.ts';
import { codeBlocks } from './code-blocks.ts';
import type { Grade } from './grade-exactly.ts';

type TestCheck = Extract<Check, { type: 'unit-tests' }>;

/** Code that runs longer than this, in milliseconds, is wrong. */
const TIME_LIMIT_MS = 20_000;
const REASON_CHARS = 300;

const LANGUAGES = {
  javascript: {
    names: ['javascript', 'js', 'node', 'typescript', 'ts', ''],
    file: 'solution.cjs',
    touch: (name: string) => `require('node:fs').writeFileSync('${name}', '');`,
  },
  python: {
    names: ['python', 'py', 'python3', ''],
    file: 'solution.py',
    touch: (name: string) => `open('${name}', 'w').close()`,
  },
} as const;

/**
 * Runs the answer's code and then the tests, in the sandbox: without network, home or other files. Rejects with a
 * MassgenError where the sandbox does not work; code of a model never runs without it.
 */
export async function gradeByTests(check: TestCheck, answer: string, clock: Clock, path: string): Promise<Grade> {
  const { names, file, touch } = LANGUAGES[check.language];
  const known: readonly string[] = names;
  const code = codeBlocks(answer)
    .filter(({ language }) => known.includes(language))
    .map((block) => block.code);
  if (code.length === 0) return { isRight: false, reason: `The answer holds no code block in ${check.language}.` };
  const folder = await mkdtemp(join(tmpdir(), 'massgen-tests-'));
  const stop = new AbortController();
  const stopTimer = clock.after(TIME_LIMIT_MS, () => stop.abort(new Error('The tests took too long.')));
  try {
    const files = await AgentFiles.create({ runDir: folder, alias: 'tests', contexts: [] });
    const runner = createSandboxRunner({ files, path, hasNetwork: false });
    const problem = await runner.findProblem();
    if (problem !== null) throw new MassgenError('no-sandbox', `Unit tests cannot run. ${problem}`);
    // Code that leaves with success before the tests begin has passed none of them.
    const mark = `begun-${randomHex(8)}`;
    await writeFile(join(files.workspace, file), `${code.join('\n')}\n${touch(mark)}\n${check.tests}`);
    const access = { mayWriteContext: false, labels: [] };
    const interpreter = check.language === 'python' ? 'python3' : `'${process.execPath}'`;
    const request = { command: `${interpreter} ${file}`, folder: files.workspace, access, signal: stop.signal };
    const { exitCode, stderr } = await runner.run(request);
    if (exitCode === 0) {
      const hasBegun = (await readdir(files.workspace)).includes(mark);
      return hasBegun
        ? { isRight: true, reason: 'All tests passed.' }
        : { isRight: false, reason: 'The code ended before the tests began.' };
    }
    if (stop.signal.aborted)
      return { isRight: false, reason: `The tests did not end within ${TIME_LIMIT_MS / 1000} s.` };
    return { isRight: false, reason: lastError(stderr) };
  } finally {
    stopTimer();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line that names the error, without this machine's folders. */
function lastError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^\w*Error\b|^\w*Exception\b|AssertionError/.test(line.trim()));
  const line = (lines[0] ?? 'The tests failed.').trim().slice(0, REASON_CHARS);
  return line.replaceAll(/\/\S+\//g, (path) => `${basename(path)}/`);
}
