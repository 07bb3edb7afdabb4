import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import type { Decision } from '../../../src/tools/asks.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { HOST_COMMAND, SEND, tryCall, type Setting } from './desk.ts';

const GIVEN = { command: 'rm -r build && make', work_dir: 'app' };

/** One call that the user allows as they have written it. */
async function edited(text: string, setting: Setting = {}, tool: Tool = HOST_COMMAND, args: JsonObject = GIVEN) {
  const ran: JsonObject[] = [];
  const answer: Decision = { isAllowed: true, scope: 'once', reason: '', edited: text };
  const noting: Tool = {
    ...tool,
    spec: { ...tool.spec, parameters: { type: 'object', properties: { command: { type: 'string', maxLength: 40 } } } },
    execute: async (given) => {
      ran.push(given);
      return { output: 'done', isError: false };
    },
  };
  return { ...(await tryCall(noting, args, { isAttended: true, answer, ...setting })), calls: ran };
}

describe('a command that the user changes and allows', () => {
  it('runs as the user has written it, asks once, and the agent is told', async () => {
    const { calls, asked, output } = await edited('make');
    expect(calls).toEqual([{ command: 'make', work_dir: 'app' }]);
    expect(asked.map(({ editable, target }) => ({ editable, target }))).toEqual([
      { editable: true, target: 'rm -r build && make' },
    ]);
    expect(output).toBe(
      'The user has changed this call before it ran. Its arguments: {"command":"make","work_dir":"app"}\n\ndone',
    );
  });

  it.each([
    ['the floor denies', 'rm -rf /', {}],
    ['a rule denies', 'git push', { needs: { rules: ['deny run_command(git push*)'] } }],
    ['the tool cannot take', 'x'.repeat(41), {}],
  ])('does not run where %s it', async (_, text, setting) => {
    const { calls, ran, asked } = await edited(text, setting);
    expect([calls, ran, asked.length]).toEqual([[], false, 1]);
  });

  it('leaves a denial of it in the log', async () => {
    const { noted } = await edited('rm -rf /');
    expect(noted).toMatchObject([{ isAllowed: false, by: 'rule', target: 'rm -rf /' }]);
  });

  it('is offered for calls of one command only', async () => {
    const { asked } = await tryCall(SEND, { to: 'ada', text: 'hi' }, { isAttended: true });
    expect(asked.map(({ editable }) => editable)).toEqual([undefined]);
  });
});
