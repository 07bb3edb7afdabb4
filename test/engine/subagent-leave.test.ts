import { describe, expect, test, vi } from 'vitest';
import { UNKNOWN_TOOL, type Tool } from '../../src/tools/tool.ts';
import { launchConfig, type LaunchConfigOptions } from './launch-config.ts';
import { ofType, runScripted } from './scripted-run.ts';
import { SUBAGENTS } from './subagent-limits.ts';
import type { Turn } from './scripted-agent.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const spawn: Turn = { tool_calls: [{ name: 'spawn_subagents', args: { tasks: [{ task: 'Send it.' }] } }] };
const send: Turn = { tool_calls: [{ name: 'send', args: { to: 'x' } }] };

function toolbox(ran: string[]): Tool[] {
  const spec = { name: 'send', description: '', parameters: { type: 'object' } };
  const annotations = { ...UNKNOWN_TOOL };
  const execute: Tool['execute'] = async () => {
    ran.push('send');
    return { output: 'sent', isError: false };
  };
  return [{ spec, annotations, execute }];
}

describe('while agents only plan', () => {
  test.each<[string, Turn[]]>([
    ['an agent drafts', [{ ...spawn, when: 'draft', request: 1 }, { answer: 'A.' }, { when: 'judge', vote: 'self' }]],
    ['the winner acts', [{ answer: 'A.' }, { when: 'judge', vote: 'self' }, { ...spawn, when: 'present', request: 3 }]],
  ])('its subagents do nothing with effects outside, when %s', async (_, turns) => {
    const ran: string[] = [];
    const events = await runScripted({
      scripts: {
        ada: [...turns, { when: 'present', text: 'Done.' }],
        bob: [{ answer: 'B.' }, { when: 'judge', vote: 'other' }],
      },
      parts: [send, { text: 'Part done.', repeat: true }],
      tools: toolbox(ran),
      settings: { planning: { instruction: '' }, subagents: SUBAGENTS, finalAnswer: 'present' },
    });
    expect(ofType(events, 'subagent.finished')).toHaveLength(1);
    expect([ran, ofType(events, 'action.proposed')]).toEqual([[], []]);
  });

  test('without planning they do', async () => {
    const ran: string[] = [];
    await runScripted({
      scripts: { ada: [spawn, { text: 'Done.', repeat: true }] },
      parts: [send, { text: 'Part done.', repeat: true }],
      tools: toolbox(ran),
      settings: { subagents: SUBAGENTS },
    });
    expect(ran).toEqual(['send']);
  });
});

const TOOL = `
import { appendFileSync } from 'node:fs';
export const send = {
  description: 'Sends.',
  parameters: { type: 'object', properties: {} },
  run: () => { appendFileSync(new URL('effects.txt', import.meta.url), 'sent\\n'); return 'Sent.'; },
};
`;

const SPAWN = '{ tool_calls: [{ name: spawn_subagents, args: { tasks: [{ task: Send it. }] } }] }';
const SEND = '{ tool_calls: [{ name: custom_tool__send, args: {} }] }';

/** An agent whose subagent, a team of its own, wants to send. */
const team = (more: string, calls = [SPAWN]): string => `
agent:
  id: ada
  backend:
    type: scripted
    command_line_execution_mode: host
    custom_tools: [{ path: send.mjs }]
    script: { turns: [${calls.map((call, index) => call.replace('{', `{ request: ${index + 1},`)).join(', ')}, { text: Done., repeat: true }] }
  ${more}
orchestrator:
  coordination:
    enable_subagents: true
    subagent_orchestrator:
      agents:
        - id: helper
          backend:
            type: scripted
            command_line_execution_mode: host
            custom_tools: [{ path: send.mjs }]
            script: { turns: [{ tool_calls: [{ name: custom_tool__send, args: {} }] }, { text: Part done., repeat: true }] }
`;

/** Somebody decides over every request in that way, and notes who asked for what. */
function deciding(
  said: { isAllowed: boolean; scope?: 'once' | 'run' },
  asked: unknown[],
): Pick<LaunchConfigOptions, 'onStart'> {
  return {
    onStart: (handle) => {
      handle.subscribe(({ type, agent, data }) => {
        if (type !== 'approval.requested') return;
        asked.push([agent, data.subagent, data.tool]);
        handle.send({ type: 'decide', request: data.request, scope: 'once', by: 'user', reason: '', ...said });
      });
    },
  };
}

describe('a subagent has no leave that its agent has not', () => {
  const files = { 'send.mjs': TOOL };
  const effects = async (text: string, isAttended = false, more: LaunchConfigOptions = {}): Promise<string> => {
    const { events, read } = await launchConfig(text, { files, isAttended, ...more });
    expect(ofType(events, 'subagent.finished')[0]?.data.outcome).toBe('answered');
    return read('effects.txt').catch(() => '');
  };

  test('what its agent’s rules deny is denied', async () => {
    expect(await effects(team('permissions: { rules: [deny custom_tool__send] }'))).toBe('');
  });

  test('the role of its agent is its own', async () => {
    expect(await effects(team('permissions: { role: researcher }'))).toBe('');
  });

  test.each([
    [true, 'sent\n'],
    [false, ''],
  ])('what the user would be asked about for its agent is asked for it: %s', async (isAllowed, effect) => {
    const asked: unknown[] = [];
    expect(await effects(team(''), true, deciding({ isAllowed }, asked))).toBe(effect);
    expect(asked).toEqual([['agent1', 'agent1-sub1', 'custom_tool__send']]);
  });

  test.each([
    ['the agent has leave for the run, its subagent has it', [SEND, SPAWN], undefined],
    ['its subagent has leave for the run, the agent has it', [SPAWN, SEND], 'agent1-sub1'],
  ])('where %s, too', async (_, calls, subagent) => {
    const asked: unknown[] = [];
    const more = deciding({ isAllowed: true, scope: 'run' }, asked);
    expect(await effects(team('', calls), true, more)).toBe('sent\nsent\n');
    expect(asked).toEqual([['agent1', subagent, 'custom_tool__send']]);
  });

  test('what its agent’s rules deny is denied without a question, though somebody is there', async () => {
    const asked: unknown[] = [];
    const rules = team('permissions: { rules: [deny custom_tool__send] }');
    expect(await effects(rules, true, deciding({ isAllowed: true }, asked))).toBe('');
    expect(asked).toEqual([]);
  });

  test('what takes the place of a person takes it for a subagent, too', async () => {
    expect(await effects(team(''), false, { unattended: 'deny-all' })).toBe('');
  });

  test('what a rule allows its agent it may do, though somebody is there', async () => {
    expect(await effects(team('permissions: { rules: [allow custom_tool__send] }'), true)).toBe('sent\n');
  });

  test('where nobody is there it may do what its agent may', async () => {
    expect(await effects(team(''))).toBe('sent\n');
  });

  test('the hooks around its agent’s tools are around its own', async () => {
    expect(await effects(team('hooks: { pre_tool: [{ command: exit 2 , matcher: "*send" }] }'))).toBe('');
  });
});

test('rules hold for the tools of the run itself, also for an agent without tools of its own', async () => {
  const text = team('permissions: { rules: [deny spawn_subagents] }').replace(
    /custom_tools: \[\{ path: send.mjs \}\]/,
    '',
  );
  const { events } = await launchConfig(text, { files: { 'send.mjs': TOOL } });
  expect(ofType(events, 'subagent.started')).toEqual([]);
  expect(ofType(events, 'tool.finished')[0]?.data.output).toContain('The rule "deny spawn_subagents" says so.');
});
