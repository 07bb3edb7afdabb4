import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine } from '../cli/command-process.ts';
import { ofType } from '../engine/scripted-run.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { pictureOf, repository } from '../workspace/project/git-project.ts';
import { openScreen } from './pty-screen.ts';
import { MASSGEN, PROJECT, REPAIR_SEED, REPAIR_TEAM } from './repair-team.ts';

it('a team mends a project in worktrees; its changes are reviewed in the app, written, and brought back', async () => {
  const [root, home] = [await repository(PROJECT), await temporaryFolder()];
  await writeFile(join(home, 'team.yaml'), REPAIR_TEAM);
  // Runs come and go in there meanwhile.
  const picture = (): Promise<Record<string, string>> => pictureOf(root, '', '.massgen');
  const before = await picture();
  const screen = openScreen([MASSGEN, '--config', join(home, 'team.yaml'), '--seed', REPAIR_SEED, 'Mend the sum.'], {
    cols: 120,
    rows: 40,
    cwd: root,
    env: { HOME: home, CI: '' },
  });
  onTestFinished(() => screen.kill('SIGKILL'));
  const shows = async (...texts: string[]): Promise<void> => {
    for (let i = 0; i < 800; i++) {
      await screen.settle();
      const text = screen.text().join('\n');
      if (texts.every((each) => text.includes(each))) return;
      await sleep(25);
    }
    throw new Error(`it did not happen:\n${screen.text().join('\n')}`);
  };

  await shows('3, for you');
  screen.write('W');
  await shows('3 files of', 'docs/sum.md', 'notes.txt', 'sum.js');
  screen.write('jx');
  await shows(', left out');
  screen.write('\r');
  await shows('comment');
  screen.write('\r');
  await shows('writte');
  expect(Object.keys(await picture()).filter((path) => !path.startsWith('.git/'))).toEqual([
    '.git',
    '.gitignore',
    'docs',
    'docs/sum.md',
    'notes.txt',
    'package.json',
    'sum.js',
    'sum.test.js',
  ]);
  expect(await readFile(join(root, 'sum.js'), 'utf8')).toBe('export const sum = (a, b) => a + b;\n');
  // In the app, too: asked for twice, brought back, and written after all.
  await shows('u undo');
  screen.write('u');
  await shows('again brings back');
  screen.write('u');
  await shows('2 files brought back');
  expect(await picture()).toEqual(before);
  screen.write('\r');
  await shows('again writes 2 files');
  screen.write('\r');
  await shows('2 files written to your folder');
  screen.write('q');
  await screen.exited;

  const [run = ''] = await readdir(join(root, '.massgen', 'runs'));
  const events = await readAll(join(root, '.massgen', 'runs', run));
  const mender = ofType(events, 'run.started')[0]?.data.agents.find(({ id }) => id === 'mender')?.alias;
  const tests = ofType(events, 'tool.finished').filter(
    ({ data, agent }) => data.name === 'run_command' && agent === mender,
  );
  // The config names no place for commands, so they ran in the sandbox, whose machine has this name.
  expect(tests.map(({ data }) => data.output.split('\n').slice(0, 3))).toEqual([
    ['Exit code 1.', 'Output:', 'sandbox'],
    ['Exit code 0.', 'Output:', 'sandbox'],
  ]);
  // All three worked in worktrees, with nothing missing, and voted.
  expect(ofType(events, 'tools.prepared').map(({ data }) => data.problems)).toEqual([[], [], []]);
  const told = ofType(events, 'context.added').flatMap(({ data }) => data.messages.map(({ text }) => text));
  expect(told.filter((text) => text.includes('It is a git worktree'))).toHaveLength(3);
  expect(ofType(events, 'ballot.cast').map(({ data }) => data.choice)).toEqual(Array(3).fill(`${mender}.1`));
  const undone = await runCommandLine(['undo'], { cwd: root, env: { HOME: home } });
  expect(undone).toMatchObject({ code: 0, stdout: 'docs/sum.md\nsum.js\n' });
  expect(await picture()).toEqual(before);
}, 90_000);
