import type OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoopback } from '../support/loopback-server.ts';
import { modelTeam, PAIR, serve, soloTeam } from './serving.ts';

type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

describe('POST /v1/responses, with the SDK', () => {
  it('answers with what the team decided, and what it used in all', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const reply = await client.responses.create({ model: 'massgen/pair', input: 'What?', instructions: 'Be brief.' });
    expect({ text: reply.output_text, status: reply.status, types: reply.output.map(({ type }) => type) }).toEqual({
      text: 'Ann is right.',
      status: 'completed',
      types: ['reasoning', 'message'],
    });
    expect([reply.model, reply.instructions, reply.usage]).toEqual([
      'massgen/pair',
      'Be brief.',
      {
        input_tokens: 330,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 55,
        output_tokens_details: { reasoning_tokens: 1 },
        total_tokens: 385,
      },
    ]);
  });

  it('streams events that add up to the whole response', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const stream = await client.responses.create({ model: 'massgen/pair', input: 'What?', stream: true });
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    const textOf = (type: string): string =>
      events
        .flatMap((event) =>
          event.type === type && 'delta' in event && typeof event.delta === 'string' ? event.delta : [],
        )
        .join('');
    const last = events.at(-1);
    const response = last?.type === 'response.completed' ? last.response : null;
    const [reasoning] = response?.output ?? [];
    expect({
      numbers: events.map(({ sequence_number: number }) => number),
      first: events[0]?.type,
      text: textOf('response.output_text.delta'),
      story: textOf('response.reasoning_summary_text.delta'),
      tokens: response?.usage?.total_tokens,
    }).toEqual({
      numbers: events.map((_, index) => index),
      first: 'response.created',
      text: 'Ann is right.',
      story: reasoning?.type === 'reasoning' ? reasoning.summary[0]?.text : null,
      tokens: 385,
    });
  });

  it('reaches the SDK helper for streams whole', async () => {
    const { client } = await serve({ 'pair.yaml': PAIR });
    const stream = client.responses.stream({ model: 'massgen/pair', input: 'What?' });
    expect((await stream.finalResponse()).output_text).toBe('Ann is right.');
  });

  it('takes its own output back as earlier turns', async () => {
    const model = await startLoopback([{ text: 'Paris.' }, { text: 'Rome.' }]);
    onTestFinished(() => model.close());
    const { client } = await serve({ 'team.yaml': modelTeam(model.url) });
    const first = await client.responses.create({ model: 'massgen/team', input: 'Capital of France?' });
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'system', content: 'One word.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Capital of France?' }] },
      ...(first.output as OpenAI.Responses.ResponseInputItem[]),
      { role: 'user', content: 'Of Italy?' },
    ];
    const second = await client.responses.create({ model: 'massgen/team', input });
    const messages = JSON.stringify(model.requests[1]?.body['messages']);
    const wanted = ['One word.', 'Capital of France?', 'Paris.', 'Of Italy?'];
    expect([
      second.output_text,
      wanted.filter((text) => !messages.includes(text)),
      messages.includes('begins to'),
    ]).toEqual(['Rome.', [], false]);
  });

  it('ends a stream that fails with response.failed', async () => {
    const { client } = await serve({ 'team.yaml': soloTeam({ fail: { kind: 'quota', message: 'No money left.' } }) });
    const stream = await client.responses.create({ model: 'massgen/team', input: 'What?', stream: true });
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    const last = events.at(-1);
    expect(last?.type === 'response.failed' ? [last.response.status, last.response.error] : last).toEqual([
      'failed',
      { code: 'run_failed', message: expect.stringContaining('No money left.') as string },
    ]);
  });
});
