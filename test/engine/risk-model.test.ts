import { describe, expect, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { launchConfig, type LaunchConfigOptions } from './launch-config.ts';
import { ofType } from './scripted-run.ts';

const files = {
  'send.mjs': `
import { appendFileSync } from 'node:fs';
export const send = {
  description: 'Sends.',
  parameters: { type: 'object', properties: { to: { type: 'string' } } },
  run: () => { appendFileSync(new URL('effects.txt', import.meta.url), 'sent\\n'); return 'Sent.'; },
};
`,
};

/** An agent that sends once, and a model of its own beside it that judges that. */
const team = (
  judgement: string,
  rules = '[allow custom_tool__send]',
  calls = '{ name: custom_tool__send, args: { to: x } }',
) => `
agent:
  id: ada
  backend:
    type: scripted
    command_line_execution_mode: host
    custom_tools: [{ path: send.mjs }]
    script: { turns: [{ request: 1, tool_calls: [${calls}] }, { text: Done., repeat: true }] }
permissions:
  rules: ${rules}
  risk_model: { backend: { type: scripted, script: { turns: [${judgement}] } } }
`;
const says = (risk: string): string =>
  `{ when: risk, tool_calls: [{ name: rate_risk, args: { risk: ${risk}, reason: So it is. } }], usage: { input: 50, output: 5 }, cost_usd: 0.25, repeat: true }`;

async function play(text: string, options: LaunchConfigOptions = {}) {
  const { events, read } = await launchConfig(text, { files, ...options });
  return { events, sent: await read('effects.txt').catch(() => '') };
}

describe('a model that judges the risk of calls', () => {
  test('lets what rules allow pass where it finds little, is written down and paid for', async () => {
    const { events, sent } = await play(team(says('low')));
    expect(sent).toBe('sent\n');
    expect(ofType(events, 'risk.judged').map(({ data: { tool, risk, costUsd } }) => [tool, risk, costUsd])).toEqual([
      ['custom_tool__send', 'low', 0.25],
    ]);
    const state = foldEvents(events);
    expect(state?.phases.risk?.cost.usd).toBe(0.25);
    expect(state?.cost.usd).toBe(0.25);
  });

  test('makes what a rule allows be asked about where it finds much', async () => {
    const { events, sent } = await play(team(says('high')));
    expect(sent).toBe('');
    expect(ofType(events, 'approval.decided')[0]?.data).toMatchObject({
      isAllowed: false,
      risk: 'high',
      reason: 'Nobody is there who could be asked. A model finds its risk high: So it is.',
    });
  });

  test('is not shown a call that is too long to be judged, which is asked about', async () => {
    const calls = `{ name: custom_tool__send, args: { to: ${'x'.repeat(20_000)} } }`;
    const { events, sent } = await play(team(says('low'), undefined, calls));
    expect(sent).toBe('');
    expect(ofType(events, 'risk.judged').map(({ data: { risk, reason, costUsd } }) => [risk, reason, costUsd])).toEqual(
      [['high', 'The call is too long to be judged.', 0]],
    );
  });

  test('is quoted to whoever is asked then', async () => {
    const { events, sent } = await play(team(says('high')), {
      isAttended: true,
      onStart: (handle) =>
        handle.subscribe(({ type, data }) => {
          if (type !== 'approval.requested') return;
          handle.send({
            type: 'decide',
            request: data.request,
            isAllowed: true,
            scope: 'once',
            by: 'user',
            reason: '',
          });
        }),
    });
    expect(ofType(events, 'approval.requested')[0]?.data.detail).toContain('By a model the risk is high: So it is.');
    expect(sent).toBe('sent\n');
  });

  test.each([
    ['cannot be had', ''],
    ['says nothing usable', '{ when: risk, text: Fine!, repeat: true }'],
    ['fails', '{ when: risk, fail: { kind: bad-request, message: No. }, repeat: true }'],
  ])('makes a call be asked about where it %s', async (_, turns) => {
    const { events, sent } = await play(team(turns));
    expect(sent).toBe('');
    expect(ofType(events, 'risk.judged')[0]?.data.risk).toBe(null);
  });

  test('cannot lift what a rule denies, and is not asked about it', async () => {
    const { events, sent } = await play(team(says('low'), '[deny custom_tool__send]'));
    expect([sent, ofType(events, 'risk.judged')]).toEqual(['', []]);
  });

  test('is asked once of the same call, and never of reading', async () => {
    const call = '{ name: custom_tool__send, args: { to: x } }';
    const { events } = await play(team(says('low'), '[allow custom_tool__send]', `${call}, ${call}`));
    expect(ofType(events, 'risk.judged')).toHaveLength(1);
    expect(ofType(events, 'tool.finished').filter(({ data }) => !data.isError)).toHaveLength(2);
  });
});

test('without a backend of its own it is the agent’s own model', async () => {
  const text = team('')
    .replace(/risk_model: .*/, 'risk_model: {}')
    .replace('{ text: Done., repeat: true }', `${says('high')}, { text: Done., repeat: true }`);
  const { events, sent } = await play(text);
  expect([sent, ofType(events, 'risk.judged')[0]?.data.risk]).toEqual(['', 'high']);
});
