import { describe, expect, test } from 'vitest';
import { AskDesk } from '../../src/engine/ask-desk.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { NOBODY_THERE } from '../../src/tools/asks.ts';
import { createManualClock } from '../providers/manual-clock.ts';

const CALL = { callId: 'c1', tool: 'run_command', action: 'run_command', target: 'rm -r build', risk: 'high' as const };
const QUESTION = {
  to: ['user'],
  text: 'Which port?',
  options: [],
  isMultiple: false,
  allowsText: true,
  timeoutMs: null,
};

const NOTHING = { choices: [], text: '', reason: '', usage: NO_USAGE, costUsd: 0 };

function deskWith({ isAttended = true, clock = createManualClock(), left = [] as RunEvent[] } = {}): {
  desk: AskDesk;
  log: EventDraft[];
} {
  const log: EventDraft[] = [];
  const desk: AskDesk = new AskDesk(
    {
      clock,
      isAttended,
      record: async (...events) => {
        log.push(...events);
        for (const event of events) desk.settle(event as RunEvent);
      },
    },
    left,
  );
  for (const event of left) desk.settle(event);
  return { desk, log };
}

describe('a call that had got leave when a crash came', () => {
  const said = { isAllowed: true, scope: 'once', by: 'user', reason: 'go' } as const;
  const decided = { ...CALL, turn: 't1', request: 'approval-1', ...said };
  const leave = [
    { type: 'approval.requested', agent: 'agent1', data: { ...decided, detail: '', diff: null } },
    { type: 'approval.decided', agent: 'agent1', data: decided },
  ] as unknown as RunEvent[];
  const released = { type: 'tool.released', agent: 'agent1', data: { turn: 't1', callId: CALL.callId } };

  test('keeps it for just that call of that agent', () => {
    const { desk } = deskWith({ left: leave });
    const [mine, others] = [desk.forTurn('agent1', 't2'), desk.forTurn('agent2', 't3')];
    expect(mine.decidedBefore?.(CALL)).toMatchObject(said);
    expect([
      mine.decidedBefore?.({ ...CALL, target: 'another' }),
      mine.decidedBefore?.({ ...CALL, callId: 'another' }),
      others.decidedBefore?.(CALL),
    ]).toEqual([null, null, null]);
  });

  test('notes that it is made, and has no leave left then', async () => {
    const { desk, log } = deskWith({ left: leave });
    const asks = desk.forTurn('agent1', 't1');
    await asks.release?.(CALL.callId);
    await asks.release?.(CALL.callId);
    expect(log).toEqual([released]);
    expect(asks.decidedBefore?.(CALL)).toBeNull();
  });

  test('has used it up when it was made', () => {
    const { desk } = deskWith({ left: [...leave, released as unknown as RunEvent] });
    expect(desk.forTurn('agent1', 't2').decidedBefore?.(CALL)).toBeNull();
  });

  test('which nobody had to decide on leaves no note', async () => {
    const { desk, log } = deskWith();
    await desk.forTurn('agent1', 't1').release?.('call-7');
    expect(log).toEqual([]);
  });
});

describe('a call that needs leave', () => {
  test('waits for the decision and gets it with its reason', async () => {
    const { desk, log } = deskWith();
    const decided = desk
      .forTurn('agent1', 't1')
      .approve({ ...CALL, detail: '', diff: null }, new AbortController().signal);
    desk.settle({
      type: 'approval.decided',
      data: { ...CALL, turn: 't1', request: 'approval-1', isAllowed: true, scope: 'run', by: 'user', reason: 'go' },
    } as RunEvent);
    expect(await decided).toMatchObject({ isAllowed: true, scope: 'run', reason: 'go' });
    expect(log.map(({ type }) => type)).toEqual(['approval.requested']);
  });

  test('is denied at once where nobody is there, and the log says so', async () => {
    const { desk, log } = deskWith({ isAttended: false });
    const decided = desk
      .forTurn('agent1', 't1')
      .approve({ ...CALL, detail: '', diff: null }, new AbortController().signal);
    expect(await decided).toEqual({ isAllowed: false, scope: 'once', reason: NOBODY_THERE });
    expect(log).toEqual([
      {
        type: 'approval.decided',
        agent: 'agent1',
        data: {
          ...CALL,
          turn: 't1',
          request: null,
          isAllowed: false,
          scope: 'once',
          reason: NOBODY_THERE,
          by: 'policy',
        },
      },
    ]);
  });

  test('is asked once for all who want the same, and what holds for longer is remembered', async () => {
    const { desk, log } = deskWith();
    const ask = (agent: string): Promise<unknown> =>
      desk.forTurn(agent, 't1').approve({ ...CALL, detail: '', diff: null }, new AbortController().signal);
    const both = Promise.all([ask('agent1'), ask('agent2')]);
    const said = { isAllowed: true, scope: 'run' as const, reason: '' };
    desk.settle({
      type: 'approval.decided',
      data: { ...CALL, turn: 't1', request: 'approval-1', by: 'user', ...said },
    } as RunEvent);
    expect(await both).toMatchObject([said, said]);
    expect(log.map(({ type }) => type)).toEqual(['approval.requested', 'approval.decided']);
    const asks = desk.forTurn('agent3', 't2');
    expect(['rm -r build', 'rm -r other'].map((target) => asks.remembered?.(CALL.action, target))).toEqual([
      said,
      null,
    ]);
  });

  test('is denied when its turn is interrupted while it waits', async () => {
    const { desk } = deskWith();
    const stop = new AbortController();
    const decided = desk.forTurn('agent1', 't1').approve({ ...CALL, detail: '', diff: null }, stop.signal);
    stop.abort();
    expect(await decided).toMatchObject({ isAllowed: false });
  });
});

