import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decidePermission } from '../../../src/providers/acp/permission.ts';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import { collect } from '../backend.ts';
import { asking, desk, folder, provider, textOf } from './acp-agent.ts';

describe('leave for what an ACP agent wants to do', () => {
  const edit = { ask: 'Write a.txt', path: '' };

  it.each([
    ['default', 'no'],
    ['acceptEdits', 'yes'],
    ['bypassPermissions', 'yes'],
    ['plan', 'no'],
  ] as const)('is given by the mode %s where nobody is there: %s', async (permissionMode, answer) => {
    const path = join(folder(), 'a.txt');
    const events = await collect(await provider({ permissionMode }), asking([{ ...edit, path }], { desk: desk() }));
    expect(textOf(events)).toBe(`asked: ${answer}`);
  });

  it('is not given by acceptEdits for files elsewhere', async () => {
    const agent = await provider({ permissionMode: 'acceptEdits' });
    const events = await collect(agent, asking([{ ...edit, path: `${folder()}/../a.txt` }], { desk: desk() }));
    expect(textOf(events)).toBe('asked: no');
  });

  it('is asked of whoever decides over the run, with what would change', async () => {
    const asked: unknown[] = [];
    const approve: AgentDesk['approve'] = (request) => {
      asked.push(request);
      return Promise.resolve({ isAllowed: true, scope: 'once', reason: 'fine' });
    };
    const events = await collect(await provider(), asking([{ ...edit, path: '/a.txt' }], { desk: desk({ approve }) }));
    expect(textOf(events)).toBe('asked: yes');
    expect(asked).toEqual([
      {
        callId: 'asked',
        tool: 'edit',
        action: 'edit',
        target: '/a.txt',
        risk: 'medium',
        detail: 'Write a.txt',
        diff: '--- /a.txt\n+++ /a.txt\n@@ line 1 @@\n-old\n+new',
      },
    ]);
  });

  it('is asked with the title once where it stands for the place', async () => {
    const details: unknown[] = [];
    const approve: AgentDesk['approve'] = ({ target, detail }) => {
      details.push([target, detail]);
      return Promise.resolve({ isAllowed: true, scope: 'once', reason: 'fine' });
    };
    await collect(await provider(), asking([{ ask: 'ls -l' }], { desk: desk({ approve }) }));
    expect(details).toEqual([['ls -l', '']]);
  });

  it.each([
    [{ command: 'rm -rf ~', description: 'Tidy up' }, 'Tidy up'],
    [{ command: ['bash', '-lc', 'rm -rf ~'] }, 'Tidy up'],
    [{ command: ['rm', '-rf', '~'] }, 'Tidy up'],
    [undefined, '`rm -rf ~`'],
    [{}, 'rm -rf ~'],
  ])('is asked for the command, wherever it runs: %j as %j', async (rawInput, title) => {
    const targets: string[] = [];
    const approve: AgentDesk['approve'] = async ({ target }) => {
      targets.push(target);
      return { isAllowed: false, scope: 'once', reason: '' };
    };
    const toolCall = { toolCallId: 'c1', kind: 'execute' as const, title, rawInput, locations: [{ path: '/work' }] };
    await decidePermission({ sessionId: 's', toolCall, options: [] }, 'default', desk({ approve }));
    expect(targets).toEqual(['rm -rf ~']);
  });

  it('is not given where a rule forbids one of several places', async () => {
    const noted: unknown[] = [];
    const host = desk({
      approve: async () => ({ isAllowed: true, scope: 'once', reason: '' }),
      forbids: async ({ target }) => (target.endsWith('.env') ? 'A rule denies it.' : null),
      noteDecision: async ({ target, isAllowed, reason }) => void noted.push({ target, isAllowed, reason }),
    });
    const locations = ['/a.txt', '/b.txt', '/.env'].map((path) => ({ path }));
    const toolCall = { toolCallId: 'c1', kind: 'edit' as const, title: 'Change three files', locations };
    const options = (['allow_once', 'reject_once'] as const).map((kind) => ({ kind, name: kind, optionId: kind }));
    expect(await decidePermission({ sessionId: 's', toolCall, options }, 'bypassPermissions', host)).toEqual({
      outcome: { outcome: 'selected', optionId: 'reject_once' },
    });
    expect(noted).toEqual([{ target: '/.env', isAllowed: false, reason: 'A rule denies it.' }]);
  });

  it('is not given by a mode against a rule of the run', async () => {
    const approve: AgentDesk['approve'] = async () => ({
      isAllowed: false,
      scope: 'once',
      reason: 'A rule denies it.',
    });
    const agent = await provider({ permissionMode: 'bypassPermissions' });
    const events = await collect(agent, asking([{ ...edit, path: '/a.txt' }], { desk: desk({ approve }) }));
    expect(textOf(events)).toBe('asked: no');
  });

  it('is for one use only, however long a decision holds: the next one passes the rules again', async () => {
    const approve: AgentDesk['approve'] = async () => ({ isAllowed: true, scope: 'always', reason: '' });
    const options = (['allow_always', 'allow_once', 'reject_once'] as const).map((kind) => ({
      kind,
      name: kind,
      optionId: kind,
    }));
    const asked = { sessionId: 's', toolCall: { toolCallId: 'c1', kind: 'execute' as const, title: 'make' }, options };
    expect(await decidePermission(asked, 'default', desk({ approve }))).toEqual({
      outcome: { outcome: 'selected', optionId: 'allow_once' },
    });
  });

  it('is asked when all that the agent has said before is told', async () => {
    const told: string[] = [];
    const seen: string[][] = [];
    const approve: AgentDesk['approve'] = async () => {
      seen.push([...told]);
      return { isAllowed: false, scope: 'once', reason: '' };
    };
    const request = asking([{ say: 'First.' }, { ...edit, path: '/a.txt' }], { desk: desk({ approve }) });
    for await (const event of (await provider()).stream(request)) {
      // A reader that takes its time, as one that writes to a disk does.
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (event.type === 'text') told.push(event.text);
    }
    expect(seen).toEqual([['First.']]);
  });

  it('ends at the folder of the agent for reading and writing', async () => {
    const steps = [{ read: '/etc/passwd' }, { write: '/etc/motd', text: 'x' }];
    const events = await collect(await provider(), asking(steps, { desk: desk() }));
    expect(textOf(events)).toMatch(/^refused: .*outside.*refused: .*outside/);
  });
});
