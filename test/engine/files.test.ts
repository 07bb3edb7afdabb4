import { mkdir, mkdtemp, readFile, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ToolNeeds } from '../../src/config/tool-needs.ts';
import { startRun } from '../../src/engine/start-run.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { scriptedAgent, type Turn } from './scripted-agent.ts';
import { ofType, START } from './scripted-run.ts';

const NEEDS: ToolNeeds = { hasWorkspace: true, asksForReading: true, contextPaths: [], mcpServers: [], commands: null };

const tool = (name: string, args: Turn): Turn => ({ tool_calls: [{ name, args }] });
const write = (path: string, content: string): Turn => tool('write_file', { path, content });

/** Runs a team of scripted agents with real file tools. Resolves with its events and its folder, which stays. */
async function runWithFiles(
  scripts: Record<string, Turn[]>,
  options: { needs?: Partial<ToolNeeds>; finalAnswer?: 'present' | 'reuse'; maxRestarts?: number } = {},
): Promise<{ events: RunEvent[]; dir: string }> {
  const runsDir = await realpath(await mkdtemp(join(tmpdir(), 'massgen-team-')));
  onTestFinished(() => rm(runsDir, { recursive: true, force: true }));
  const real = createRealClock();
  const clock = createPacedClock({ startAt: START, speed: Infinity, real });
  const log = await createRunLog({ runsDir, clock, redact: createRedactor({ secrets: [] }), createId: () => 'run-1' });
  const handle = startRun({
    question: 'Write it.',
    team: 'scripted',
    agents: Object.entries(scripts).map(([id, turns]) => scriptedAgent(id, turns)),
    settings: {
      ...DEFAULT_SETTINGS,
      finalAnswer: options.finalAnswer ?? 'reuse',
      maxRestarts: options.maxRestarts ?? 0,
    },
    seed: 1,
    version: '0.0.0',
    clock,
    log,
    createProvider: (agent) => createScriptedProvider(agent.backend, { clock }),
    toolsOf: (_, alias) =>
      createToolHost({
        needs: { ...NEEDS, ...options.needs },
        alias,
        runDir: log.dir,
        cwd: runsDir,
        clock: real,
        version: '0.0.0',
        extraTools: [],
      }),
  });
  const events: RunEvent[] = [];
  handle.subscribe((event) => events.push(event));
  await handle.ended;
  return { events, dir: log.dir };
}

const aliasOf = (events: readonly RunEvent[], id: string): string => {
  const [start] = ofType(events, 'run.started');
  return start?.data.agents.find((agent) => agent.id === id)?.alias ?? '';
};

const outputs = (events: readonly RunEvent[], alias: string): string[] =>
  ofType(events, 'tool.finished').flatMap(({ agent, data }) => (agent === alias ? [data.output] : []));

test('scratch files that are written while voting do not alter the shared snapshot', async () => {
  const { events, dir } = await runWithFiles({
    solver: [
      { when: 'draft', ...write('answer.txt', 'good') },
      { when: 'draft', answer: 'It is in answer.txt.' },
      { when: 'judge', ...write('scratch.txt', 'scratch') },
      { when: 'judge', ...write('answer.txt', 'spoilt') },
      { when: 'judge', vote: 'self' },
    ],
    critic: [
      { when: 'draft', answer: 'I do not know.' },
      { when: 'judge', vote: 'other' },
    ],
  });
  const solver = aliasOf(events, 'solver');
  const folder = join(dir, 'snapshots', `${solver}.1`);
  expect(await readdir(folder)).toEqual(['answer.txt']);
  expect(await readFile(join(folder, 'answer.txt'), 'utf8')).toBe('good');
  expect(await readFile(join(dir, 'workspaces', solver, 'answer.txt'), 'utf8')).toBe('spoilt');
  expect(ofType(events, 'winner.chosen')[0]?.data.label).toBe(`${solver}.1`);
});

