// Above 500 lines on purpose: one agent program, its folder and its desk serve all that can be asked of an agent over ACP.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AcpSpec } from '../../../src/config/external-agent.ts';
import type { Message } from '../../../src/events/message.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createAcpProvider } from '../../../src/providers/acp/provider.ts';
import { decidePermission } from '../../../src/providers/acp/permission.ts';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import type { StartedCommand } from '../../../src/tools/commands/started-command.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../../src/providers/provider.ts';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import { collect, testBackend, testRequest } from '../backend.ts';

const AGENT = fileURLToPath(new URL('./test-agent.ts', import.meta.url));
const tools = workflowTools(['agent1', 'agent2'], 'plurality');

let folder = '';
const open: Provider[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'massgen-acp-'));
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.close?.();
  await rm(folder, { recursive: true, force: true });
});

async function provider(
  spec: Partial<AcpSpec> = {},
  idleTimeoutMs = 20_000,
  clock = createRealClock(),
): Promise<Provider> {
  const external: AcpSpec = {
    kind: 'acp',
    name: 'tester',
    command: process.execPath,
    args: [AGENT],
    env: { PATH: process.env['PATH'] ?? '', TEST_KEY: 'a-key-of-its-own' },
    install: 'Install it: npm install tester',
    authMethods: [],
    model: null,
    permissionMode: 'default',
    ...spec,
  };
  const made = await createAcpProvider(testBackend({ type: 'acp', protocol: 'acp', external, idleTimeoutMs }), {
    clock,
  });
  open.push(made);
  return made;
}

function asking(steps: object[], part: Partial<ModelRequest> = {}, before: Message[] = []): ModelRequest {
  return testRequest({ messages: [...before, { role: 'user', text: `Hello\ndo:${JSON.stringify(steps)}` }], ...part });
}

/** A desk in a folder that notes what it was asked. */
function desk(part: Partial<AgentDesk> = {}): AgentDesk {
  return {
    workspace: folder,
    runTool: () => Promise.reject(new Error('not used here')),
    readFile: (path) => (path.startsWith(folder) ? readFile(path, 'utf8') : Promise.reject(new Error('outside'))),
    writeFile: (path) => Promise.reject(new Error(`${path} is outside`)),
    approve: (_, mode) =>
      Promise.resolve({ isAllowed: mode?.isAllowed ?? false, scope: 'once', reason: 'Nobody is there.' }),
    noteDecision: () => Promise.resolve(),
    forbids: () => Promise.resolve(null),
    ...part,
  };
}

const withoutTime = (events: ModelEvent[]): unknown[] =>
  events.map((event) => (event.type === 'own-result' ? { ...event, durationMs: 0 } : event));

const textOf = (events: ModelEvent[]): string => {
  const end = events.at(-1);
  return end?.type === 'finished' ? end.message.text : JSON.stringify(end);
};

/** Of the first use in a process. */
const OWN_ID = expect.stringMatching(/^own_[0-9a-f]+_1$/) as string;

