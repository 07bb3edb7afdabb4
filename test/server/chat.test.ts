import type OpenAI from 'openai';
import type { APIError } from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import { modelTeam, PAIR, PUZZLE, serve, soloTeam, TOKEN } from './serving.ts';

type Message = OpenAI.ChatCompletionMessageParam;
const ask = (content: string): Message[] => [{ role: 'user', content }];

async function loopback(script: Parameters<typeof startLoopback>[0]): Promise<Loopback> {
  const server = await startLoopback(script);
  onTestFinished(() => server.close());
  return server;
}

describe('POST /v1/chat/completions, with the SDK', () => {
  it('answers with what the team decided, and what it used in all', async () => {
    const { client } = await serve({ '.massgen/pair.json': PAIR });
    const reply = await client.chat.completions.create({ model: 'massgen/pair', messages: ask('What?'), seed: 5 });
    const { massgen } = reply as unknown as { massgen: { run_id: string } };
    expect({ ...reply, created: 0 }).toEqual({
      id: `chatcmpl-${massgen.run_id}`,
      object: 'chat.completion',
      created: 0,
      model: 'massgen/pair',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Ann is right.',
            refusal: null,
            reasoning_content: expect.stringContaining('[bob] votes for') as string,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 330,
        completion_tokens: 55,
        total_tokens: 385,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
      massgen: {
        run_id: massgen.run_id,
        outcome: 'answered',
        winner: 'ann',
        notice: null,
        cost_usd: 0,
        cost_is_complete: true,
        seed: 5,
      },
    });
    expect(Math.abs(reply.created - Date.now() / 1000)).toBeLessThan(600);
  });

  it('answers a client that does not say how long its request is', async () => {
    const { server } = await serve({ '.massgen/pair.json': PAIR });
    const whole = new TextEncoder().encode(JSON.stringify({ model: 'massgen/pair', messages: ask('What — 中🎉?') }));
    // In pieces that cut through characters.
    const body = new ReadableStream({
      start(controller) {
        for (const part of [whole.slice(0, 58), whole.slice(58, 63), whole.slice(63)]) controller.enqueue(part);
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
      duplex: 'half',
    } as RequestInit);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { choices: [{ message: { content: 'Ann is right.' } }] },
    ]);
  });

  it('answers with the demo team, which needs no config', async () => {
    const { client } = await serve();
    const reply = await client.chat.completions.create({ model: 'massgen/demo', messages: ask(PUZZLE) });
    expect(reply.choices[0]?.message.content).toContain('952');
  });

  it('streams the story as reasoning and then the answer', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const stream = await client.chat.completions.create({
      model: 'massgen/pair',
      messages: ask('What?'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const deltas = chunks.flatMap(({ choices }) => choices).map(({ delta }) => delta as Record<string, string>);
    const story = deltas.flatMap(({ reasoning_content: line }) => line ?? []).join('');
    expect({
      first: deltas[0],
      text: deltas.map(({ content }) => content ?? '').join(''),
      finish: chunks
        .flatMap(({ choices }) => choices)
        .map((choice) => choice.finish_reason)
        .filter(Boolean),
      usage: chunks.map(({ usage }) => usage?.total_tokens ?? null).filter((total) => total !== null),
      isUsageLast: chunks.at(-1)?.choices,
      ids: new Set(chunks.map(({ id }) => id)).size,
    }).toEqual({
      first: { role: 'assistant', content: '' },
      text: 'Ann is right.',
      finish: ['stop'],
      usage: [385],
      isUsageLast: [],
      ids: 1,
    });
    expect(story).toMatch(/\[ann\] begins to answer\n[^]*\[run\] winner: /);
  });

  it('streams no usage that was not asked for', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const stream = await client.chat.completions.create({
      model: 'massgen/pair',
      messages: ask('What?'),
      stream: true,
    });
    const seen: boolean[] = [];
    for await (const chunk of stream) seen.push('usage' in chunk);
    expect([seen.length > 3, seen.includes(true)]).toEqual([true, false]);
  });

  it('reaches the SDK helpers for streams whole', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const stream = client.chat.completions.stream({ model: 'massgen/pair', messages: ask('What?') });
    expect(await stream.finalContent()).toBe('Ann is right.');
  });

  it('streams a long answer with every character whole', async () => {
    const answer = '🙂é漢'.repeat(700);
    const { client } = await serve({ 'team.yaml': soloTeam({ text: answer }) });
    const stream = client.chat.completions.stream({ model: 'massgen/team', messages: ask('What?') });
    expect(await stream.finalContent()).toBe(answer);
  });

  it('passes earlier turns and system messages on to the model', async () => {
    const model = await loopback([{ text: 'Rome.' }]);
    const { client } = await serve({ 'team.yaml': modelTeam(model.url, 'You know capitals.') });
    const reply = await client.chat.completions.create({
      model: 'massgen/team',
      messages: [
        { role: 'system', content: 'One word.' },
        { role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] },
        { role: 'assistant', content: 'Paris.' },
        { role: 'developer', content: 'No full stop.' },
        { role: 'user', content: 'Of Italy?' },
      ],
    });
    const messages = model.requests[0]?.body['messages'] as { role: string; content: string }[];
    expect(reply.choices[0]?.message.content).toBe('Rome.');
    expect(messages[0]).toEqual({ role: 'system', content: 'You know capitals.\n\nOne word.\n\nNo full stop.' });
    const told = messages
      .slice(1)
      .map(({ content }) => content)
      .join('\n');
    const places = ['Capital of France?', 'Paris.', 'Of Italy?'].map((text) => told.indexOf(text));
    expect([places.includes(-1), places]).toEqual([false, places.toSorted((a, b) => a - b)]);
  });

  it('answers two requests at once, each with its own run', async () => {
    const bothThere = Promise.withResolvers<void>();
    const model = await loopback(async ({ body }, index) => {
      if (index === 1) bothThere.resolve();
      await bothThere.promise;
      return { text: `You said ${JSON.stringify(body['messages'])}` };
    });
    const { client } = await serve({ 'team.yaml': modelTeam(model.url) });
    const questions = ['First?', 'Second?'];
    const replies = await Promise.all(
      questions.map((each) => client.chat.completions.create({ model: 'massgen/team', messages: ask(each) })),
    );
    const texts = replies.map(({ choices }) => choices[0]?.message.content ?? '');
    expect(texts.map((text) => questions.filter((each) => text.includes(each)))).toEqual([['First?'], ['Second?']]);
    expect(new Set(replies.map(({ id }) => id)).size).toBe(2);
  });

  it('says why when the team comes to nothing, and asks for no second try', async () => {
    const team = soloTeam({ fail: { kind: 'quota', message: 'No money left.', status: 429 } });
    const { client } = await serve({ 'team.yaml': team });
    const asked = client.chat.completions.create({ model: 'massgen/team', messages: ask('What?') });
    const error = (await asked.catch((thrown: unknown) => thrown)) as APIError;
    expect({ status: error.status, code: error.code, type: error.type, message: error.message }).toEqual({
      status: 502,
      code: 'run_failed',
      type: 'server_error',
      message: expect.stringContaining('ann: No money left.') as string,
    });
    expect(error.headers?.get('x-should-retry')).toBe('false');
  });

  it('ends a stream with an error that the SDK throws', async () => {
    const team = soloTeam({ fail: { kind: 'quota', message: 'No money left.', status: 429 } });
    const { client } = await serve({ 'team.yaml': team });
    const stream = await client.chat.completions.create({
      model: 'massgen/team',
      messages: ask('What?'),
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
    };
    await expect(read()).rejects.toThrow('No money left.');
  });

  it('passes on no secret: not in the answer, not in the story', async () => {
    const secret = 'planted-secret-0123456789';
    const model = await loopback([{ text: `My key is ${secret}, I was told.` }]);
    const team = modelTeam(model.url).replace('"base_url"', '"api_key_env":"TEAM_KEY","base_url"');
    const { client } = await serve({ 'team.yaml': team }, { env: { TEAM_KEY: secret } });
    const reply = await client.chat.completions.create({ model: 'massgen/team', messages: ask('What?') });
    expect([model.requests[0]?.headers['authorization'], reply.choices[0]?.message.content]).toEqual([
      `Bearer ${secret}`,
      'My key is [redacted], I was told.',
    ]);
    expect(JSON.stringify(reply).includes(secret)).toBe(false);
  });

  it('hides its own token from the log, should a model find it out', async () => {
    const model = await loopback([{ text: `The token is ${TOKEN}.` }]);
    const { client } = await serve({ 'team.yaml': modelTeam(model.url) });
    const reply = await client.chat.completions.create({ model: 'massgen/team', messages: ask('What?') });
    expect(reply.choices[0]?.message.content).toBe('The token is [redacted].');
  });
});
