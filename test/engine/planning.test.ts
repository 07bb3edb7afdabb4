import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { JsonObject } from '../../src/events/json.ts';
import { UNKNOWN_TOOL, type Tool } from '../../src/tools/tool.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const settings = { planning: { instruction: '' } };

/** `send` reaches out, `look` only reads, `note` stays in the workspace, `claims` is a server's and says that it stays. */
function toolbox(ran: string[]): Tool[] {
  const tool = (name: string, more: Partial<Tool>): Tool => ({
    spec: { name, description: '', parameters: { type: 'object' } },
    execute: async (args: JsonObject) => {
      ran.push(`${name} ${JSON.stringify(args)}`);
      return { output: 'done', isError: name === 'fails' };
    },
    ...more,
  });
  const inside = { ...UNKNOWN_TOOL, openWorld: false };
  return [
    tool('send', {}),
    tool('fails', {}),
    tool('look', { annotations: { ...UNKNOWN_TOOL, readOnly: true } }),
    tool('note', { annotations: inside }),
    tool('claims', { annotations: inside, origin: { server: 'a', tool: 'claims' } }),
  ];
}

const calls = (...names: [string, JsonObject][]): Turn => ({
  tool_calls: names.map(([name, args]) => ({ name, args })),
});

async function run(
  first: Turn[],
  more: { present?: Turn[]; finalAnswer?: 'reuse' | 'present' } = {},
): Promise<{ ran: string[]; events: RunEvent[] }> {
  const ran: string[] = [];
  const present = (more.present ?? [{ text: 'It is done.' }]).map((turn) => ({ ...turn, when: 'present' }));
  const events = await runScripted({
    scripts: {
      ada: [
        ...first.map((turn) => ({ ...turn, when: 'draft' })),
        { when: 'draft', answer: 'A.' },
        { when: 'judge', vote: 'self' },
        ...present,
      ],
      bob: [{ answer: 'B.' }, { when: 'judge', vote: 'other' }],
    },
    tools: toolbox(ran),
    settings: { ...settings, finalAnswer: more.finalAnswer ?? 'present' },
  });
  return { ran, events };
}

const outputs = (events: RunEvent[]): string[] => ofType(events, 'tool.finished').map(({ data }) => data.output);

describe('while agents coordinate', () => {
  test('what has effects outside is noted and not done, what is unknown too; reading and one’s own files are free', async () => {
    const { ran, events } = await run([calls(['send', { to: 'x' }], ['claims', {}], ['look', {}], ['note', {}])]);
    expect(ran).toEqual(['look {}', 'note {}']);
    expect(ofType(events, 'action.proposed').map(({ data: { tool, args } }) => [tool, args])).toEqual([
      ['send', { to: 'x' }],
      ['claims', {}],
    ]);
  });

  test('the same call is noted once, in whatever order its arguments come', async () => {
    const { events } = await run([calls(['send', { a: 1, b: 2 }], ['send', { b: 2, a: 1 }], ['send', { a: 1, b: 3 }])]);
    expect(ofType(events, 'action.proposed')).toHaveLength(2);
  });

  test('judges are shown what an answer would do', async () => {
    const { events } = await run([calls(['send', { to: 'x' }])]);
    const shown = ofType(events, 'context.added').flatMap(({ data }) => data.messages.map(({ text }) => text));
    expect(shown.filter((text) => text.includes('If it wins, these calls are made:\n- send {"to":"x"}'))).toHaveLength(
      1,
    );
  });
});

describe('the winner', () => {
  test('does what was planned, once, with the beginning on disk before the effect', async () => {
    const { ran, events } = await run([calls(['send', { to: 'x' }])], {
      present: [calls(['send', { to: 'x' }]), calls(['send', { to: 'x' }]), { text: 'Sent.' }],
    });
    expect(ran).toEqual(['send {"to":"x"}']);
    expect(events.filter(({ type }) => type.startsWith('action.')).map(({ type }) => type)).toEqual([
      'action.proposed',
      'action.begun',
      'action.ended',
    ]);
    expect(outputs(events).at(-1)).toBe('send was not run: It was done before and succeeded. It is not done twice.');
  });

  test('does not do again what has failed', async () => {
    const { ran } = await run([calls(['fails', {}])], {
      present: [calls(['fails', {}]), calls(['fails', {}]), { text: 'No.' }],
    });
    expect(ran).toEqual(['fails {}']);
  });

  test('does nothing that was not planned, and nothing planned with other arguments', async () => {
    const { ran, events } = await run([calls(['send', { to: 'x' }])], {
      present: [calls(['send', { to: 'y' }], ['fails', {}]), { text: 'Done.' }],
    });
    expect(ran).toEqual([]);
    expect(
      outputs(events)
        .slice(-2)
        .map((text) => text.includes('was not part of the answer that won')),
    ).toEqual([true, true]);
  });

  test('presents also where the winning answer would do as it is, since there is something to do', async () => {
    const { ran } = await run([calls(['send', {}])], {
      finalAnswer: 'reuse',
      present: [calls(['send', {}]), { text: 'Sent.' }],
    });
    expect(ran).toEqual(['send {}']);
  });
});

test('without planning nothing is held back', async () => {
  const ran: string[] = [];
  await runScripted({
    scripts: { ada: [calls(['send', {}]), { answer: 'A.' }], bob: [{ answer: 'B.' }] },
    tools: toolbox(ran),
  });
  expect(ran).toEqual(['send {}']);
});

test('a later question of a session is planned only where its own config says so', async () => {
  const past = { history: [{ question: 'Before?', answer: 'Yes.', outcome: 'answered' as const }] };
  const ran: string[] = [];
  const scripts = { ada: [calls(['send', { to: 'x' }]), { text: 'Done.' }] };
  const events = await runScripted({ scripts, tools: toolbox(ran), past });
  expect([ran, ofType(events, 'action.proposed')]).toEqual([['send {"to":"x"}'], []]);
});