describe('an ACP agent', () => {
  it('goes on in the session of an earlier process, and is told only what is new', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_SESSIONS: join(folder, 'kept') };
    const first = asking([{ say: 'One. {session}' }]);
    const end = (await collect(await provider({ env }), first)).at(-1);
    const reply = end?.type === 'finished' ? [end.message] : [];
    expect(reply).toMatchObject([{ native: { protocol: 'acp', items: [{ session: 'session-1' }] } }]);
    const next = asking([{ say: '{session} {count} {prompt}' }, { cost: 2 }], {}, [...first.messages, ...reply]);
    const events = await collect(await provider({ env }), next);
    expect(textOf(events)).toMatch(/^session-1 2 Hello/);
    expect(textOf(events)).not.toContain('One.');
    // What came before is not told again, and its cost is not known.
    expect(JSON.stringify(events)).not.toContain('what was said before');
    expect(events.at(-1)).not.toHaveProperty('costUsd');
  });

  describe('that runs commands in terminals', () => {
    const started: { callId: string; line: string; folder: string | null }[] = [];
    /** A command that has written this, and ends with that code, or when it is stopped. */
    const command = (text: string, code: number | null): StartedCommand => {
      let exitCode: number | null | undefined = code ?? undefined;
      return {
        output: () => ({ text, isCut: false }),
        exitCode: () => exitCode,
        ended:
          code === null
            ? new Promise((resolve) => void stopped.promise.then(() => resolve(null)))
            : Promise.resolve(code),
        stop: () => {
          exitCode ??= null;
          stopped.resolve();
          return Promise.resolve();
        },
      };
    };
    let stopped = Promise.withResolvers<void>();
    const withCommands = (running: StartedCommand): AgentDesk =>
      desk({
        startCommand: (wanted) => {
          started.push(wanted);
          return Promise.resolve(running);
        },
      });
    beforeEach(() => {
      started.splice(0);
      stopped = Promise.withResolvers<void>();
    });

    it('has them started by the run, and is told how they end and what they have written', async () => {
      const steps = [{ terminal: 'npm', args: ['run', 'a b'] }];
      const events = await collect(await provider(), asking(steps, { desk: withCommands(command('done\n', 3)) }));
      expect(JSON.parse(textOf(events))).toEqual({
        exit: { exitCode: 3, signal: null },
        output: 'done\n',
        truncated: false,
      });
      // The pane shows what the command has written with the call that it belongs to.
      expect(events.find(({ type }) => type === 'own-result')).toMatchObject({ name: 'execute', output: 'done\n' });
      expect(started).toEqual([{ callId: OWN_ID, line: `export WORD='it'\\''s'; npm run 'a b'`, folder: null }]);
    });

    it('can end them, and gets the newest of much', async () => {
      const steps = [{ terminal: 'tail -f log', limit: 4, kill: true }];
      const events = await collect(await provider(), asking(steps, { desk: withCommands(command('ab🌍c', null)) }));
      expect(JSON.parse(textOf(events))).toEqual({
        exit: { exitCode: null, signal: 'SIGKILL' },
        output: 'c',
        truncated: true,
      });
    });

    it('is told why one is not started, and has none where the run has none', async () => {
      const refusing = desk({ startCommand: () => Promise.reject(new Error('Not that one.')) });
      const events = await collect(await provider(), asking([{ terminal: 'rm' }], { desk: refusing }));
      expect(textOf(events)).toContain('Not that one.');
      const without = await collect(await provider(), asking([{ terminal: 'rm' }], { desk: desk() }));
      expect(textOf(without)).toContain('refused');
    });
  });

  it('is told everything where its session is gone', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_SESSIONS: join(folder, 'kept') };
    const reply: Message = {
      role: 'assistant',
      text: 'One.',
      calls: [],
      native: { protocol: 'acp', items: [{ session: 'session-9' }] },
    };
    const before: Message[] = [{ role: 'user', text: 'First.' }, reply];
    const events = await collect(await provider({ env }), asking([{ say: '{session} {count} {prompt}' }], {}, before));
    expect(textOf(events)).toMatch(/^session-1 1 First\.\s+You said:\s+One\./);
  });

  it('is shown the files of the question: texts in its prompt, others as blocks, each once', async () => {
    const text = { name: 'd.md', mediaType: 'text/plain', base64: Buffer.from('# Notes').toString('base64') };
    const image = { name: 'a.png', mediaType: 'image/png', base64: 'AAA=' };
    const document = { name: 'b c.pdf', mediaType: 'application/pdf', base64: 'BBB=' };
    const first: Message = { role: 'user', text: 'Look.', files: [text, image, document] };
    const said = async (words: string): Promise<string> => {
      const events = await collect(await provider(), asking([{ say: words }], {}, [first]));
      return events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
    };
    expect(JSON.parse(await said('{files}'))).toEqual([
      { type: 'image', data: 'AAA=', mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'attachment:///b%20c.pdf', mimeType: 'application/pdf', blob: 'BBB=' } },
    ]);
    const prompt = await said('{prompt}');
    expect(prompt).toContain("The user's file d.md:\n\n```\n# Notes\n```");
    expect(prompt).not.toContain('cannot be shown');
  });

  it('tells its thoughts, plan, tools and words as they come, and what it has used', async () => {
    const steps = [
      { think: 'hm' },
      {
        plan: [
          ['look', 'completed'],
          ['write', 'in_progress'],
        ],
      },
      { say: 'I look.' },
      { tool: 'Read a.txt', output: 'inside', input: { path: 'a.txt' } },
      { say: 'It is done.' },
    ];
    expect(withoutTime(await collect(await provider(), asking(steps)))).toEqual([
      { type: 'reasoning', text: 'hm' },
      {
        type: 'plan',
        tasks: [
          { id: 'step1', title: 'look', status: 'done', dependsOn: [] },
          { id: 'step2', title: 'write', status: 'active', dependsOn: [] },
        ],
      },
      { type: 'text', text: 'I look.' },
      {
        type: 'own-tool',
        call: {
          id: OWN_ID,
          name: 'read',
          args: { title: 'Read a.txt', path: 'a.txt' },
          rawArgs: '{"title":"Read a.txt","path":"a.txt"}',
        },
      },
      { type: 'own-result', callId: OWN_ID, name: 'read', output: 'inside', isError: false, durationMs: 0 },
      { type: 'text', text: 'It is done.' },
      {
        type: 'finished',
        message: {
          native: { protocol: 'acp', items: [{ session: 'session-1' }] },
          role: 'assistant',
          text: 'It is done.',
          reasoning: 'hm\n\nI look.',
          calls: [],
        },
        stopReason: 'end',
        usage: { input: 7, output: 3, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
        sent: {
          stopReason: 'end_turn',
          usage: { input: 7, output: 3, cached: 0, cacheWrite: null, reasoning: 0, total: 10 },
        },
      },
    ]);
  });

  it('costs what it says, call by call, and otherwise an unknown amount', async () => {
    const agent = await provider();
    const costs: unknown[] = [agent.costUsd({ input: 1, output: 1, cachedInput: 0, cacheWrite: 0, reasoning: 0 })];
    let messages: Message[] = [];
    for (const cost of [0.25, 0.75]) {
      const request = asking([{ cost }, { say: 'ok' }], {}, messages);
      const end = (await collect(agent, request)).at(-1);
      costs.push(end?.type === 'finished' && end.costUsd);
      messages = [...request.messages, { role: 'assistant', text: 'ok', calls: [] }];
    }
    expect(costs).toEqual([null, 0.25, 0.5]);
  });

  it.each([
    ['over HTTP', {}],
    ['through a program', { TEST_STDIO_ONLY: '1' }],
  ])('hands in its answer by a tool that it reaches %s', async (_, env) => {
    const agent = await provider({ env: { PATH: process.env['PATH'] ?? '', ...env } });
    const steps = [{ call: 'new_answer', args: { content: 'Forty-two.' } }];
    const events = await collect(agent, asking(steps, { tools }));
    const call = {
      id: 'call_1',
      name: 'new_answer',
      args: { content: 'Forty-two.' },
      rawArgs: '{"content":"Forty-two."}',
    };
    expect(events.filter((event) => event.type === 'tool-call')).toEqual([{ type: 'tool-call', call }]);
    expect(textOf(events)).toBe(
      'new_answer vote submit restart_orchestration: Noted. End your turn now, without another word.',
    );
  });

  it('votes by a block in its text where it uses no MCP, and the block is not shown', async () => {
    const block = '<{tag}>{"tool": "vote", "arguments": {"agent_id": "agent2", "reason": "r"}}</{tag}>';
    const events = await collect(await provider(), asking([{ say: 'I vote. ' }, { say: block }], { tools }));
    const rawArgs = '{"agent_id":"agent2","reason":"r"}';
    const call = { id: 'call_1', name: 'vote', args: JSON.parse(rawArgs) as object, rawArgs };
    expect(events.filter((event) => event.type === 'text' || event.type === 'tool-call')).toEqual([
      { type: 'text', text: 'I vote. ' },
      { type: 'tool-call', call },
    ]);
  });

  it('is told only what is new while it remembers, and everything after it crashed', async () => {
    const agent = await provider();
    const first = asking([{ say: '{session} {count}' }]);
    const said = [textOf(await collect(agent, first))];
    const second: Message[] = [
      ...first.messages,
      { role: 'assistant', text: said[0]!, calls: [] },
      { role: 'user', text: 'do:[{"say":"{session} {count} {prompt}"}]' },
    ];
    said.push(textOf(await collect(agent, testRequest({ messages: second }))));
    const crash = asking([{ crash: 'Error: out of luck' }], {}, second);
    const failed = (await collect(agent, crash)).at(-1);
    said.push(textOf(await collect(agent, testRequest({ messages: second }))));
    expect(said.slice(0, 2)).toEqual(['session-1 1', 'session-1 2 do:[{"say":"{session} {count} {prompt}"}]']);
    expect(failed).toMatchObject({
      type: 'failed',
      error: {
        kind: 'network',
        message: 'The agent tester ended with exit code 3. It said: Error: out of luck',
      },
    });
    expect(said[2]).toMatch(/^session-1 1 Hello[^]*You said:\nsession-1 1/);
  });

  it('stops when the call is interrupted, and its program goes on', async () => {
    const agent = await provider();
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of agent.stream(asking([{ say: 'Begun.' }, { silent: true }], { signal: stop.signal }))) {
      events.push(event);
      stop.abort();
    }
    const after = await collect(agent, asking([{ say: '{session}' }]));
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'aborted' } });
    expect(textOf(after)).toBe('session-2');
  });

  it('is started anew where it does not stop when it is told to', async () => {
    const clock = createRealClock();
    const agent = await provider({}, 20_000, { ...clock, after: (ms, ring) => clock.after(ms / 20, ring) });
    const stop = new AbortController();
    for await (const event of agent.stream(asking([{ say: 'Begun.' }, { deaf: true }], { signal: stop.signal }))) {
      if (event.type === 'text') stop.abort();
    }
    const after = await collect(agent, asking([{ call: 'new_answer', args: { content: '42' } }], { tools }));
    expect(after.at(-1)).toMatchObject({ type: 'finished', message: { calls: [{ name: 'new_answer' }] } });
  });

  it('that is asked beside its turn has a copy answer, and its turn goes on', async () => {
    const agent = await provider();
    const asides: ModelEvent[][] = [];
    const answering = { call: 'new_answer', args: { content: '42' } };
    const approve: AgentDesk['approve'] = async () => {
      asides.push(await collect(agent, asking([{ say: '{session} {count}' }], { purpose: 'reply' })));
      return { isAllowed: true, scope: 'once', reason: '' };
    };
    const steps = [{ ask: 'Write a.txt' }, answering, { say: '{session} {count}' }];
    const events = await collect(agent, asking(steps, { tools, desk: desk({ approve }) }));
    expect(asides.map(textOf)).toEqual(['session-1 1']);
    expect(events.at(-1)).toMatchObject({ message: { calls: [{ name: 'new_answer' }] } });
    expect(textOf(events)).toMatch(/session-1 1$/);
  });

  it('has cost what it says also where it has failed', async () => {
    const end = (await collect(await provider(), asking([{ cost: 0.5 }, { crash: 'Error: out of luck' }]))).at(-1);
    expect(end).toMatchObject({ type: 'failed', costUsd: 0.5 });
  });

  it('has ended though something that it has started holds its pipes', async () => {
    const pidFile = join(folder, 'left');
    const agent = await provider();
    const end = (await collect(agent, asking([{ leaveBehind: pidFile }, { crash: 'Error: out of luck' }]))).at(-1);
    await agent.close?.();
    process.kill(Number(await readFile(pidFile, 'utf8')));
    expect(end).toMatchObject({ type: 'failed', error: { kind: 'network', message: /ended with exit code 3/ } });
  });

  it('leaves no program behind that was closed before it had introduced itself', async () => {
    const path = join(folder, 'pid');
    const agent = await provider({ env: { PATH: process.env['PATH'] ?? '', TEST_PID_TO: path } });
    const asked = collect(agent, asking([{ say: 'ok' }]));
    await vi.waitUntil(() => existsSync(path), { timeout: 20_000 });
    await agent.close?.();
    const pid = await readFile(path, 'utf8');
    expect([(await asked).at(-1), existsSync(`/proc/${pid}`)]).toMatchObject([{ type: 'failed' }, false]);
  });

  it('has failed when it says nothing for too long', async () => {
    const agent = await provider({}, 1_500);
    expect((await collect(agent, asking([{ silent: true }]))).at(-1)).toMatchObject({
      type: 'failed',
      error: { kind: 'network', message: 'The agent said nothing for 1.5 seconds.' },
    });
  });

  it('leaves no program behind', async () => {
    const path = join(folder, 'pid');
    const agent = await provider();
    await collect(agent, asking([{ pidTo: path }, { say: 'ok' }], { desk: desk() }));
    await agent.close?.();
    const pid = await readFile(path, 'utf8');
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('adds no listener of its own to the end of this program, however many there are', async () => {
    const before = process.listenerCount('exit');
    const agents = await Promise.all([1, 2, 3].map(() => provider()));
    await Promise.all(agents.map((agent) => collect(agent, asking([{ say: 'ok' }]))));
    const during = process.listenerCount('exit');
    for (const agent of agents) await agent.close?.();
    expect([during, process.listenerCount('exit')]).toEqual([before + 1, before]);
  });

  it('gets no variable but those of its own', async () => {
    process.env['OTHER_VENDOR_KEY'] = 'secret';
    const events = await collect(await provider(), asking([{ env: true }]));
    delete process.env['OTHER_VENDOR_KEY'];
    expect(JSON.parse(textOf(events))).toEqual(['PATH', 'TEST_KEY']);
  });
});