test('the files of an answer are kept before the answer is told', async () => {
  const { events } = await runWithFiles({
    solo: [write('a/b.txt', 'four'), { text: 'Done.' }],
  });
  const told = events.flatMap(({ type, data }) =>
    type === 'snapshot.taken' || type === 'answer.submitted' ? [[type, data.label]] : [],
  );
  expect(told).toEqual([
    ['snapshot.taken', 'agent1.1'],
    ['answer.submitted', 'agent1.1'],
  ]);
  expect(ofType(events, 'snapshot.taken')[0]?.data).toEqual({
    turn: 'agent1-turn1',
    label: 'agent1.1',
    files: 1,
    bytes: 4,
    leftOut: 0,
    problem: null,
  });
});

test('an agent reads the files of answers that it has been shown, by their label, and cannot write there', async () => {
  // With two agents and this seed the other one is always the other number.
  const peek = (name: string): Turn[] =>
    ['agent1', 'agent2'].flatMap((peer): Turn[] => [
      { when: name, ...tool('read_file', { path: `../../snapshots/${peer}.1/plan.txt` }) },
    ]);
  const spoil = ['agent1', 'agent2'].map((peer): Turn => ({
    when: 'judge',
    ...write(`../../snapshots/${peer}.1/plan.txt`, 'spoilt'),
  }));
  const { events, dir } = await runWithFiles({
    one: [
      ...peek('draft'),
      { when: 'draft', ...write('plan.txt', 'plan of one') },
      { when: 'draft', answer: 'One.' },
      ...peek('judge'),
      ...spoil,
      { when: 'judge', vote: 'first' },
    ],
    two: [
      { when: 'draft', ...write('plan.txt', 'plan of two') },
      { when: 'draft', answer: 'Two.' },
      { when: 'judge', vote: 'first' },
    ],
  });
  const told = outputs(events, aliasOf(events, 'one'));
  const [draft, judge] = [told.slice(0, 2), told.slice(3, 5)];
  // Why depends on whether the other agent has just handed in: its folder may be in the making.
  expect(draft.filter((output) => !output.startsWith('read_file was not run:'))).toEqual([]);
  expect(judge.toSorted()).toEqual(['plan of one', 'plan of two']);
  expect(told.slice(5).every((output) => output.includes('You may only read'))).toBe(true);
  for (const [id, text] of [
    ['one', 'plan of one'],
    ['two', 'plan of two'],
  ] as const) {
    expect(await readFile(join(dir, 'snapshots', `${aliasOf(events, id)}.1`, 'plan.txt'), 'utf8')).toBe(text);
  }
});

test('the winner gets the files of its winning answer back before it presents', async () => {
  const { events, dir } = await runWithFiles(
    {
      solver: [
        { when: 'draft', ...write('answer.txt', 'good') },
        { when: 'draft', answer: 'It is in answer.txt.' },
        { when: 'judge', ...write('answer.txt', 'spoilt') },
        { when: 'judge', ...write('scratch.txt', 'scratch') },
        { when: 'judge', vote: 'self' },
        { when: 'present', ...tool('read_file', { path: 'answer.txt' }) },
        { when: 'present', text: 'Here it is.' },
      ],
      critic: [
        { when: 'draft', answer: 'I do not know.' },
        { when: 'judge', vote: 'other' },
      ],
    },
    { finalAnswer: 'present' },
  );
  const solver = aliasOf(events, 'solver');
  expect(outputs(events, solver).at(-1)).toBe('good');
  expect(await readdir(join(dir, 'workspaces', solver))).toEqual(['answer.txt']);
  expect(ofType(events, 'snapshot.restored').map(({ agent, data }) => [agent, data.label, data.problem])).toEqual([
    [solver, `${solver}.1`, null],
  ]);
});

