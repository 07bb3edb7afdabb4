import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPartMaker } from '../../src/engine/open-subagent.ts';
import { resumeRun } from '../../src/engine/start-run.ts';
import type { EventData, RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { adoptRunLog } from '../../src/runlog/open-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { UNKNOWN_TOOL } from '../../src/tools/tool.ts';
import { scriptedAgent, type Turn } from './scripted-agent.ts';
import { ofType, runScripted, type ScriptedRunOptions } from './scripted-run.ts';
import { SUBAGENTS } from './subagent-limits.ts';

const END: Turn = { text: 'Done.', repeat: true };
const spawn = (tasks: string[], background = false): Turn => ({
  tool_calls: [{ name: 'spawn_subagents', args: { tasks: tasks.map((task) => ({ task })), background } }],
});
const call = (name: string): Turn => ({ tool_calls: [{ name, args: {} }] });

function tool(name: string, execute: Tool['execute']): Tool {
  return { spec: { name, description: '', parameters: { type: 'object' } }, annotations: UNKNOWN_TOOL, execute };
}

/** Asks for leave. */
const send = tool('send', async (_, { asks, signal, callId = '' }) => {
  const about = { callId, tool: 'send', action: 'send', target: 'x', risk: 'high' as const, detail: '', diff: null };
  const said = await asks?.approve(about, signal);
  return { output: said?.isAllowed ? 'sent' : `not sent: ${said?.reason}`, isError: false };
});

/** Asks the user. */
const wonder = tool('wonder', async (_, { asks, signal }) => {
  const question = { to: ['user'], text: 'Which port?', options: [], isMultiple: false, allowsText: true };
  const [answer] = (await asks?.ask({ ...question, timeoutMs: null }, signal)) ?? [];
  return { output: `${answer?.outcome} ${answer?.text}`, isError: false };
});

type Asking = EventData['approval.requested'] | EventData['question.asked'];

/** Runs an agent, whose parts are scripted too, before somebody who acts on what is asked. */
async function run(
  turns: Turn[],
  parts: Turn[],
  onAsk: (handle: RunHandle, asked: Asking) => void,
  more: Partial<ScriptedRunOptions> = {},
): Promise<RunEvent[]> {
  return runScripted({
    scripts: { ada: turns },
    parts,
    tools: [send, wonder],
    isAttended: true,
    onStart: (handle) => {
      handle.subscribe((event) => {
        if (event.type === 'approval.requested' || event.type === 'question.asked') onAsk(handle, event.data);
      });
    },
    ...more,
    settings: { subagents: SUBAGENTS, ...more.settings },
  });
}

const decide =
  (isAllowed: boolean, reason = '') =>
  (handle: RunHandle, asked: Asking): void => {
    if ('request' in asked)
      handle.send({ type: 'decide', request: asked.request, isAllowed, scope: 'once', by: 'user', reason });
  };

/** What was asked and decided, as the agent's own log has it. */
function askedIn(events: readonly RunEvent[]): unknown[] {
  return events.flatMap(({ agent, type, data }): unknown[] => {
    if (type === 'approval.requested') return [[type, agent, data.subagent, data.turn]];
    if (type === 'approval.decided') return [[type, agent, data.subagent, data.isAllowed, data.by]];
    if (type === 'question.asked') return [[type, agent, data.subagent, data.text]];
    return type === 'question.answered' ? [[type, agent, data.by, data.outcome, data.text]] : [];
  });
}

/** What came of those who worked on parts. */
function ends(events: readonly RunEvent[]): unknown[] {
  return ofType(events, 'subagent.finished').map(({ data }) => [data.subagent, data.outcome]);
}

describe('what a subagent asks', () => {
  test.each([
    [true, 'sent'],
    [false, 'not sent: Not today.'],
  ])('is decided like what its agent asks: %s', async (isAllowed, output) => {
    const told: string[] = [];
    const events = await run([spawn(['Send.']), END], [call('send'), END], decide(isAllowed, 'Not today.'), {
      wrap: (provider, { id }) => ({
        ...provider,
        stream: (request) => {
          if (id === 'part')
            told.push(...request.messages.flatMap((each) => (each.role === 'tool' ? each.output : [])));
          return provider.stream(request);
        },
      }),
    });
    expect(askedIn(events)).toEqual([
      ['approval.requested', 'agent1', 'agent1-sub1', 'agent1-turn1'],
      ['approval.decided', 'agent1', 'agent1-sub1', isAllowed, 'user'],
    ]);
    expect([told, ends(events)]).toEqual([[output], [['agent1-sub1', 'answered']]]);
  });

  test('is answered by the user', async () => {
    const told: string[] = [];
    const reply = (handle: RunHandle, asked: Asking): void => {
      if ('question' in asked) handle.send({ type: 'reply', question: asked.question, choices: [], text: '8080' });
    };
    const noting = tool('wonder', async (args, context) => {
      const result = await wonder.execute(args, context);
      told.push(result.output);
      return result;
    });
    const events = await run([spawn(['Listen.']), END], [call('wonder'), END], reply, { tools: [noting] });
    expect(askedIn(events)).toEqual([
      ['question.asked', 'agent1', 'agent1-sub1', 'Which port?'],
      ['question.answered', 'agent1', 'user', 'answered', '8080'],
    ]);
    expect(told).toEqual(['answered 8080']);
  });

  test('waits in one queue with what others ask', async () => {
    const open: string[] = [];
    const onAsk = (handle: RunHandle, asked: Asking): void => {
      if (!('request' in asked)) return;
      open.push(asked.request);
      if (open.length < 2) return;
      for (const request of open)
        handle.send({ type: 'decide', request, isAllowed: true, scope: 'once', by: 'user', reason: '' });
    };
    let number = 0;
    const sendAny = tool('send', async (args, context) => {
      const target = `x${++number}`;
      const asks = context.asks && { ...context.asks, approve: approveAs(context, target) };
      return send.execute(args, { ...context, ...(asks && { asks }) });
    });
    const events = await run([spawn(['One.', 'Two.']), END], [call('send'), END], onAsk, { tools: [sendAny] });
    const decided = ofType(events, 'approval.decided').map(({ data }) => `${data.subagent} ${data.isAllowed}`);
    expect(decided.toSorted()).toEqual(['agent1-sub1 true', 'agent1-sub2 true']);
  });

  test('is declined where nobody is there, in its own log alone', async () => {
    const events = await run([spawn(['Send.']), END], [call('send'), END], decide(true), { isAttended: false });
    expect([askedIn(events), ends(events)]).toEqual([[], [['agent1-sub1', 'answered']]]);
  });
});

function approveAs({ asks }: Parameters<Tool['execute']>[1], target: string): NonNullable<typeof asks>['approve'] {
  return async (request, signal) =>
    (await asks?.approve({ ...request, target }, signal)) ?? { isAllowed: false, scope: 'once', reason: '' };
}

describe('what a subagent asks, and nobody answers,', () => {
  const declined = [
    ['approval.requested', 'agent1', 'agent1-sub1', 'agent1-turn1'],
    ['approval.decided', 'agent1', 'agent1-sub1', false, 'policy'],
  ];

  test('ends with the run that is cancelled', async () => {
    const events = await run([spawn(['Send.']), END], [call('send'), END], (handle) =>
      handle.send({ type: 'cancel', by: 'user' }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'cancelled' } });
  });

  test('ends when its agent stops it, and the agent goes on', async () => {
    const asked = Promise.withResolvers<void>();
    const pause = tool('pause', async () => asked.promise.then(() => ({ output: 'It asks.', isError: false })));
    const turns = [spawn(['Send.'], true), call('pause'), call('stop_subagents'), END];
    const events = await run(turns, [call('send'), END], () => asked.resolve(), { tools: [send, pause] });
    expect([askedIn(events), ends(events)]).toEqual([declined, [['agent1-sub1', 'cancelled']]]);
    expect(events.at(-1)).toMatchObject({ data: { outcome: 'answered' } });
  });

  test('ends when its agent hands in', async () => {
    const asked = Promise.withResolvers<void>();
    const pause = tool('pause', async () => asked.promise.then(() => ({ output: 'It asks.', isError: false })));
    const turns = [spawn(['Wonder.'], true), call('pause'), END];
    const events = await run(turns, [call('wonder'), END], () => asked.resolve(), { tools: [wonder, pause] });
    expect(askedIn(events)).toEqual([
      ['question.asked', 'agent1', 'agent1-sub1', 'Which port?'],
      ['question.answered', 'agent1', 'user', 'declined', ''],
    ]);
    expect(events.at(-1)).toMatchObject({ data: { outcome: 'answered' } });
  });

  test('ends when the time for an answer is over, by the clock of whoever was asked', async () => {
    const told: unknown[] = [];
    const hurry = tool('wonder', async (_, { asks, signal }) => {
      const question = { to: ['user'], text: 'Which port?', options: [], isMultiple: false, allowsText: true };
      told.push(...((await asks?.ask({ ...question, timeoutMs: 50 }, signal)) ?? []).map(({ outcome }) => outcome));
      return { output: '', isError: false };
    });
    const events = await run([spawn(['Wonder.']), END], [call('wonder'), END], () => undefined, { tools: [hurry] });
    expect([told, ofType(events, 'question.answered').map(({ data }) => data.outcome)]).toEqual([
      ['timed-out'],
      ['timed-out'],
    ]);
  });

  test('ends when its own time is over', async () => {
    const settings = { subagents: { ...SUBAGENTS, timeoutMs: 100 } };
    const events = await run([spawn(['Send.']), END], [call('send'), END], () => undefined, { settings });
    expect(askedIn(events)).toEqual(declined);
    expect(ofType(events, 'subagent.finished')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ data: { outcome: 'answered' } });
  });
});

