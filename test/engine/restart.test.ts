import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { allAnswersOf, agentsOf } from '../../src/coordination/views.ts';
import type { ModelRequest, Provider } from '../../src/providers/provider.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const restart = (instructions: string): Turn => ({
  when: 'evaluate',
  tool_calls: [{ name: 'restart_orchestration', args: { reason: 'It forgets the night.', instructions } }],
});
const submit: Turn = { when: 'evaluate', repeat: true, tool_calls: [{ name: 'submit', args: { confirmed: true } }] };

const script = (name: string, ...evaluations: Turn[]): Turn[] => [
  { when: 'draft', answer: `first of ${name}` },
  { when: 'draft', answer: `second of ${name}` },
  { when: 'draft', answer: `third of ${name}` },
  { when: 'judge', vote: 'agent1', repeat: true },
  { when: 'present', text: `presented by ${name}`, repeat: true },
  ...evaluations,
];

/** Whoever is asked first sends the work back; the second attempt is let pass. */
const settings = { finalAnswer: 'present' as const, maxRestarts: 2 };

describe('an answer that another agent finds wanting', () => {
  it('starts the work anew, with what was said of it, and the better answer is the final one', async () => {
    const sent: ModelRequest[] = [];
    const scripts = {
      a: script('a', restart('Mind the night.'), submit),
      b: script('b', submit),
      c: script('c', restart('Mind the night.'), submit),
    };
    const wrap = (provider: Provider): Provider => ({
      ...provider,
      stream: (request) => {
        sent.push(request);
        return provider.stream(request);
      },
    });
    const events = await runScripted({ scripts, settings, wrap });
    const state = foldEvents(events);
    const evaluated = ofType(events, 'answer.evaluated');
    const author = ofType(events, 'winner.chosen')[0]?.agent;
    expect(evaluated.every((event) => event.agent !== author)).toBe(true);
    const attempts = ofType(events, 'attempt.started');
    expect(attempts.map((event) => event.data.attempt)).toEqual(attempts.map((_, index) => index + 2));
    expect(attempts.every((event) => event.attempt === event.data.attempt)).toBe(true);
    expect(state?.end).toEqual({ outcome: 'answered', reason: 'The final answer was presented.' });
    const drafts = sent.filter((request) => request.purpose === 'draft').slice(3);
    expect(drafts).toHaveLength(3 * attempts.length);
    for (const { messages } of drafts) {
      const text = messages.map((message) => ('text' in message ? message.text : '')).join('\n');
      expect(text).toContain('It forgets the night.');
      expect(text).toContain('Mind the night.');
      expect(text).toContain('presented by');
    }
  });

  it.each([
    ['selective', ['agent2.1', 'agent3.1'], ['agent1.2', 'agent2.1', 'agent3.1']],
    ['full', undefined, ['agent1.2', 'agent2.2', 'agent3.2']],
  ] as const)(
    'leaves answers that are good as they are, but never the presented one (%s)',
    async (mode, kept, pool) => {
      const sent: ModelRequest[] = [];
      const again: Turn = {
        when: 'evaluate',
        tool_calls: [
          {
            name: 'restart_orchestration',
            args: {
              reason: 'Dark.',
              instructions: 'Mind the night.',
              keep: ['agent1', 'agent2', 'agent3.1', 'nobody', 7],
            },
          },
        ],
      };
      const events = await runScripted({
        scripts: { a: script('a', again), b: script('b', again), c: script('c', again) },
        settings: { ...settings, maxRestarts: 1, restartMode: mode },
        wrap: (provider) => ({
          ...provider,
          stream: (request) => {
            sent.push(request);
            return provider.stream(request);
          },
        }),
      });
      const begun = ofType(events, 'attempt.started');
      const after = events.slice(events.findIndex(({ type }) => type === 'attempt.started'));
      const [winner] = ofType(after, 'winner.chosen');
      const drafted = ofType(after, 'turn.started').filter(({ data }) => data.kind === 'draft');
      expect([
        begun.map(({ data }) => data.kept?.toSorted()),
        winner?.data.scores.map(({ label }) => label).toSorted(),
      ]).toEqual([[kept], pool]);
      expect(drafted.flatMap(({ agent }) => agent ?? []).toSorted()).toEqual(
        mode === 'full' ? ['agent1', 'agent2', 'agent3'] : ['agent1'],
      );
      // Everybody knows what was wrong, once.
      const judges = sent.filter(({ purpose }) => purpose === 'judge').slice(-3);
      for (const { messages } of judges) {
        const said = messages.flatMap((message) => ('text' in message ? message.text : []));
        expect(said.filter((text) => text.includes('Mind the night.'))).toHaveLength(1);
      }
    },
  );

  it('keeps the numbers of answers going, so that a label names one text for ever', async () => {
    const scripts = { a: script('a', restart('x'), submit), b: script('b', restart('x'), submit) };
    const state = foldEvents(await runScripted({ scripts, settings: { ...settings, maxRestarts: 1 } }));
    const labels = state ? agentsOf(state).flatMap((agent) => allAnswersOf(agent).map((answer) => answer.label)) : [];
    expect(labels.toSorted()).toEqual(['agent1.1', 'agent1.2', 'agent2.1', 'agent2.2']);
    expect(state?.winner?.label).toBe('agent1.2');
  });

  it('is the final one all the same when no restart is left', async () => {
    const scripts = { a: script('a', restart('x'), restart('x')), b: script('b', restart('x'), restart('x')) };
    const events = await runScripted({ scripts, settings: { ...settings, maxRestarts: 1 } });
    expect(ofType(events, 'attempt.started')).toHaveLength(1);
    expect(foldEvents(events)?.end?.outcome).toBe('answered');
  });

  it('is kept when the next attempt comes to nothing', async () => {
    const once = (name: string): Turn[] => script(name, restart('x')).filter((_, index) => index !== 1 && index !== 2);
    const events = await runScripted({
      scripts: { a: once('a'), b: once('b') },
      settings: { ...settings, maxRestarts: 1 },
    });
    const state = foldEvents(events);
    expect(state?.final?.text).toMatch(/^presented by /);
    expect(state?.final?.notice).toBe('Attempt 2 came to no answer, so this is the answer of the attempt before it.');
    expect(state?.end?.outcome).toBe('answered');
  });

  it('passes when whoever was asked says nothing usable, or cannot be reached', async () => {
    for (const odd of [
      { when: 'evaluate', text: 'Fine.', repeat: true },
      { when: 'evaluate', fail: { kind: 'auth', message: 'No key.' }, repeat: true },
    ]) {
      const events = await runScripted({ scripts: { a: script('a', odd), b: script('b', odd) }, settings });
      expect(ofType(events, 'attempt.started')).toEqual([]);
      expect(foldEvents(events)?.end?.outcome).toBe('answered');
    }
  });

  it('is not evaluated at all unless restarts are asked for', async () => {
    const events = await runScripted({
      scripts: { a: script('a'), b: script('b') },
      settings: { finalAnswer: 'present' },
    });
    expect(ofType(events, 'turn.started').filter((event) => event.data.kind === 'evaluate')).toEqual([]);
  });

  it('of an agent that works alone is evaluated by itself, and done again with the feedback', async () => {
    const alone: Turn[] = [
      { when: 'solo', text: 'first' },
      { when: 'solo', text: 'second' },
      restart('Say more.'),
      submit,
    ];
    const events = await runScripted({ scripts: { only: alone }, settings: { ...settings, maxRestarts: 1 } });
    expect(foldEvents(events)?.final?.text).toBe('second');
  });
});