describe('a question', () => {
  test('brings back what the user answers', async () => {
    const { desk } = deskWith();
    const asked = desk.forTurn('agent1', 't1').ask(QUESTION, new AbortController().signal);
    desk.settle({
      type: 'question.answered',
      data: {
        question: 'question-1',
        by: 'user',
        outcome: 'answered',
        choices: [],
        text: '8080',
        reason: '',
        usage: NO_USAGE,
        costUsd: 0,
      },
    } as unknown as RunEvent);
    expect(await asked).toMatchObject([{ by: 'user', outcome: 'answered', text: '8080' }]);
  });

  test('ends without an answer when its time is over', async () => {
    const clock = createManualClock();
    const { desk } = deskWith({ clock });
    const asked = desk.forTurn('agent1', 't1').ask({ ...QUESTION, timeoutMs: 1000 }, new AbortController().signal);
    await new Promise(setImmediate);
    clock.advance(1000);
    expect(await asked).toMatchObject([{ by: 'user', outcome: 'timed-out' }]);
  });

  test('that two agents ask at the same time is put to the user once, and both hear the answer', async () => {
    const { desk, log } = deskWith();
    const { signal } = new AbortController();
    const first = desk.forTurn('agent1', 't1').ask(QUESTION, signal);
    const second = desk.forTurn('agent2', 't2').ask({ ...QUESTION, text: 'which  port' }, signal);
    const data = { ...NOTHING, question: 'question-1', by: 'user', outcome: 'answered', text: '8080' };
    desk.settle({ type: 'question.answered', data } as unknown as RunEvent);
    expect(await first).toMatchObject([{ text: '8080' }]);
    expect(await second).toEqual(await first);
    expect(log.map(({ type }) => type)).toEqual(['question.asked']);
  });

  test('passes on to the second agent when the first one is interrupted', async () => {
    const { desk, log } = deskWith();
    const stop = new AbortController();
    const first = desk.forTurn('agent1', 't1').ask(QUESTION, stop.signal);
    const second = desk.forTurn('agent2', 't2').ask(QUESTION, new AbortController().signal);
    stop.abort();
    expect(await first).toMatchObject([{ outcome: 'declined' }]);
    await new Promise(setImmediate);
    const data = { ...NOTHING, question: 'question-2', by: 'user', outcome: 'answered', text: '8080' };
    desk.settle({ type: 'question.answered', data } as unknown as RunEvent);
    expect(await second).toMatchObject([{ text: '8080' }]);
    expect(log.map(({ agent }) => agent)).toEqual(['agent1', 'agent2']);
  });

  test('is declined at once where nobody is there', async () => {
    const { desk } = deskWith({ isAttended: false });
    const asked = desk.forTurn('agent1', 't1').ask(QUESTION, new AbortController().signal);
    expect(await asked).toMatchObject([{ by: 'user', outcome: 'declined', reason: NOBODY_THERE }]);
  });
});

describe('what is asked for a subagent', () => {
  const request = { ...CALL, detail: '', diff: null };

  test('has ids of another log: a call of the agent by the same id is another call', async () => {
    const part = { ...CALL, turn: 't1', subagent: 'agent1-sub1', request: 'approval-1' };
    const decided = { ...part, isAllowed: true, scope: 'once', by: 'user', reason: '' };
    const left = [
      { type: 'approval.requested', agent: 'agent1', data: { ...part, detail: '', diff: null } },
      { type: 'approval.decided', agent: 'agent1', data: decided },
    ] as unknown as RunEvent[];
    const { desk, log } = deskWith({ left });
    const asks = desk.forTurn('agent1', 't2');
    await asks.release?.(CALL.callId);
    expect([log, asks.decidedBefore?.(CALL)]).toEqual([[], null]);
  });

  test('is not asked at all once it was stopped', async () => {
    const { desk, log } = deskWith();
    const said = await desk.forPart('agent1', 't1', 'agent1-sub1').approve(request, AbortSignal.abort());
    expect([said.isAllowed, log]).toEqual([false, []]);
  });

  test('brings back what was written in the place of the command', async () => {
    const { desk } = deskWith();
    const asked = desk.forPart('agent1', 't1', 'agent1-sub1').approve(request, new AbortController().signal);
    const said = { isAllowed: true, scope: 'once', by: 'user', reason: '', edited: 'ls' };
    const data = { ...CALL, turn: 't1', request: 'approval-1', ...said };
    desk.settle({ type: 'approval.decided', data } as RunEvent);
    expect(await asked).toEqual(said);
  });
});