test('a restart takes back the right to write that the presenter had', async () => {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'massgen-project-')));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const path = join(project, 'new.txt');
  const again = { name: 'restart_orchestration', args: { reason: 'Not enough.', instructions: 'More.' } };
  const { events } = await runWithFiles(
    {
      solver: [
        { when: 'draft', answer: 'Mine.' },
        { when: 'present', ...write(path, 'presented') },
        { when: 'present', text: 'Done.' },
        { when: 'draft', ...write(path, 'after the restart') },
        { when: 'draft', answer: 'Mine again.' },
        { when: 'judge', vote: 'self', repeat: true },
        { when: 'present', text: 'Done again.' },
      ],
      critic: [
        { when: 'draft', answer: 'Other.' },
        { when: 'draft', answer: 'Another.' },
        { when: 'judge', vote: 'other', repeat: true },
        { when: 'evaluate', tool_calls: [again] },
      ],
    },
    {
      finalAnswer: 'present',
      maxRestarts: 1,
      needs: { contextPaths: [{ path: project, permission: 'write', protectedPaths: [] }] },
    },
  );
  expect(outputs(events, aliasOf(events, 'solver'))).toEqual([
    `Made ${path}, 9 bytes.`,
    `write_file was not run: You may only read in ${project}.`,
  ]);
  expect(await readFile(path, 'utf8')).toBe('presented');
});

test('a writable context path is read-only for everybody but the presenter', async () => {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'massgen-project-')));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  await mkdir(join(project, 'kept'));
  const path = join(project, 'new.txt');
  const { events } = await runWithFiles(
    {
      solver: [
        { when: 'draft', ...write(path, 'too early') },
        { when: 'draft', answer: 'Mine.' },
        { when: 'judge', ...write(path, 'still too early') },
        { when: 'judge', vote: 'self' },
        { when: 'present', ...write(path, 'at last') },
        { when: 'present', ...write(join(project, 'kept', 'x.txt'), 'never') },
        { when: 'present', text: 'Done.' },
      ],
      critic: [
        { when: 'draft', answer: 'Other.' },
        { when: 'judge', vote: 'other' },
      ],
    },
    {
      finalAnswer: 'present',
      needs: { contextPaths: [{ path: project, permission: 'write', protectedPaths: ['kept'] }] },
    },
  );
  expect(outputs(events, aliasOf(events, 'solver'))).toEqual([
    `write_file was not run: You may only read in ${project}.`,
    `write_file was not run: You may only read in ${project}.`,
    `Made ${path}, 7 bytes.`,
    'write_file was not run: This path is protected: you may only read it.',
  ]);
  expect(await readFile(path, 'utf8')).toBe('at last');
});

test('a context path that does not exist fails its agent with a sentence that names it', async () => {
  const { events } = await runWithFiles(
    { solo: [{ text: 'Done.' }] },
    { needs: { contextPaths: [{ path: '/nowhere/at/all', permission: 'read', protectedPaths: [] }] } },
  );
  expect(ofType(events, 'agent.failed')[0]?.data.error.message).toContain('/nowhere/at/all does not exist');
});

test('an output that is too long can be read whole', async () => {
  const { events } = await runWithFiles({
    solo: [
      // A list of many files is longer than the model is to get of one call.
      ...Array.from({ length: 4 }, (_, i) => write(`${'x'.repeat(200)}${i}.txt`, 'hit\n'.repeat(200))),
      tool('search_files', { text: 'hit' }),
      { text: 'Done.' },
    ],
  });
  const output = outputs(events, 'agent1').at(-1) ?? '';
  const path = /All of it is in (\S+);/.exec(output)?.[1] ?? '';
  expect(output.length).toBeLessThan(31_000);
  expect((await readFile(path, 'utf8').catch(() => '')).length).toBeGreaterThan(31_000);
});

test('what an agent is told of its folders names no real id', async () => {
  const { events } = await runWithFiles({ 'gpt-secret-name': [{ text: 'Done.' }] });
  const [prompt] = ofType(events, 'context.added');
  const text = JSON.stringify(prompt?.data.messages);
  expect(text).toContain('/workspaces/agent1/');
  expect(text).not.toContain('gpt-secret-name');
});

test('tools are prepared once per agent, before its first model call', async () => {
  const { events } = await runWithFiles({ solo: [write('a.txt', 'x'), { text: 'Done.' }] });
  const order = events.flatMap(({ type }) => (type === 'tools.prepared' || type === 'request.started' ? [type] : []));
  expect(order).toEqual(['tools.prepared', 'request.started', 'request.started']);
});
