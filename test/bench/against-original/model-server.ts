import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sseEvent } from '../../support/wire-replies.ts';

/** What the screen is searched for: the first word of every reply, and the last one of a final answer. */
export const FIRST_MARK = 'QUOKKA';
export const LAST_MARK = 'NARWHAL';
/** Stands in every answer that is handed in, and so in the prompt of whoever sees one. */
const ANSWER = 'The answer is 42';

/** A piece of text, about a token, every so many milliseconds; models of different vendors are not equally fast. */
const pieceMs = (model: string): number => 10 + 3 * Number(/\d+$/.exec(model)?.[0] ?? 0);
const PIECES = 40;

export interface ModelServer {
  readonly url: string;
  figures(): ModelFigures;
  /** Requests that are being answered. */
  inFlight(): number;
  close(): Promise<void>;
}

export interface ModelFigures {
  requests: number;
  /** Bytes of all bodies: what a model has to read. */
  promptBytes: number;
  /** Milliseconds in which at least one request was being answered. */
  busyMs: number;
}

interface Body {
  model?: string;
  tool_choice?: unknown;
  messages?: unknown;
  tools?: { function?: { name?: string; parameters?: { properties?: Record<string, { enum?: string[] }> } } }[];
}

/**
 * A model on 127.0.0.1 in the protocol of chat completions, the same for everybody: it hands in an answer where it sees
 * none, votes for the first agent that it may vote for where it sees answers, and writes a text where it has no such tool.
 * Every reply has as many pieces, at a fixed rate that is the model's own: `bench-3` is slower than `bench-2`.
 */
export async function startModelServer(): Promise<ModelServer> {
  let requests = 0;
  let promptBytes = 0;
  let open = 0;
  let busySince = 0;
  let busyMs = 0;
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const text = Buffer.concat(parts);
    if (incoming.method !== 'POST') {
      response.end('{"data":[]}');
      return;
    }
    requests += 1;
    promptBytes += text.length;
    if (open === 0) busySince = performance.now();
    open += 1;
    try {
      await answer(JSON.parse(text.toString('utf8')) as Body, response);
    } finally {
      open -= 1;
      if (open === 0) busyMs += performance.now() - busySince;
    }
  };
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    figures: () => ({ requests, promptBytes, busyMs: busyMs + (open > 0 ? performance.now() - busySince : 0) }),
    inFlight: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { model = '', messages, tools = [], tool_choice: choice }: Body,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const call = choice === 'none' ? null : callFor(JSON.stringify(messages ?? ''), tools);
  const words = Array.from({ length: PIECES }, (_, index) => `word${index} `);
  words[0] = `${FIRST_MARK} `;
  if (!call) words[PIECES - 1] = LAST_MARK;
  send(response, { role: 'assistant', content: '' });
  for (const content of words) {
    await sleep(pieceMs(model));
    if (response.destroyed) return;
    send(response, { content });
  }
  if (call) {
    const given = { name: call.name, arguments: JSON.stringify(call.args) };
    send(response, { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: given }] });
  }
  send(response, {}, call ? 'tool_calls' : 'stop');
  const usage = { prompt_tokens: 100, completion_tokens: PIECES, total_tokens: 100 + PIECES };
  response.write(sseEvent({ id: 'c', object: 'chat.completion.chunk', model: 'bench', choices: [], usage }));
  response.end(sseEvent('[DONE]'));
}

function callFor(messages: string, tools: NonNullable<Body['tools']>): { name: string; args: object } | null {
  const vote = tools.find((tool) => tool.function?.name === 'vote')?.function?.parameters?.properties?.['agent_id'];
  const [first] = vote?.enum ?? [];
  if (first !== undefined && messages.includes(ANSWER))
    return { name: 'vote', args: { agent_id: first, reason: 'It is right.', ranking: vote?.enum } };
  if (!tools.some((tool) => tool.function?.name === 'new_answer')) return null;
  return { name: 'new_answer', args: { content: `${ANSWER}, since ${'it is so and '.repeat(20)}that is all.` } };
}

function send(response: ServerResponse, delta: object, finish: string | null = null): void {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  response.write(sseEvent({ id: 'c', object: 'chat.completion.chunk', model: 'bench', created: 1, choices }));
}
