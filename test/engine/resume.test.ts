import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { NO_LIMITS } from '../../src/events/settings.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { resumeLeft } from './resume-left.ts';
import type { Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

/** Every turn may be used again, since a new process begins its scripts anew. */
const script = (answer: string): Turn[] => [
  { when: 'draft', reasoning: 'Let me see.', answer, repeat: true },
  { when: 'judge', vote: 'agent2', repeat: true },
  { when: 'present', text: `Presented: ${answer}`, repeat: true },
];
const scripts = { a: script('one'), b: script('two'), c: script('three') };
const settings = { finalAnswer: 'present' as const };

describe('a run whose process was killed', () => {
  it('comes to the same outcome, whatever the last event on disk was', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const expected = foldEvents(undisturbed);
    for (let length = 1; length < undisturbed.length; length += 1) {
      const events = await resumeLeft(undisturbed.slice(0, length), scripts);
      const state = foldEvents(events);
      expect({
        after: undisturbed[length - 1]?.type,
        winner: state?.winner?.label,
        final: state?.final?.text,
        end: state?.end,
      }).toEqual({
        after: undisturbed[length - 1]?.type,
        winner: expected?.winner?.label,
        final: expected?.final?.text,
        end: expected?.end,
      });
    }
  });

  it('asks no model again for a reply that is in the log', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const afterDrafts = undisturbed.findIndex((event) => event.type === 'turn.started' && event.data.kind === 'judge');
    const events = await resumeLeft(undisturbed.slice(0, afterDrafts), scripts);
    const resumed = events.findIndex((event) => event.type === 'run.resumed');
    const kinds = ofType(events.slice(resumed), 'turn.started').map((event) => event.data.kind);
    expect(kinds.toSorted()).toEqual(['judge', 'judge', 'judge', 'present']);
  });

  it('loses a torn last line and nothing else', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const kept = undisturbed.slice(0, 12);
    const events = await resumeLeft(kept, scripts, { torn: '{"v":1,"seq":13,"at":17' });
    expect(events.slice(0, 12)).toEqual(kept);
    expect(events[12]).toMatchObject({ seq: 13, type: 'run.resumed', epoch: 2 });
  });

  it('pays for no reply twice and runs no tool twice, whatever the last event on disk was', async () => {
    const counting = (): { tool: Tool; ran: string[] } => {
      const ran: string[] = [];
      const execute: Tool['execute'] = async (args) => ({
        output: `ran ${ran.push(JSON.stringify(args))}`,
        isError: false,
      });
      const spec = { name: 'act', description: 'Acts.', parameters: { type: 'object' } };
      return { ran, tool: { spec, execute } as Tool };
    };
    const acting = (name: string): Turn[] => [
      {
        request: 1,
        tool_calls: [
          { name: 'act', args: { by: name, n: 1 } },
          { name: 'act', args: { by: name, n: 2 } },
        ],
      },
      { request: 2, answer: `The answer of ${name}` },
      { request: 3, vote: 'agent1' },
      { when: 'present', text: 'Presented.', repeat: true },
    ];
    const team = { a: acting('a'), b: acting('b'), c: acting('c') };
    const undisturbed = await runScripted({ scripts: team, settings, tools: [counting().tool] });
    const paid = (events: readonly RunEvent[]) => ofType(events, 'request.finished').length;
    for (let length = 1; length < undisturbed.length; length += 1) {
      const left = undisturbed.slice(0, length);
      const { tool, ran } = counting();
      const events = await resumeLeft(left, team, { tools: [tool] });
      const began = ofType(left, 'tool.started').map((event) => JSON.stringify(event.data.call.args));
      const results = ofType(events, 'tool.finished').map((event) => event.data.callId + event.agent);
      expect({
        after: left.at(-1)?.type,
        requests: paid(events),
        effects: [...began, ...ran].toSorted(),
        results: results.length,
        final: foldEvents(events)?.final?.text,
      }).toEqual({
        after: left.at(-1)?.type,
        requests: paid(undisturbed),
        effects: [...new Set([...began, ...ran])].toSorted(),
        results: 6,
        final: 'Presented.',
      });
      expect([...began, ...ran]).toHaveLength(6);
    }
  });

  /** What is left of a run when it dies the moment that its budget is told to be used up. */
  const leftAtLimit = async (tokens: number, team: Record<string, Turn[]>): Promise<[RunEvent[], RunEvent[]]> => {
    const limits = { ...NO_LIMITS, tokens };
    const undisturbed = await runScripted({ scripts: team, settings: { ...settings, limits } });
    const reached = undisturbed.findIndex(({ type }) => type === 'budget.reached');
    return [undisturbed, undisturbed.slice(0, reached + 1)];
  };
  const paid = (turn: Turn, output: number): Turn => ({ ...turn, usage: { input: 0, output } });

  it('keeps an answer that was handed in with the reply that used up the budget', async () => {
    const team = {
      a: [paid({ when: 'draft', answer: 'one' }, 10)],
      b: [paid({ when: 'draft', answer: 'two', delay_ms: 500 }, 90)],
    };
    const [undisturbed, left] = await leftAtLimit(100, team);
    const answersIn = (events: readonly RunEvent[]): string[] =>
      ofType(events, 'answer.submitted').map(({ data }) => data.text);
    expect([answersIn(left), answersIn(undisturbed)]).toEqual([['one'], ['one', 'two']]);
    const events = await resumeLeft(left, team);
    expect([answersIn(events), foldEvents(events)?.final?.text]).toEqual([
      ['one', 'two'],
      foldEvents(undisturbed)?.final?.text,
    ]);
  });

  it('keeps what was presented with the reply that used up the budget', async () => {
    const team = Object.fromEntries(
      ['one', 'two'].map((word) => [
        word,
        [
          paid({ when: 'draft', answer: word }, 5),
          paid({ when: 'judge', vote: 'agent1' }, 5),
          paid({ when: 'present', text: 'Well presented.' }, 100),
        ],
      ]),
    );
    const [undisturbed, left] = await leftAtLimit(100, team);
    expect(foldEvents(left)?.final).toBeNull();
    const events = await resumeLeft(left, team);
    expect([foldEvents(events)?.final?.text, foldEvents(undisturbed)?.final?.text]).toEqual([
      'Well presented.',
      'Well presented.',
    ]);
    expect(ofType(events, 'request.finished')).toHaveLength(ofType(undisturbed, 'request.finished').length);
  });

  it('tells the model that the effect of a tool is unknown when it had begun', async () => {
    const team = {
      a: [
        { request: 1, tool_calls: [{ name: 'act' }] },
        { request: 2, text: 'Done.' },
      ],
    };
    const spec = { name: 'act', description: 'Acts.', parameters: { type: 'object' } };
    const act = { spec, execute: async () => ({ output: 'ok', isError: false }) } as Tool;
    const undisturbed = await runScripted({ scripts: team, tools: [act] });
    const begun = undisturbed.findIndex((event) => event.type === 'tool.started');
    const events = await resumeLeft(undisturbed.slice(0, begun + 1), team, { tools: [act] });
    const [result] = ofType(events, 'tool.finished').map((event) => event.data);
    expect(result).toMatchObject({
      name: 'act',
      isError: true,
      output: expect.stringContaining('may have taken effect'),
    });
    expect(foldEvents(events)?.final?.text).toBe('Done.');
  });
});

