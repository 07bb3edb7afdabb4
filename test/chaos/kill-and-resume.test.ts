import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf, countingBallots } from '../../src/coordination/views.ts';
import { EVENT_TYPES } from '../../src/events/codec.ts';
import type { EventType, RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine } from '../cli/command-process.ts';
import type { Fate } from './killed-run.ts';
import { live } from './one-life.ts';
import { SCENARIOS, type Scenario, type WrittenEvent } from './scenarios.ts';

const KILLED_RUN = fileURLToPath(new URL('killed-run.ts', import.meta.url));

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'massgen-chaos-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** What came of a run, for its user. */
interface Outcome {
  events: RunEvent[];
  /** Left by a tool each time that it ran. */
  effects: string;
  /** A file of the user's that agents change. */
  mine: string;
}

async function folderOf(name: string, { config, files }: Scenario): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, text] of Object.entries({ 'team.yaml': config, ...files }))
    await writeFile(join(folder, file), text);
  return folder;
}

async function outcomeIn(cwd: string, dir: string): Promise<Outcome> {
  const read = (name: string): Promise<string> => readFile(join(cwd, name), 'utf8').catch(() => '');
  return { events: await readAll(dir), effects: await read('effects.txt'), mine: await read('mine.txt') };
}

const undisturbed = new Map<Scenario, Promise<Outcome>>();

/** The same run with nothing that happens to it; made once for each scenario. */
function undisturbedRun(scenario: Scenario): Promise<Outcome> {
  const known = undisturbed.get(scenario);
  if (known) return known;
  const made = folderOf(`${scenario.name}-undisturbed-${undisturbed.size}`, scenario).then(async (cwd) =>
    outcomeIn(cwd, await live({ scenario, cwd, dir: null })),
  );
  undisturbed.set(scenario, made);
  return made;
}

/** Lets a process begin the run, or go on with it, and die as its fate says; resolves with the run's folder. */
async function die(cwd: string, { says, isAttended }: Scenario, last: Omit<Fate, 'scenario'>): Promise<string> {
  const fate: Fate = { scenario: { ...(says && { says }), ...(isAttended && { isAttended }) }, ...last };
  const child = spawn(process.execPath, [KILLED_RUN, JSON.stringify(fate)], {
    cwd,
    // Code that was compiled once serves all processes.
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') },
    stdio: 'inherit',
  });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  const runs = join(cwd, '.massgen', 'runs');
  const [id = ''] = await readdir(runs);
  const log = join(runs, id, 'run.jsonl');
  // What was flushed together with that event might as well not have been.
  const lines = (await readFile(log, 'utf8')).split('\n');
  const fits = lines.flatMap((line, index) => (line.includes(`"type":"${fate.type}"`) ? [index] : []));
  const end = fits[fate.nth - 1];
  if (end === undefined) throw new Error(`the run has not come to ${fate.type}`);
  await writeFile(log, `${lines.slice(0, end + 1).join('\n')}\n`);
  return join(runs, id);
}

/** What a user would miss if it were not the same. */
function essenceOf({ events, effects, mine }: Outcome) {
  const state = foldEvents(events);
  if (!state) throw new Error('the log is empty');
  return {
    mine,
    effects,
    end: state.end,
    final: state.final?.text,
    winner: state.winner?.label,
    answers: agentsOf(state).map((agent) => [agent.info.id, agent.answers.map(({ label, text }) => [label, text])]),
    ballots: countingBallots(state).map(({ voter, choice, view }) => [voter, choice, view]),
    standing: agentsOf(state).map((agent) => [agent.info.id, agent.standing]),
    // No crash gives anybody more tries.
    refused: events.filter(
      ({ type, agent }) => type === 'call.refused' && state.agents[agent ?? '']?.standing === 'abstained',
    ).length,
    prepared: state.prepared,
    plans: agentsOf(state).map(({ plan }) => plan),
    parts: agentsOf(state).map(({ subagents }) =>
      subagents.map(({ name, status, text, steps, usage }) => [name, status, text, steps, usage.output]),
    ),
    tools: events.flatMap((event) => (event.type === 'tool.started' ? [event.data.call.name] : [])),
    // A question that was cut off is asked anew.
    asked: state.asked.flatMap(({ text, answers }) => (answers.length > 0 ? [{ text, answers }] : [])),
    changes: state.changes && { ...state.changes, base: '' },
    rating: state.rating,
    heard: events.filter(({ type, data }) => type === 'context.added' && JSON.stringify(data).includes('Be brief.'))
      .length,
    nested: state.nested.map(({ usage }) => usage.input + usage.output),
    paid: events.filter(({ type }) => type === 'request.finished').length,
    acted: state.actions.map(({ tool, stage }) => [tool, stage]),
    allowed: events.flatMap((event) => (event.type === 'approval.decided' ? [event.data.action] : [])),
  };
}

