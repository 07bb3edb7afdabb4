import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { createWordingCache } from '../../src/engine/wording-cache.ts';
import type { PersonaSettings } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const assign = (args: Record<string, unknown>): Turn => ({
  when: 'prepare',
  tool_calls: [{ name: 'assign', args: args as Turn }],
  usage: { input: 40, output: 10 },
  cost_usd: 0.5,
});
const plain = (text: string): Turn[] => [
  { when: 'draft', answer: text },
  { when: 'judge', vote: 'first' },
];
const everybody = (text: string, depends_on: string[] = []): Record<string, unknown>[] =>
  ['agent1', 'agent2'].map((agent) => ({ agent, text: `${text} ${agent}.`, depends_on }));

/** What an agent is sent first: its system prompt and its question. */
function firstWords(events: readonly RunEvent[], alias: string): string[] {
  const [first] = ofType(events, 'context.added').filter((event) => event.agent === alias);
  return first?.data.messages.map(({ text }) => text) ?? [];
}

const personas = { strategy: 'adversarial', diversity: 'perspective', guidelines: 'Be kind.' } as const;
const rewording = { variants: 2, strategy: 'balanced', threshold: 0.5, thinks: false } as const;

describe('points of view', () => {
  it('are written by one call before anybody drafts, told to each agent, and paid for', async () => {
    const events = await runScripted({
      scripts: { a: [assign({ agents: everybody('You doubt,') }), ...plain('one')], b: plain('two') },
      settings: { personas },
    });
    const [finished] = ofType(events, 'preparation.finished');
    expect(finished?.data).toMatchObject({ what: 'personas', problem: null, costUsd: 0.5 });
    expect(finished?.seq).toBeLessThan(ofType(events, 'turn.started')[0]?.seq ?? 0);
    for (const alias of ['agent1', 'agent2'])
      expect(firstWords(events, alias)[0]).toContain(
        `Your point of view while you work out an answer: You doubt, ${alias}.\n`,
      );
    expect(foldEvents(events)?.cost.usd).toBe(0.5);
  });

  it('are done without where the model gives none', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'prepare', text: 'I would rather not.' }, ...plain('one')], b: plain('two') },
      settings: { personas },
    });
    expect(ofType(events, 'preparation.finished').map(({ data }) => data.problem)).toEqual([
      "The model's reply had nothing usable for agent1, agent2.".replace(
        'agent1, agent2',
        foldEvents(events)?.order.join(', ') ?? '',
      ),
    ]);
    expect(foldEvents(events)?.end?.outcome).toBe('answered');
  });

  it('are read out of plain words from a model that calls no tools', async () => {
    const text = `Here: ${JSON.stringify({ agents: everybody('You doubt,') })}`;
    const events = await runScripted({
      scripts: { a: [{ when: 'prepare', text }, ...plain('one')], b: plain('two') },
      settings: { personas },
    });
    expect(ofType(events, 'preparation.finished').map(({ data }) => data.problem)).toEqual([null]);
  });

  it('do not hold up a run that is cancelled meanwhile', async () => {
    const events = await runScripted({
      scripts: { a: [{ when: 'prepare', hang: true }], b: [] },
      settings: { personas },
      onStart: (handle) =>
        handle.subscribe(
          (event) => event.type === 'preparation.started' && handle.send({ type: 'cancel', by: 'user' }),
        ),
    });
    expect([foldEvents(events)?.end?.outcome, events.at(-1)?.type]).toEqual(['cancelled', 'run.finished']);
  });
});

it('a rewording is told to each agent beside the question, and not to judges anew', async () => {
  const variants = ['What might it be?', 'Say what it is.'].map((text) => ({ text, likeness: 0.9 }));
  const events = await runScripted({
    scripts: { a: [assign({ variants }), ...plain('one')], b: plain('two') },
    settings: { rewording, updates: 'restart' },
  });
  const order = foldEvents(events)?.order ?? [];
  const questions = order.map((alias) => firstWords(events, alias)[1] ?? '');
  expect(
    questions.map((text, index) => text.includes('What is it?') && text.includes(variants[index]?.text ?? '')),
  ).toEqual([true, true]);
  const later = ofType(events, 'context.added').slice(2);
  expect(later.length).toBeGreaterThan(0);
  expect(JSON.stringify(later)).not.toContain('In other words');
});