describe('a run that was cancelled', () => {
  const hanging = {
    a: [{ when: 'draft', answer: 'one' }],
    b: [{ when: 'draft', text: 'Half an ans', hang: true }],
  } as Record<string, Turn[]>;
  const patient = { a: script('one'), b: script('two') };

  it('goes on to its answer and keeps what it had', async () => {
    const cancelled = await runScripted({
      scripts: hanging,
      settings,
      onStart: (handle) => {
        handle.subscribe((event) => {
          if (event.type === 'answer.submitted') handle.send({ type: 'cancel', by: 'user' });
        });
      },
    });
    expect(foldEvents(cancelled)?.end?.outcome).toBe('cancelled');
    const events = await resumeLeft(cancelled, patient);
    const state = foldEvents(events);
    expect(events.slice(0, cancelled.length)).toEqual(cancelled);
    expect(state?.end?.outcome).toBe('answered');
    expect(ofType(events, 'answer.submitted').map((event) => event.data.text)).toEqual(['one', 'two']);
    // What was begun is not asked for again in a second prompt.
    const prompts = ofType(events, 'context.added').filter((event) =>
      event.data.messages.some((m) => m.text.includes('Work out an answer of your own')),
    );
    expect(prompts).toHaveLength(2);
  });

  it('is left as it is when it was over otherwise', async () => {
    const over = await runScripted({ scripts, settings });
    expect(await resumeLeft(over, scripts)).toEqual(over);
  });
});