/** What graders write once the run has ended is none of its process. */
const WRITTEN = EVENT_TYPES.filter((type) => type !== 'answer.graded') satisfies WrittenEvent[];

/** Some of those that happen again and again. */
const OFTEN: WrittenEvent[] = [
  'answer.submitted',
  'ballot.cast',
  'context.added',
  'question.answered',
  'request.finished',
  'subagent.started',
  'subagent.worked',
  'tool.finished',
  'turn.started',
];

type Essence = ReturnType<typeof essenceOf>;

/** Nobody knows what a tool has done that was at work, so it is not made to do it again. */
const leftAt = (stage: string, effects: string) => (): Partial<Essence> => ({
  acted: [['custom_tool__send', stage]],
  effects,
});

/** What cannot be the same as in the undisturbed run. */
const DIFFERENCES: Partial<Record<EventType, (wanted: Essence) => Partial<Essence>>> = {
  'tool.released': leftAt('proposed', ''),
  'action.begun': leftAt('begun', ''),
  'tool.progressed': leftAt('begun', 'sent\n'),
  'changes.undone': ({ changes }) => ({ mine: 'mine', changes: changes && { ...changes, state: 'undone' } }),
};

/** What came of a run that was killed at the first or last event of that type, and what was to come of it. */
async function killAndResume(type: WrittenEvent, isLast: boolean): Promise<{ found: unknown; wanted: unknown }> {
  const scenario = SCENARIOS[type];
  const whole = await undisturbedRun(scenario);
  const nth = isLast ? whole.events.filter((event) => event.type === type).length : 1;
  const cwd = await folderOf(`${type}-${isLast ? 'last' : 'first'}`, scenario);
  // Only a run that goes on tells so.
  const cutOff = { type: 'answer.submitted', nth: 1, dir: null } as const;
  const dir = await die(cwd, scenario, {
    type,
    nth,
    dir: type === 'run.resumed' ? await die(cwd, scenario, cutOff) : null,
  });
  const before = await readAll(dir);
  await live({ scenario, cwd, dir });
  const after = await outcomeIn(cwd, dir);
  const wanted = essenceOf(scenario.endsAs ? await undisturbedRun(scenario.endsAs) : whole);
  const found = essenceOf(after);
  const paid = scenario.isUnruly ? { paid: found.paid } : {};
  return {
    found: { ...found, before: after.events.slice(0, before.length) },
    wanted: { ...wanted, ...DIFFERENCES[type]?.(wanted), ...paid, before },
  };
}

describe('a run whose process is killed', { timeout: 120_000 }, () => {
  it('is tried at every event that there is', () => {
    expect(Object.keys(SCENARIOS).toSorted()).toEqual(WRITTEN.toSorted());
  });

  it.concurrent.each(WRITTEN)('goes on after the first %s, and nothing is lost or done twice', async (type) => {
    const { found, wanted } = await killAndResume(type, false);
    expect(found).toEqual(wanted);
  });

  it.concurrent.each(OFTEN)('goes on after the last %s, and nothing is lost or done twice', async (type) => {
    const { found, wanted } = await killAndResume(type, true);
    expect(found).toEqual(wanted);
  });

  it('is resumed by the command', async () => {
    const scenario = SCENARIOS['answer.submitted'];
    const cwd = await folderOf('command', scenario);
    await die(cwd, scenario, { type: 'answer.submitted', nth: 1, dir: null });
    const { code, stdout } = await runCommandLine(['resume', '--speed', 'max'], { cwd });
    expect([code, stdout]).toEqual([0, 'Presented: 42.\n']);
  });
});