describe('rewordings', () => {
  const said = (events: readonly RunEvent[]) =>
    ofType(events, 'preparation.finished').map(({ data: { texts, costUsd, problem } }) => ({
      texts: Object.values(texts).map(({ text }) => text),
      costUsd,
      problem,
    }));

  it('are kept for the same question and the same wish, and not paid for again', async () => {
    const wordings = createWordingCache(await temporaryFolder(), createRedactor({ secrets: [] }));
    const ask = (question: string, text: string) =>
      runScripted({
        scripts: {
          a: [assign({ variants: [{ text, likeness: 1 }] }), ...plain('one')],
          b: plain('two'),
        },
        settings: { rewording: { ...rewording, isCached: true } },
        question,
        wordings,
      });
    const first = { texts: ['How many?', 'How many?'], costUsd: 0.5, problem: null };
    expect(said(await ask('What is it?', 'How many?'))).toEqual([first]);
    expect(said(await ask('What is it?', 'Something else?'))).toEqual([{ ...first, costUsd: 0 }]);
    expect(said(await ask('What was it?', 'Another one?'))).toEqual([
      { texts: ['Another one?', 'Another one?'], costUsd: 0.5, problem: null },
    ]);
  });

  it('are asked for one by one where each is to have a temperature of its own', async () => {
    const temperatures: unknown[] = [];
    let calls = 0;
    const events = await runScripted({
      scripts: { a: plain('one'), b: plain('two') },
      settings: { rewording: { ...rewording, variants: 3, temperatures: [0.2, 1] } },
      wrap: (provider, { id, backend }) => {
        if (id !== 'rewording') return provider;
        temperatures.push(backend.params['temperature']);
        calls += 1;
        const args = { variants: [{ text: `Wording ${calls}.`, likeness: 1 }] };
        const call = { id: 'c', name: 'assign', args, rawArgs: '' };
        return {
          ...provider,
          async *stream() {
            const message = { role: 'assistant' as const, text: '', calls: [call] };
            yield { type: 'finished', message, stopReason: 'tool-calls', usage: NO_USAGE };
          },
        };
      },
    });
    expect(temperatures).toEqual([0.2, 0.6, 1]);
    expect(said(events)).toEqual([{ texts: ['Wording 1.', 'Wording 2.'], costUsd: 0, problem: null }]);
  });
});

describe('points of view of a session', () => {
  const kept = { ...personas, persists: true as const };
  const texts = { a: 'You doubt.', b: 'You believe.' };
  const run = (settings: PersonaSettings, earlier: PersonaSettings, ids = texts as Record<string, string>) =>
    runScripted({
      scripts: { a: [assign({ agents: everybody('Anew,') }), ...plain('one')], b: plain('two') },
      settings: { personas: settings },
      past: { session: 's', personas: { settings: earlier, texts: ids } },
    });
  const views = (events: readonly RunEvent[]): unknown => {
    const state = foldEvents(events);
    return state?.order.map((alias) => [state.agents[alias]?.info.id, state.prepared.personas?.[alias]?.text]);
  };

  it('stay with their agents, and no model is asked for them again', async () => {
    const events = await run(kept, kept);
    expect(views(events)).toEqual([
      ['a', 'You doubt.'],
      ['b', 'You believe.'],
    ]);
    expect(ofType(events, 'preparation.started')).toEqual([]);
    expect(firstWords(events, foldEvents(events)?.order[1] ?? '')[0]).toContain('You believe.');
  });

  it.each<[string, PersonaSettings, PersonaSettings, Record<string, string>]>([
    ['where nobody wants that', personas, kept, texts],
    ['where they are to be others', kept, { ...kept, guidelines: 'Other.' }, texts],
    ['where an agent is new', kept, kept, { a: 'You doubt.' }],
  ])('are written anew %s', async (_, settings, earlier, ids) => {
    expect(ofType(await run(settings, earlier, ids), 'preparation.started')).toHaveLength(1);
  });
});

describe('divided work', () => {
  it('is divided by a model, done part by part, and put together', async () => {
    const parts = [
      { agent: 'agent1', text: 'Find it.' },
      { agent: 'agent2', text: 'Describe it.', depends_on: ['agent1'] },
    ];
    const turns = (text: string): Turn[] => [
      { when: 'draft', answer: text },
      { when: 'present', text: 'The whole.' },
    ];
    const events = await runScripted({
      scripts: { a: [assign({ agents: parts }), ...turns('found')], b: turns('described') },
      settings: { subtasks: 'asked-for', finalAnswer: 'present' },
    });
    const [system = '', question = ''] = firstWords(events, 'agent2');
    expect(system).toContain('2 agents share the work');
    expect(question).toMatch(/Your part, and nothing else, is:\n\n<part \w+>\nDescribe it\.\n/);
    expect(question).toMatch(/<answer agent1\.1 \w+>\n(found|described)\n/);
    expect(ofType(events, 'request.started').map(({ data }) => data.tools)[0]).toEqual(['new_answer']);
    const state = foldEvents(events);
    expect([state?.winner?.rule, state?.winner?.label, state?.final?.text]).toEqual([
      'division',
      'agent2.1',
      'The whole.',
    ]);
    expect(ofType(events, 'ballot.cast')).toEqual([]);
  });
});
