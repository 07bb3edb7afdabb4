import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AcpSpec } from '../../../src/config/external-agent.ts';
import type { Message } from '../../../src/events/message.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import type { ModelEvent } from '../../../src/providers/provider.ts';
import { collect, testRequest } from '../backend.ts';
import { OWN_ID, asking, desk, folder, provider, textOf, tools, withoutTime } from './acp-agent.ts';

describe('an ACP agent', () => {
  it('goes on in the session of an earlier process, and is told only what is new', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_SESSIONS: join(folder(), 'kept') };
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

  it('asks for leave where it would decide by itself', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_MODE: 'auto' };
    expect(textOf(await collect(await provider({ env }), asking([{ say: '{mode}' }])))).toBe('default');
  });

  it('keeps its words before and after a tool of the run apart', async () => {
    const steps = [
      { say: 'I hand it in.' },
      { tool: 'mcp__massgen__new_answer', output: 'Noted.' },
      { say: 'It is' },
      { say: ' done.' },
    ];
    const events = await collect(await provider(), asking(steps, { tools }));
    const said = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
    expect([said, textOf(events)]).toEqual(['I hand it in.\n\nIt is done.', 'It is done.']);
  });

  it('is told everything where its session is gone', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TEST_SESSIONS: join(folder(), 'kept') };
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
    const pidFile = join(folder(), 'left');
    const agent = await provider();
    const end = (await collect(agent, asking([{ leaveBehind: pidFile }, { crash: 'Error: out of luck' }]))).at(-1);
    await agent.close?.();
    process.kill(Number(await readFile(pidFile, 'utf8')));
    expect(end).toMatchObject({ type: 'failed', error: { kind: 'network', message: /ended with exit code 3/ } });
  });

  it('leaves no program behind that was closed before it had introduced itself', async () => {
    const path = join(folder(), 'pid');
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
    const path = join(folder(), 'pid');
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
