import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProjectNeeds } from '../../src/config/project-needs.ts';
import type { TeamSpec } from '../../src/config/team.ts';
import type { ToolNeeds } from '../../src/config/tool-needs.ts';
import { launchTeam } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { DEFAULT_SETTINGS, type ApplyMode } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { fill, gitIn, pictureOf, repository } from '../workspace/project/git-project.ts';
import { scriptedAgent, type Turn } from './scripted-agent.ts';
import { ofType } from './scripted-run.ts';

const NEEDS: ProjectNeeds = {
  mode: 'auto',
  drift: 'skip',
  baseBranch: null,
  includesUncommitted: true,
  copyFiles: [],
  setupScript: null,
};
const TOOLS: ToolNeeds = {
  hasWorkspace: true,
  asksForReading: false,
  contextPaths: [],
  mcpServers: [],
  commands: { mode: 'sandbox', allowed: [], blocked: [], network: false },
};

const tool = (name: string, args: Turn): Turn => ({ tool_calls: [{ name, args }] });
const write = (path: string, content: string): Turn => tool('write_file', { path, content });

interface Options {
  apply: ApplyMode;
  needs?: Partial<ProjectNeeds>;
  tools?: Partial<ToolNeeds>;
  isAttended?: boolean;
  onEvent?: (event: RunEvent, handle: RunHandle) => void;
  present?: boolean;
}

async function runOn(
  root: string,
  scripts: Record<string, Turn[]>,
  { apply, needs, tools, isAttended = false, onEvent, present = false }: Options,
): Promise<{ events: RunEvent[]; dir: string; home: string }> {
  const home = await temporaryFolder();
  const team: TeamSpec = {
    name: 'team',
    agents: Object.entries(scripts).map(([id, turns]) => ({
      ...scriptedAgent(id, turns),
      tools: { ...TOOLS, ...tools },
    })),
    settings: { ...DEFAULT_SETTINGS, applyChanges: apply, finalAnswer: present ? 'present' : 'reuse' },
    copies: { ...NEEDS, ...needs },
    unsupported: [],
  };
  const { handle } = await launchTeam(
    {
      team,
      seed: 1,
      speed: Infinity,
      runsDir: join(root, '.massgen', 'runs'),
      variables: { PATH: process.env['PATH'] },
      version: '0.0.0',
      home,
      cwd: root,
      isAttended,
    },
    'Fix it.',
  );
  const events: RunEvent[] = [];
  handle.subscribe((event) => {
    events.push(event);
    onEvent?.(event, handle);
  });
  await handle.ended;
  return { events, dir: handle.dir, home };
}

const withoutRuns = async (root: string): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(await pictureOf(root)).filter(([path]) => !path.startsWith('.massgen')));