it('gives uses of tools ids that no earlier process of the agent has given', async () => {
  const ids = async (): Promise<string[]> => {
    const events = await collect(await provider(), asking([{ tool: 'Read a.txt', output: 'x' }]));
    return events.flatMap((event) => (event.type === 'own-tool' ? [event.call.id] : []));
  };
  const [first, second] = [await ids(), await ids()];
  expect(new Set([...first, ...second]).size).toBe(2);
});

describe('leave for what an ACP agent wants to do', () => {
  const edit = { ask: 'Write a.txt', path: '' };

  it.each([
    ['default', 'no'],
    ['acceptEdits', 'yes'],
    ['bypassPermissions', 'yes'],
    ['plan', 'no'],
  ] as const)('is given by the mode %s where nobody is there: %s', async (permissionMode, answer) => {
    const path = join(folder, 'a.txt');
    const events = await collect(await provider({ permissionMode }), asking([{ ...edit, path }], { desk: desk() }));
    expect(textOf(events)).toBe(`asked: ${answer}`);
  });

  it('is not given by acceptEdits for files elsewhere', async () => {
    const agent = await provider({ permissionMode: 'acceptEdits' });
    const events = await collect(agent, asking([{ ...edit, path: `${folder}/../a.txt` }], { desk: desk() }));
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

describe('an ACP agent that cannot be used', () => {
  const errorOf = async (spec: Partial<AcpSpec>): Promise<unknown> => {
    const end = (await collect(await provider(spec), asking([{ say: 'ok' }]))).at(-1);
    return end?.type === 'failed' ? end.error : end;
  };

  it('says how to install it', async () => {
    expect(await errorOf({ command: 'no-such-program-anywhere' })).toEqual({
      kind: 'bad-request',
      message: 'The program no-such-program-anywhere of the agent tester was not found. Install it: npm install tester',
    });
  });

  it('says that it has to be logged in', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_NEEDS_LOGIN: '1' };
    expect(await errorOf({ env })).toMatchObject({ kind: 'auth', message: /is not logged in: run/ });
  });

  it('is logged in by a key where there is one', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_NEEDS_LOGIN: '1' };
    const agent = await provider({ env, authMethods: ['gemini-api-key'] });
    expect(textOf(await collect(agent, asking([{ say: 'ok' }])))).toBe('ok');
  });

  it('speaks another version of the protocol', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_VERSION: '1' };
    expect(await errorOf({ env })).toMatchObject({ kind: 'protocol', message: /speaks version 99/ });
  });
});
