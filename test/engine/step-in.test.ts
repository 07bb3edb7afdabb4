import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { Command, RunHandle } from '../../src/events/run-handle.ts';
import type { Message } from '../../src/events/message.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

/** Sends the commands once, when the first event comes that `isMoment` is true for. */
function sendAt(
  isMoment: (event: RunEvent, handle: RunHandle) => boolean,
  ...commands: (Command | ((event: RunEvent) => Command))[]
) {
  return (handle: RunHandle): void => {
    let isSent = false;
    handle.subscribe((event) => {
      if (isSent || !isMoment(event, handle)) return;
      isSent = true;
      for (const command of commands) handle.send(typeof command === 'function' ? command(event) : command);
    });
  };
}

const afterAnswers = (n: number) => {
  let seen = 0;
  return (event: RunEvent): boolean => event.type === 'answer.submitted' && (seen += 1) === n;
};

const drafter = (answer: string, ...more: Turn[]): Turn[] => [{ when: 'draft', answer }, ...more];
const hanging: Turn = { when: 'judge', hang: true };

describe('answer now', () => {
  it('takes the best answer so far where nobody has voted, and presents it without another model call', async () => {
    const events = await runScripted({
      scripts: { a: drafter('one'), b: [{ when: 'draft', hang: true }] },
      settings: { finalAnswer: 'present' },
      onStart: sendAt(afterAnswers(1), { type: 'answer-now', by: 'user' }),
    });
    const state = foldEvents(events);
    expect(state?.final).toMatchObject({
      text: 'one',
      notice: 'The answer was asked for at once, so this is the winning answer as it was submitted.',
    });
    expect(state?.end).toEqual({ outcome: 'answered', reason: 'The final answer was presented.' });
    expect(ofType(events, 'request.started')).toHaveLength(2);
  });

  it('lets the ballots that count decide', async () => {
    const events = await runScripted({
      scripts: {
        a: drafter('one', hanging),
        b: drafter('two', hanging),
        c: drafter('three', { when: 'judge', vote: 'self' }),
      },
      onStart: sendAt((event) => event.type === 'ballot.cast', { type: 'answer-now', by: 'user' }),
    });
    expect(foldEvents(events)?.final?.text).toBe('three');
    expect(foldEvents(events)?.winner?.reason).toMatch(/^The answer was asked for before the vote was over\./);
  });

  it('waits for the first answer where there is none yet', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'first', delay_ms: 5_000 }], b: [{ when: 'draft', hang: true }] },
      onStart: sendAt((event) => event.type === 'turn.started', { type: 'answer-now', by: 'caller' }),
    });
    expect(foldEvents(events)?.final?.text).toBe('first');
  });

  it('stops a presenter', async () => {
    const present: Turn = { when: 'present', hang: true };
    const vote: Turn = { when: 'judge', vote: 'first' };
    const events = await runScripted({
      scripts: { a: drafter('one', vote, present), b: drafter('two', vote, present) },
      settings: { finalAnswer: 'present' },
      onStart: sendAt((event) => event.type === 'turn.started' && event.data.kind === 'present', {
        type: 'answer-now',
        by: 'user',
      }),
    });
    expect(foldEvents(events)?.final?.source).toBe('winning-answer');
  });
});

describe('a message of the user', () => {
  const tool = {
    spec: { name: 'wait', description: '', parameters: { type: 'object' } },
    execute: async () => ({ output: 'waited', isError: false }),
  };

  it('reaches its receivers before their next model call, and is shown as pending until then', async () => {
    const sent: Message[][] = [];
    const pending: string[][] = [];
    const events = await runScripted({
      scripts: {
        a: [
          { when: 'draft', tool_calls: [{ name: 'wait', args: {} }], delay_ms: 1_000 },
          { when: 'draft', answer: 'a' },
        ],
        b: [{ when: 'draft', answer: 'b' }],
      },
      tools: [tool],
      settings: { timeoutMs: 5_000 },
      wrap: (provider, agent) => ({
        ...provider,
        costUsd: (usage) => provider.costUsd(usage),
        stream: (request) => {
          if (agent.id === 'a') sent.push([...request.messages]);
          return provider.stream(request);
        },
      }),
      onStart: (handle) => {
        const past: RunEvent[] = [];
        handle.subscribe((event) => {
          past.push(event);
          if (event.type === 'message.sent' || event.type === 'message.delivered')
            pending.push(foldEvents(past)?.notes.flatMap((note) => note.pending) ?? []);
        });
        sendAt((event) => event.type === 'request.started', { type: 'message', to: 'all', text: ' Be brief. ' })(
          handle,
        );
      },
    });
    const [started] = ofType(events, 'run.started');
    const a = started?.data.agents.find((agent) => agent.id === 'a')?.alias ?? '';
    const toAll = started?.data.agents.map((agent) => agent.alias) ?? [];
    expect(ofType(events, 'message.sent').map((event) => event.data)).toEqual([
      { message: 'message-1', to: toAll, text: 'Be brief.' },
    ]);
    expect(ofType(events, 'message.delivered')[0]).toMatchObject({ agent: a, data: { message: 'message-1' } });
    expect(pending.slice(0, 2)).toEqual([toAll, toAll.filter((alias) => alias !== a)]);
    expect(sent[0]?.some((message) => 'text' in message && message.text.includes('Be brief.'))).toBe(false);
    expect(sent[1]?.at(-1)).toEqual({
      role: 'user',
      text: 'A message from the user, sent while you work:\n\nBe brief.',
    });
  });

  it('to nobody, or without text, is none', async () => {
    const events = await runScripted({
      scripts: { a: [{ text: 'x' }] },
      onStart: sendAt(
        (event) => event.type === 'turn.started',
        { type: 'message', to: ['agent9'], text: 'hello' },
        { type: 'message', to: 'all', text: '  ' },
      ),
    });
    expect(ofType(events, 'message.sent')).toEqual([]);
  });
});