test('every agent works in a worktree of its own; the winner’s changes are written, and nothing else of the user’s', async () => {
  const root = await repository({ 'sum.js': 'exports.sum = (a, b) => a - b;\n', 'README.md': 'x\n' });
  await fill(root, { 'README.md': 'not committed\n' });
  const before = await withoutRuns(root);
  const { events, dir, home } = await runOn(
    root,
    {
      good: [
        { when: 'draft', ...write('sum.js', 'exports.sum = (a, b) => a + b;\n') },
        {
          when: 'draft',
          ...tool('run_command', { command: 'git log --format=%s; git status --porcelain; cat README.md' }),
        },
        { when: 'draft', answer: 'Fixed.' },
        { when: 'judge', ...write('sum.js', 'spoilt while judging') },
        { when: 'judge', vote: 'self' },
      ],
      bad: [
        { when: 'draft', ...write('sum.js', 'bad\n') },
        { when: 'draft', answer: 'Something.' },
        { when: 'judge', vote: 'other' },
      ],
    },
    { apply: 'auto' },
  );
  expect(ofType(events, 'run.finished')[0]?.data.outcome).toBe('answered');
  expect(ofType(events, 'tool.finished').find(({ data }) => data.name === 'run_command')?.data.output).toBe(
    'Exit code 0.\nOutput:\nWhat every copy begins with\nfirst\n M sum.js\nnot committed',
  );
  const after = await withoutRuns(root);
  expect(after).toEqual({ ...before, 'sum.js': 'file 644 exports.sum = (a, b) => a + b;\n' });
  expect(ofType(events, 'changes.applied')[0]?.data.paths).toEqual(['sum.js']);
  expect([await readdir(join(home, '.massgen', 'worktrees')), existsSync(join(dir, 'project'))]).toEqual([[], false]);
  expect(gitIn(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('where nobody is there nothing is written, and the changes are kept', async () => {
  const root = await repository({ 'a.txt': 'a\n' });
  const before = await withoutRuns(root);
  const { events, dir } = await runOn(root, { solo: [write('a.txt', 'b\n'), { text: 'Done.' }] }, { apply: 'ask' });
  const [proposed] = ofType(events, 'changes.proposed');
  expect(proposed?.data).toEqual({
    label: 'agent1.1',
    base: root,
    files: [{ path: 'a.txt', change: 'modified', added: 1, removed: 1, isBinary: false }],
    patch: 'changes/agent1.1/changes.patch',
  });
  expect(await readFile(join(dir, 'changes/agent1.1/changes.patch'), 'utf8')).toContain('-a\n+b\n');
  expect(ofType(events, 'changes.decided')[0]?.data).toMatchObject({ paths: [], by: 'policy' });
  expect(ofType(events, 'changes.applied')).toEqual([]);
  expect(await withoutRuns(root)).toEqual(before);
});

test('the run waits for the user, writes what was accepted, and tells what the user has changed meanwhile', async () => {
  const root = await repository({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
  const turns = [write('a.txt', 'A\n'), write('b.txt', 'B\n'), write('c.txt', 'C\n'), { text: 'Done.' }];
  const { events } = await runOn(
    root,
    { solo: turns },
    {
      apply: 'ask',
      isAttended: true,
      onEvent: (event, handle) => {
        if (event.type !== 'changes.proposed') return;
        void fill(root, { 'b.txt': 'mine\n' }).then(() =>
          handle.send({ type: 'review', paths: ['a.txt', 'b.txt'], comment: '' }),
        );
      },
    },
  );
  expect(ofType(events, 'changes.applied')[0]?.data).toEqual({
    label: 'agent1.1',
    paths: ['a.txt'],
    backup: 'changes/agent1.1/written-1.json',
    conflicts: [{ path: 'b.txt', reason: 'it has changed since the agents got their copies' }],
  });
  const contents = await Promise.all(['a.txt', 'b.txt', 'c.txt'].map((name) => readFile(join(root, name), 'utf8')));
  expect(contents).toEqual(['A\n', 'mine\n', 'c\n']);
});

test('changes that are sent back are worked on again with the comment, and what is proposed then is written', async () => {
  const root = await repository({ 'a.txt': 'a\n' });
  let proposals = 0;
  const { events } = await runOn(
    root,
    { solo: [write('a.txt', 'long\n'), { text: 'Done.' }, write('a.txt', 'short\n'), { text: 'Shorter.' }] },
    {
      apply: 'ask',
      isAttended: true,
      onEvent: (event, handle) => {
        if (event.type !== 'changes.proposed') return;
        proposals += 1;
        if (proposals === 1) handle.send({ type: 'send-back', comment: 'Make it short.' });
        else handle.send({ type: 'review', paths: ['a.txt'], comment: '' });
      },
    },
  );
  expect(ofType(events, 'answer.presented').map(({ data }) => data.text)).toEqual(['Done.', 'Shorter.']);
  expect(ofType(events, 'changes.applied').map(({ data }) => data.paths)).toEqual([['a.txt']]);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('short\n');
});

test('what the presenter does to its copy is what is proposed; a set-up script has made the copy ready', async () => {
  const root = await repository({ 'a.txt': 'a\n', '.gitignore': 'made.txt\n' });
  const { events } = await runOn(
    root,
    {
      one: [
        { when: 'draft', ...write('a.txt', 'draft\n') },
        { when: 'draft', answer: 'One.' },
        { when: 'judge', vote: 'self' },
        { when: 'present', ...tool('run_command', { command: 'cat made.txt >> a.txt' }) },
        { when: 'present', text: 'Final.' },
      ],
      two: [
        { when: 'draft', answer: 'Two.' },
        { when: 'judge', vote: 'other' },
      ],
    },
    { apply: 'auto', present: true, needs: { setupScript: 'echo ready > made.txt' } },
  );
  expect(ofType(events, 'tools.prepared').flatMap(({ data }) => data.problems)).toEqual([]);
  expect(ofType(events, 'answer.presented')[0]?.data.source).toBe('presenter');
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('draft\nready\n');
});

test('the user’s own folder is out of the agents’ reach, and other places are read-only', async () => {
  const root = await repository({ 'a.txt': 'a\n' });
  const other = await temporaryFolder();
  await fill(other, { 'o.txt': 'o' });
  const contextPaths = [root, other].map((path) => ({ path, permission: 'write' as const, protectedPaths: [] }));
  const { events } = await runOn(
    root,
    {
      solo: [
        tool('read_file', { path: join(root, 'a.txt') }),
        write(join(root, 'a.txt'), 'evil'),
        write(join(other, 'o.txt'), 'evil'),
        tool('run_command', { command: `echo evil > ${root}/a.txt; echo evil > ${other}/o.txt; ls ${root}` }),
        { text: 'Done.' },
      ],
    },
    { apply: 'auto', tools: { contextPaths } },
  );
  expect(ofType(events, 'tool.finished').map(({ data }) => [data.name, data.isError])).toEqual([
    ['read_file', true],
    ['write_file', true],
    ['write_file', true],
    ['run_command', false],
  ]);
  expect([await readFile(join(root, 'a.txt'), 'utf8'), await readFile(join(other, 'o.txt'), 'utf8')]).toEqual([
    'a\n',
    'o',
  ]);
});
