import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TaskState } from '@a2a-js/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createA2aProvider } from '../../../src/providers/a2a/provider.ts';
import type { ModelEvent, ModelRequest } from '../../../src/providers/provider.ts';
import type { BackendSpec } from '../../../src/config/team.ts';
import { collect, testBackend, testRequest } from '../backend.ts';
import { startA2aServer, type A2aServer, type Actor } from './a2a-server.ts';

let server: A2aServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function ask(
  act: (actor: Actor) => void | Promise<void>,
  request: Partial<ModelRequest> = {},
  backend: Partial<BackendSpec> = {},
): Promise<ModelEvent[]> {
  server = await startA2aServer(act);
  const part = { type: 'a2a', protocol: 'a2a', baseUrl: server.url, external: { kind: 'a2a' }, ...backend } as const;
  return collect(await createA2aProvider(testBackend(part), { clock: createRealClock() }), testRequest(request));
}

describe('a remote agent over A2A', () => {
  it('tells what it works on, and its artifact piece by piece', async () => {
    const events = await ask((actor) => {
      actor.work('Looking it up.');
      actor.artifact('a', 'Forty');
      actor.artifact('a', '-two.', true);
      actor.finish(TaskState.TASK_STATE_COMPLETED);
    });
    expect(events).toEqual([
      { type: 'reasoning', text: 'Looking it up.\n' },
      { type: 'text', text: 'Forty' },
      { type: 'text', text: '-two.' },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'Forty-two.', calls: [] },
        stopReason: 'end',
        usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
        sent: { stopReason: 'TASK_STATE_COMPLETED', usage: null },
      },
    ]);
  });

  it('votes by a block in its reply', async () => {
    const events = await ask(
      (actor) => {
        const word = /<(massgen-\w+)>/.exec(actor.text)?.[1] ?? '';
        actor.reply(`<${word}>{"tool": "vote", "arguments": {"agent_id": "agent1", "reason": "r"}}</${word}>`);
      },
      { tools: workflowTools(['agent1', 'agent2'], 'plurality') },
    );
    const rawArgs = '{"agent_id":"agent1","reason":"r"}';
    const call = { id: 'call_1', name: 'vote', args: JSON.parse(rawArgs) as object, rawArgs };
    expect(events.slice(0, -1)).toEqual([{ type: 'tool-call', call }]);
  });

  it('is told the whole conversation', async () => {
    const told: string[] = [];
    await ask(
      (actor) => {
        told.push(actor.text);
        actor.reply('ok');
      },
      {
        messages: [
          { role: 'system', text: 'Be brief.' },
          { role: 'user', text: 'One?' },
          { role: 'assistant', text: 'One.', calls: [] },
          { role: 'user', text: 'Two?' },
        ],
      },
    );
    expect(told).toEqual(['Be brief.\n\nOne?\n\nYou said:\nOne.\n\nTwo?']);
  });

  it('gets its key in every request, and only in the header that was asked for', async () => {
    await ask((actor) => actor.reply('ok'), {}, { authStyle: 'x-api-key' });
    const seen = server?.requests.map(({ path, headers }) => [path, headers['x-api-key'], headers.authorization]);
    expect(seen).toEqual([
      ['/.well-known/agent-card.json', 'test-key-000000', undefined],
      ['/rpc', 'test-key-000000', undefined],
    ]);
  });

  it.each([
    [TaskState.TASK_STATE_FAILED, 'bad-request', 'The agent could not do it: no luck'],
    [TaskState.TASK_STATE_REJECTED, 'bad-request', 'The agent could not do it: no luck'],
    [TaskState.TASK_STATE_AUTH_REQUIRED, 'auth', 'The agent wants somebody to log in: no luck'],
  ])('that ends in state %i has failed', async (state, kind, message) => {
    const events = await ask((actor) => actor.finish(state, 'no luck'));
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind, message } });
  });

  it('is told to cancel its task when the call is interrupted', async () => {
    const cancelled = Promise.withResolvers<void>();
    server = await startA2aServer(async (actor) => {
      actor.work('Begun.');
      await actor.cancelled;
      cancelled.resolve();
    });
    const backend = testBackend({ type: 'a2a', protocol: 'a2a', baseUrl: server.url, external: { kind: 'a2a' } });
    const provider = await createA2aProvider(backend, { clock: createRealClock() });
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of provider.stream(testRequest({ signal: stop.signal }))) {
      events.push(event);
      stop.abort();
    }
    await cancelled.promise;
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'aborted' } });
  });

  it('that refuses the key has failed for that', async () => {
    const refusing = createServer((_, response) => void response.writeHead(401).end());
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const backend = testBackend({ protocol: 'a2a', baseUrl: `http://${host}`, external: { kind: 'a2a' } });
    const events = await collect(await createA2aProvider(backend, { clock: createRealClock() }));
    refusing.close();
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { kind: 'auth', message: `${host} refuses the key (HTTP 401).` },
    });
  });

  it('that is not there is named', async () => {
    const backend = testBackend({
      type: 'a2a',
      protocol: 'a2a',
      baseUrl: 'http://127.0.0.1:9',
      external: { kind: 'a2a' },
    });
    const events = await collect(await createA2aProvider(backend, { clock: createRealClock() }));
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'network', message: /127\.0\.0\.1:9/ } });
  });
});