describe("the user's own say", () => {
  const undecided = {
    a: drafter('one', { when: 'judge', vote: 'self', repeat: true }),
    b: drafter('two', { when: 'judge', vote: 'self', repeat: true }),
  };

  it('a vote counts like one of an agent', async () => {
    const events = await runScripted({
      scripts: undecided,
      onStart: sendAt(afterAnswers(2), (event) => ({
        type: 'vote',
        label: event.type === 'answer.submitted' ? event.data.label : '',
      })),
    });
    const state = foldEvents(events);
    const [, second] = ofType(events, 'answer.submitted');
    expect(state?.winner).toMatchObject({ label: second?.data.label, ballots: 3, tie: null });
    expect(state?.ballots.filter((ballot) => ballot.voter === 'user')).toHaveLength(1);
  });

  it('a veto keeps an answer from winning, and asks those again who voted for it', async () => {
    const events = await runScripted({
      scripts: {
        a: drafter('one', { when: 'judge', vote: 'self' }, { when: 'judge', vote: 'first' }),
        b: drafter('two', { when: 'judge', vote: 'first', delay_ms: 5_000, repeat: true }),
        c: drafter('three', { when: 'judge', vote: 'other', delay_ms: 5_000, repeat: true }),
      },
      onStart: sendAt(
        (event) => event.type === 'ballot.cast',
        (event) => ({ type: 'veto', label: event.type === 'ballot.cast' ? event.data.choice : '', reason: 'wrong' }),
      ),
    });
    const [veto] = ofType(events, 'answer.vetoed');
    const state = foldEvents(events);
    expect(veto?.data.reason).toBe('wrong');
    expect(state?.winner?.label).not.toBe(veto?.data.label);
    expect(state?.ballots.find((ballot) => ballot.choice === veto?.data.label)?.voidedBy).toBe(veto?.data.label);
    expect(state?.end?.outcome).toBe('answered');
  });

  it('a veto of everything ends the run, and says so', async () => {
    const events = await runScripted({
      scripts: undecided,
      onStart: sendAt(
        afterAnswers(2),
        { type: 'veto', label: 'agent1.1', reason: '' },
        { type: 'veto', label: 'agent2.1', reason: '' },
      ),
      settings: { maxAnswersPerAgent: 1 },
    });
    expect(foldEvents(events)?.end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^Every answer was vetoed\./) as string,
    });
  });

  it('an override ends the vote, and the winner still presents', async () => {
    const scripts = {
      a: drafter('one', hanging, { when: 'present', text: 'presented' }),
      b: drafter('two', hanging, { when: 'present', text: 'presented' }),
    };
    const events = await runScripted({
      scripts,
      settings: { finalAnswer: 'present' },
      onStart: sendAt(afterAnswers(2), { type: 'override', label: 'agent2.1' }),
    });
    const state = foldEvents(events);
    expect(state?.winner).toMatchObject({ label: 'agent2.1', rule: 'override', reason: 'The user chose this answer.' });
    expect(state?.final).toMatchObject({ text: 'presented', source: 'presenter' });
  });

  it('comes to nothing for an answer that is not there, or once the winner is known', async () => {
    const events = await runScripted({
      scripts: undecided,
      onStart: (handle) => {
        sendAt(
          afterAnswers(1),
          { type: 'override', label: 'agent7.1' },
          { type: 'veto', label: 'x', reason: '' },
        )(handle);
        sendAt((event) => event.type === 'winner.chosen', { type: 'vote', label: 'agent1.1' })(handle);
      },
    });
    expect(events.filter(({ type }) => ['vote.overridden', 'answer.vetoed', 'vote.added'].includes(type))).toEqual([]);
  });
});
