import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { EventData, RunEvent } from '../../src/events/event.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { resumeLeft } from './resume-left.ts';
import type { Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const script = (answer: string): Turn[] => [
  { when: 'draft', answer, repeat: true },
  { when: 'judge', vote: 'agent1', repeat: true },
  { when: 'present', text: 'Presented.', repeat: true },
];
const scripts = { a: script('one'), b: script('two') };

/** A dollar for a million tokens that are sent; replies cost nothing. */
const priced = (provider: Provider): Provider => ({ ...provider, costUsd: ({ input }) => input / 1_000_000 });

/** As if the agents' models were real, and each call had begun with that estimate. */
function asModels(events: readonly RunEvent[], atLeast?: EventData['request.started']['atLeast']): RunEvent[] {
  return events.map((event): RunEvent => {
    if (event.type === 'run.started')
      return {
        ...event,
        data: { ...event.data, agents: event.data.agents.map((info) => ({ ...info, isModel: true })) },
      };
    return event.type === 'request.started' && atLeast ? { ...event, data: { ...event.data, atLeast } } : event;
  });
}

/** Up to the first call of a judge, which is still open. */
async function untilJudging(): Promise<RunEvent[]> {
  const events = await runScripted({ scripts, settings: { finalAnswer: 'present' } });
  const judging = events.findIndex((event) => event.type === 'turn.started' && event.data.kind === 'judge');
  return events.slice(0, events.findIndex(({ type }, index) => index > judging && type === 'request.started') + 1);
}

const failures = (events: readonly RunEvent[]) =>
  ofType(events, 'request.failed').map(({ data: { request, usage, costUsd, isCut } }) => ({
    request,
    input: usage.input,
    costUsd,
    isCut: isCut ?? false,
  }));

describe('a model call that a crash has cut off', () => {
  it('counts as what was sent at least, in its turn and phase, and makes the sum a lower bound', async () => {
    const left = asModels(await untilJudging(), { input: 1000, costUsd: 0.25 });
    const before = foldEvents(left);
    const opened = left.at(-1);
    const request = opened?.type === 'request.started' ? opened.data.request : '';
    const events = await resumeLeft(left, scripts, { wrap: priced });
    expect(failures(events)).toEqual([{ request, input: 1000, costUsd: 0.25, isCut: true }]);
    const told = events.findIndex(({ type }) => type === 'request.failed');
    expect(events.slice(left.length, told + 1).map(({ type }) => type)).toEqual(['run.resumed', 'request.failed']);
    const after = foldEvents(events.slice(0, told + 1));
    expect({
      tokens: (after?.usage.input ?? 0) - (before?.usage.input ?? 0),
      cost: after?.cost,
      phase: after?.phases.judge?.usage.input,
      turn: after?.turnSpending.at(-1)?.kind,
      agent: after?.agents[opened?.agent ?? '']?.cost.isComplete,
    }).toEqual({
      tokens: 1000,
      cost: { usd: (before?.cost.usd ?? 0) + 0.25, isComplete: false },
      phase: 1000,
      turn: 'judge',
      agent: false,
    });
  });

  it('is counted once, however often the process is killed after it', async () => {
    let events = asModels(await untilJudging(), { input: 1000, costUsd: 0.25 });
    for (let life = 1; life <= 3; life += 1) {
      const resumed = await resumeLeft(events, scripts, { wrap: priced });
      events = resumed.slice(0, events.length + 1 + (life % 2));
    }
    const all = await resumeLeft(events, scripts, { wrap: priced });
    const [cut, ...others] = failures(all);
    expect([cut?.costUsd, others]).toEqual([0.25, []]);
  });

  it('is estimated when it begins, at the price of its model', async () => {
    const events = await resumeLeft(asModels(await untilJudging()), scripts, { wrap: priced });
    const [first] = ofType(events.slice(events.findIndex(({ type }) => type === 'run.resumed')), 'request.started');
    const { input = 0, costUsd = null } = first?.data.atLeast ?? {};
    expect([input > 100, costUsd]).toEqual([true, input / 1_000_000]);
  });

  it('is of unknown cost where a log of an older version has no estimate, and free where the model is', async () => {
    const left = await untilJudging();
    expect(failures(await resumeLeft(asModels(left), scripts))).toMatchObject([
      { input: 0, costUsd: null, isCut: true },
    ]);
    const free = asModels(left, { input: 1000, costUsd: 0 });
    expect(failures(await resumeLeft(free, scripts))).toMatchObject([{ input: 1000, costUsd: 0, isCut: false }]);
    expect(failures(await resumeLeft(left, scripts))).toEqual([]);
  });

  it('is the other run’s where a branch begins', async () => {
    const left = asModels(await untilJudging(), { input: 1000, costUsd: 0.25 }).map((event): RunEvent =>
      event.type === 'run.started' ? { ...event, data: { ...event.data, parent: { run: 'old', seq: 0 } } } : event,
    );
    const branch = left.map((event): RunEvent =>
      event.type === 'run.started'
        ? { ...event, data: { ...event.data, parent: { run: 'old', seq: left.length } } }
        : event,
    );
    expect(failures(await resumeLeft(left, scripts))).toHaveLength(1);
    expect(failures(await resumeLeft(branch, scripts))).toEqual([]);
  });
});
