import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { Message } from '../../src/events/message.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import type { ModelRequest, Provider } from '../../src/providers/provider.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const answerThenVote = (answer: string, vote: string): Turn[] => [
  { when: 'draft', reasoning: 'Let me see.', answer },
  { when: 'judge', vote, repeat: true },
  { when: 'present', text: `Presented: ${answer}` },
];

/** Keeps what each agent's model was sent. */
function recorder(): {
  requests: Map<string, ModelRequest[]>;
  wrap: (provider: Provider, agent: { id: string }) => Provider;
} {
  const requests = new Map<string, ModelRequest[]>();
  return {
    requests,
    wrap: (provider, agent) => ({
      ...provider,
      stream: (request) => {
        requests.set(agent.id, [...(requests.get(agent.id) ?? []), request]);
        return provider.stream(request);
      },
    }),
  };
}

const textsOf = (messages: readonly Message[]): string =>
  messages.map((message) => ('text' in message ? message.text : message.output)).join('\n');

describe('a run', () => {
  it('goes from a question over drafts and votes to a presented answer', async () => {
    const events = await runScripted({
      scripts: {
        a: answerThenVote('A says one', 'first'),
        b: answerThenVote('B says two', 'first'),
        c: answerThenVote('C says three', 'first'),
      },
      settings: { finalAnswer: 'present' },
    });
    const state = foldEvents(events);
    expect(state?.end).toEqual({ outcome: 'answered', reason: 'The final answer was presented.' });
    expect(state?.final?.source).toBe('presenter');
    expect(state?.final?.text).toMatch(/^Presented: /);
    expect(ofType(events, 'request.started')).toHaveLength(7);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  it('asks a single agent once and nothing else', async () => {
    const { requests, wrap } = recorder();
    const events = await runScripted({
      scripts: { only: [{ text: 'Forty-two.' }] },
      question: 'What is six times seven?',
      wrap,
    });
    expect(foldEvents(events)?.final?.text).toBe('Forty-two.');
    expect(requests.get('only')?.map(({ messages, tools, purpose }) => ({ messages, tools, purpose }))).toEqual([
      { messages: [{ role: 'user', text: 'What is six times seven?' }], tools: [], purpose: 'solo' },
    ]);
  });

  it('with equal seeds gives equal logs, event by event', async () => {
    const options = {
      scripts: {
        a: answerThenVote('one', 'other'),
        b: answerThenVote('two', 'other'),
        c: answerThenVote('three', 'first'),
      },
      seed: 5,
    };
    expect(JSON.stringify(await runScripted(options))).toBe(JSON.stringify(await runScripted(options)));
  });

  it('shows each agent the same aliases in prompts, tools and labels, and never a real id', async () => {
    const { requests, wrap } = recorder();
    const scripts = {
      'vendor-x': answerThenVote('one', 'self'),
      'vendor-y': answerThenVote('two', 'self'),
      'vendor-z': answerThenVote('three', 'self'),
    };
    const events = await runScripted({ scripts, settings: { finalAnswer: 'present' }, wrap });
    const infos = ofType(events, 'run.started')[0]?.data.agents ?? [];
    expect(infos.map((info) => info.alias).toSorted()).toEqual(['agent1', 'agent2', 'agent3']);
    for (const info of infos) {
      const sent = (requests.get(info.id) ?? [])
        .map(({ messages, tools }) => textsOf(messages) + JSON.stringify(tools))
        .join('\n');
      expect(sent).not.toContain('vendor');
      expect(sent).toContain(`You are ${info.alias}.`);
    }
    for (const answer of ofType(events, 'answer.submitted')) expect(answer.data.label).toBe(`${answer.agent}.1`);
  });

  it('tells an agent that is judging of a new answer in its very next model call', async () => {
    const { requests, wrap } = recorder();
    const tool = {
      spec: { name: 'wait', description: '', parameters: { type: 'object' } },
      execute: async () => ({ output: 'waited', isError: false }),
    };
    const events = await runScripted({
      scripts: {
        quick: [
          { when: 'draft', answer: 'quick' },
          { when: 'judge', answer: 'quick, revised' },
          { when: 'judge', vote: 'self', repeat: true },
        ],
        slow: [
          { when: 'draft', answer: 'slow' },
          { when: 'judge', tool_calls: [{ name: 'wait', args: {} }], delay_ms: 5_000 },
          { when: 'judge', vote: 'other', repeat: true },
        ],
      },
      tools: [tool],
      wrap,
    });
    const update = ofType(events, 'update.delivered');
    expect(update).toHaveLength(1);
    const [, , afterwards] = requests.get('slow') ?? [];
    expect(textsOf(afterwards?.messages ?? [])).toContain('quick, revised');
    expect(foldEvents(events)?.winner?.reason).not.toBe('');
    expect(foldEvents(events)?.ballots.filter((ballot) => ballot.voidedBy !== null)).toEqual([]);
  });

  it('shows no answer twice in one conversation, and to nobody its own', async () => {
    const { requests, wrap } = recorder();
    await runScripted({
      scripts: {
        quick: [
          { when: 'draft', answer: 'the QUICK answer' },
          { when: 'judge', vote: 'self', repeat: true },
          { when: 'present', text: 'done' },
        ],
        slow: [
          { when: 'draft', answer: 'the SLOW answer' },
          { when: 'judge', answer: 'the REVISED answer', delay_ms: 5_000 },
          { when: 'judge', vote: 'other', repeat: true },
        ],
      },
      settings: { finalAnswer: 'present' },
      wrap,
    });
    const sent = requests.get('quick') ?? [];
    const asked = (sent.at(-1)?.messages ?? []).filter((message) => message.role === 'user');
    const counts = ['QUICK', 'SLOW', 'REVISED'].map((word) => textsOf(asked).split(word).length - 1);
    expect(sent.map(({ purpose }) => purpose)).toEqual(['draft', 'judge', 'judge', 'present']);
    expect(counts).toEqual([0, 1, 1]);
  });

  it('repeats a call that failed before it streamed, after the time the server asked for', async () => {
    const events = await runScripted({
      scripts: {
        only: [
          { fail: { kind: 'rate-limit', message: 'Slow down.', status: 429, retry_after_ms: 2_000 } },
          { text: 'Here.' },
        ],
      },
    });
    expect(ofType(events, 'request.failed').map((event) => event.data.retryInMs)).toEqual([2_000]);
    const [first, second] = ofType(events, 'request.started').map((event) => event.at);
    expect((second ?? 0) - (first ?? 0)).toBe(2_000);
    expect(foldEvents(events)?.final?.text).toBe('Here.');
  });

  it('gives up on a wrong key after one request, and goes on without that agent', async () => {
    const events = await runScripted({
      scripts: {
        good: answerThenVote('good', 'first'),
        bad: [{ fail: { kind: 'auth', message: 'KEY_X was refused.' }, repeat: true }],
      },
    });
    expect(ofType(events, 'request.failed')).toHaveLength(1);
    expect(ofType(events, 'agent.failed').map((event) => event.data.error)).toEqual([
      { kind: 'auth', message: 'KEY_X was refused.' },
    ]);
    expect(foldEvents(events)?.end?.outcome).toBe('answered');
  });

  it('keeps what was decided when it is cancelled, and ends with nothing left running', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'kept' }], b: [{ when: 'draft', text: 'thinking', hang: true }] },
      onStart: (handle) =>
        handle.subscribe((event) => event.type === 'answer.submitted' && handle.send({ type: 'cancel', by: 'user' })),
    });
    expect(foldEvents(events)?.end).toEqual({ outcome: 'cancelled', reason: 'The run was cancelled.' });
    expect(ofType(events, 'answer.submitted').map((event) => event.data.text)).toEqual(['kept']);
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(ofType(events, 'request.failed').map((event) => event.data.error.kind)).toEqual(['aborted']);
  });

  it('ends at its deadline with the best answer so far', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'draft', answer: 'in time' }], b: [{ when: 'draft', hang: true }] },
      settings: { timeoutMs: 10_000 },
    });
    expect(foldEvents(events)?.end?.outcome).toBe('timed-out');
    expect(foldEvents(events)?.final?.text).toBe('in time');
    expect(ofType(events, 'deadline.reached')[0]?.at).toBe((events[0]?.at ?? 0) + 10_000);
  });

  it('presents once when the deadline comes during the presentation', async () => {
    const events = await runScripted({
      scripts: {
        a: [...answerThenVote('one', 'first').slice(0, 2), { when: 'present', text: 'never done', hang: true }],
        b: [...answerThenVote('two', 'first').slice(0, 2), { when: 'present', text: 'never done', hang: true }],
      },
      settings: { finalAnswer: 'present', timeoutMs: 60_000 },
    });
    expect(ofType(events, 'turn.started').filter((event) => event.data.kind === 'present')).toHaveLength(1);
    expect(ofType(events, 'answer.presented').map((event) => event.data.source)).toEqual(['winning-answer']);
  });

  it('fails an agent whose provider cannot be made, and says why', async () => {
    const events = await runScripted({
      scripts: { a: [], b: [{ when: 'draft', answer: 'fine' }] },
      wrap: (provider, agent) => {
        if (agent.id === 'a') throw new MassgenError('no-sdk', 'The SDK could not be loaded.');
        return provider;
      },
    });
    expect(ofType(events, 'agent.failed').map((event) => event.data.error.message)).toEqual([
      'The SDK could not be loaded.',
    ]);
    expect(foldEvents(events)?.final?.text).toBe('fine');
  });

  it('stops and rejects when its log cannot be written any more', async () => {
    const full = new MassgenError('disk-full', 'The disk is full.', { exitCode: 2 });
    const run = runScripted({
      scripts: { a: answerThenVote('one', 'first'), b: answerThenVote('two', 'first') },
      log: (log) => ({
        ...log,
        append: (draft) =>
          draft.type === 'ballot.cast' ? { ...log.append(draft), committed: Promise.reject(full) } : log.append(draft),
      }),
    });
    await expect(run).rejects.toBe(full);
  });
});
