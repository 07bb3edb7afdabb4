import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { PROJECT, REPAIR_SEED, REPAIR_TEAM } from '../screens/repair-team.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { fill, gitIn, pictureOf, repository } from '../workspace/project/git-project.ts';
import { runCommandLine, type Ended } from './command-process.ts';

interface Place {
  root: string;
  home: string;
  massgen: (...args: string[]) => Promise<Ended>;
  picture: () => Promise<Record<string, string>>;
}

async function place(): Promise<Place> {
  const [root, home] = [await repository(PROJECT), await temporaryFolder()];
  await writeFile(join(home, 'team.yaml'), REPAIR_TEAM);
  return {
    root,
    home,
    massgen: (...args) => runCommandLine(args, { cwd: root, env: { HOME: home } }),
    picture: async () =>
      Object.fromEntries(Object.entries(await pictureOf(root)).filter(([path]) => !path.startsWith('.massgen'))),
  };
}

it('what a run without a user has changed is written later, in part and as a whole, and brought back', async () => {
  const { root, home, massgen, picture } = await place();
  const before = await picture();
  const ran = await massgen(
    '--config',
    join(home, 'team.yaml'),
    '--seed',
    REPAIR_SEED,
    '--no-display',
    'Mend the sum.',
  );
  expect([ran.code, ran.stderr.includes('would change in')]).toEqual([0, true]);
  expect(await picture()).toEqual(before);
  expect(await readdir(join(home, '.massgen', 'worktrees'))).toEqual([]);

  expect(await massgen('apply', 'latest', 'docs')).toEqual({
    code: 0,
    stdout: 'docs/sum.md\n',
    stderr: `1 written in ${root}.\n`,
  });
  expect(await massgen('apply', 'latest', 'nowhere.txt')).toMatchObject({ code: 1, stdout: '' });
  expect((await massgen('apply')).stdout).toBe('docs/sum.md\nnotes.txt\nsum.js\n');
  const applied = { 'docs/sum.md': 'file 644 It adds.', 'sum.js': 'file 644 export const sum = (a, b) => a + b;\n' };
  const { 'notes.txt': _, ...rest } = before;
  expect(await picture()).toEqual({ ...rest, docs: 'folder 755', ...applied });
  expect(gitIn(root, 'status', '--porcelain')).toBe(' D notes.txt\n M sum.js\n?? docs/\n');

  expect((await massgen('undo')).stdout).toBe('docs/sum.md\nnotes.txt\nsum.js\n');
  expect(await picture()).toEqual(before);
  expect(await massgen('undo')).toMatchObject({ code: 1, stdout: '' });
  const [run = ''] = await readdir(join(root, '.massgen', 'runs'));
  const types = (await readAll(join(root, '.massgen', 'runs', run))).map(({ type }) => type);
  expect(types.slice(types.indexOf('run.finished'))).toEqual([
    'run.finished',
    'changes.applied',
    'changes.applied',
    'changes.undone',
  ]);
}, 60_000);

it('--apply auto writes them at once; what the user has changed meanwhile stays', async () => {
  const { root, home, massgen } = await place();
  const ran = await massgen(
    '--config',
    join(home, 'team.yaml'),
    '--seed',
    REPAIR_SEED,
    '--no-display',
    '--apply',
    'auto',
    'Mend the sum.',
  );
  expect(ran.code).toBe(0);
  expect(await readFile(join(root, 'sum.js'), 'utf8')).toBe('export const sum = (a, b) => a + b;\n');
  await fill(root, { 'sum.js': 'my own\n' });
  expect(await massgen('undo')).toEqual({
    code: 2,
    stdout: 'docs/sum.md\nnotes.txt\n',
    stderr: `2 brought back in ${root}.\nsum.js was left as it is: it has changed since it was written.\n`,
  });
  expect(await readFile(join(root, 'sum.js'), 'utf8')).toBe('my own\n');
}, 60_000);

const LINES = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
const CHANGED = LINES.with(1, 'second').with(27, 'twenty-eighth');
const PARTS_TEAM = `agents:
  - id: editor
    backend:
      type: scripted
      script:
        turns:
          - { when: solo, tool_calls: [{ name: read_file, args: { path: list.txt } }] }
          - { when: solo, tool_calls: [{ name: write_file, args: { path: list.txt, content: "${CHANGED.join('\\n')}\\n" } }] }
          - { when: solo, text: "Two lines are better now." }
orchestrator:
  final_answer: reuse
  coordination: { write_mode: auto }
`;

it('takes single parts of a file, by the numbers that --show tells', async () => {
  const { root, home, massgen } = await place();
  await fill(root, { 'list.txt': `${LINES.join('\n')}\n` });
  await writeFile(join(home, 'team.yaml'), PARTS_TEAM);
  expect(await massgen('--config', join(home, 'team.yaml'), '--no-display', 'Mend the list.')).toMatchObject({
    code: 0,
  });
  const shown = await massgen('apply', '--show');
  expect(shown.stdout.split('\n').filter((line) => /list|part|[+]/.test(line))).toEqual([
    'list.txt  modified, +2 -2',
    '  part 1 of 2',
    '    +second',
    '  part 2 of 2',
    '    +twenty-eighth',
  ]);
  const read = (): Promise<string> => readFile(join(root, 'list.txt'), 'utf8');
  expect(await read()).toBe(`${LINES.join('\n')}\n`);
  expect(await massgen('apply', '--parts', 'list.txt:3')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no part 3 of "list.txt": the run changes 2 parts of it.'),
  });
  expect(await massgen('apply', '--parts', 'list.txt')).toMatchObject({ code: 1, stdout: '' });
  expect((await massgen('apply', '--parts', './list.txt:2')).stdout).toBe('list.txt\n');
  expect(await read()).toBe(`${LINES.with(27, 'twenty-eighth').join('\n')}\n`);
}, 60_000);