test('a subagent that a crash has cut off while it waited asks again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-left-'));
  const dir = join(folder, 'run-1');
  try {
    const copied: Promise<void>[] = [];
    await run([spawn(['Send.']), END], [call('send'), END], (handle, asked) => {
      const copy = cp(handle.dir, dir, { recursive: true });
      copied.push(copy);
      void copy.then(() => decide(false)(handle, asked));
    });
    await Promise.all(copied);
    const redact = createRedactor({ secrets: [] });
    const clock = createPacedClock({ startAt: Date.UTC(2027, 0, 1), speed: Infinity, real: createRealClock() });
    const { log, events: left } = await adoptRunLog(dir, { clock, redact });
    const shared = {
      clock,
      createProvider: (agent: { backend: Parameters<typeof createScriptedProvider>[0] }) =>
        createScriptedProvider(agent.backend, { clock }),
    };
    const toolsOf = (): Tool[] => [send];
    const handle = resumeRun(
      {
        ...shared,
        agents: [scriptedAgent('ada', [END])],
        log,
        toolsOf,
        isAttended: true,
        partMaker: createPartMaker({
          ...shared,
          redact,
          version: '0.0.0',
          agents: [scriptedAgent('part', [END])],
          toolsIn: () => toolsOf,
        }),
      },
      left,
    );
    const events: RunEvent[] = [];
    handle.subscribe((event) => {
      events.push(event);
      if (event.type === 'approval.requested') decide(true)(handle, event.data);
    });
    await handle.ended;
    expect(askedIn(events)).toEqual([
      ['approval.requested', 'agent1', 'agent1-sub1', 'agent1-turn1'],
      ['approval.requested', 'agent1', 'agent1-sub1', 'agent1-turn2'],
      ['approval.decided', 'agent1', 'agent1-sub1', true, 'user'],
    ]);
    expect([ends(events), events.at(-1)?.type]).toEqual([[['agent1-sub1', 'answered']], 'run.finished']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
