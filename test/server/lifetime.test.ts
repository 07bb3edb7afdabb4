import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { startLoopback, streamAnswer, type Loopback } from '../support/loopback-server.ts';
import { clientOf, modelTeam, post, serve, type Serving } from './serving.ts';

/** A server before a model that does not answer until it is told to. */
async function serveSlow(
  options: Parameters<typeof serve>[1] = {},
): Promise<Serving & { model: Loopback; go: () => void }> {
  const gate = Promise.withResolvers<void>();
  const model = await startLoopback(() => ({
    ...streamAnswer('chat', { text: 'At last.' }),
    before: gate.promise,
  }));
  onTestFinished(() => model.close());
  const serving = await serve({ 'team.yaml': modelTeam(model.url) }, options);
  return { ...serving, model, go: gate.resolve };
}

const body = (stream: boolean): object => ({
  model: 'massgen/team',
  messages: [{ role: 'user', content: 'What?' }],
  stream,
});

async function outcomes(cwd: string): Promise<unknown[]> {
  const runs = join(cwd, '.massgen', 'runs');
  const names = await readdir(runs);
  const logs = await Promise.all(names.map((name) => readAll(join(runs, name))));
  return logs.map((events) => events.at(-1)?.data);
}

describe('a client that goes away', () => {
  it.each([true, false])('takes its run with it (streaming: %s)', async (isStream) => {
    const { server, cwd, model } = await serveSlow({ maxRuns: 1 });
    const gone = new AbortController();
    const asked = fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer the-token-of-these-tests' },
      body: JSON.stringify(body(isStream)),
      signal: gone.signal,
    });
    await model.arrived(1);
    if (isStream) await asked;
    gone.abort();
    await asked.catch(() => undefined);
    expect(await model.requests[0]?.ended).toBe('client-closed');
    await server.close(60_000);
    expect(await outcomes(cwd)).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('does not disturb the others', async () => {
    const { client, server, model, go } = await serveSlow();
    const gone = new AbortController();
    const messages = [{ role: 'user' as const, content: 'What?' }];
    const left = client.chat.completions.create({ model: 'massgen/team', messages }, { signal: gone.signal });
    const stays = client.chat.completions.create({ model: 'massgen/team', messages });
    await model.arrived(2);
    gone.abort();
    await expect(left).rejects.toThrow('aborted');
    go();
    expect((await stays).choices[0]?.message.content).toBe('At last.');
    expect(server.url).toContain('127.0.0.1');
  });
});

describe('a full server', () => {
  it('refuses one more run, says when to try again, and takes it when a place is free', async () => {
    const { server, model, go } = await serveSlow({ maxRuns: 1 });
    const first = post(server, '/chat/completions', body(false));
    await model.arrived(1);
    const refused = await post(server, '/chat/completions', body(true));
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      429,
      '5',
      {
        error: {
          message: 'The server has one run at once and all places are taken; try again.',
          type: 'rate_limit_error',
          param: null,
          code: 'too_many_runs',
        },
      },
    ]);
    go();
    expect((await first).status).toBe(200);
    expect((await post(server, '/chat/completions', body(false))).status).toBe(200);
  });

  it('still lists its models', async () => {
    const { server, model } = await serveSlow({ maxRuns: 1 });
    const first = post(server, '/chat/completions', body(false)).catch(() => undefined);
    await model.arrived(1);
    expect((await clientOf(server).models.list()).data.length).toBe(2);
    await server.close(0);
    await first;
  });
});

describe('a server that closes', () => {
  it('lets its runs end, and sends their answers', async () => {
    const { server, model, go } = await serveSlow();
    const asked = post(server, '/chat/completions', body(false));
    await model.arrived(1);
    const closed = server.close(60_000);
    go();
    const reply = (await (await asked).json()) as { choices: { message: { content: string } }[] };
    await closed;
    expect(reply.choices[0]?.message.content).toBe('At last.');
    await expect(fetch(`${server.url}/models`)).rejects.toThrow('fetch failed');
  });

  it.each([true, false])('cancels what has not ended when the grace is over (streaming: %s)', async (isStream) => {
    const { server, cwd, model } = await serveSlow();
    const asked = post(server, '/chat/completions', body(isStream));
    await model.arrived(1);
    const closed = server.close(0);
    const response = await asked;
    const text = await response.text();
    await closed;
    expect([response.status, text.includes('"code":"cancelled"')]).toEqual([isStream ? 200 : 503, true]);
    expect(await outcomes(cwd)).toMatchObject([{ outcome: 'cancelled' }]);
  });
});

describe('an address that is taken', () => {
  it('is told in a sentence', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.url).port);
    await expect(serve({}, { port })).rejects.toMatchObject({
      name: 'MassgenError',
      code: 'cannot-listen',
      exitCode: 1,
      message: `The server cannot listen on 127.0.0.1 port ${port} (EADDRINUSE). Something else listens there; choose another --port.`,
    });
  });
});
