import { Hono, type Context } from 'hono';
import type { JsonObject } from '../events/json.ts';
import { answerRequest, type AnswerDeps } from './answer-request.ts';
import type { Asked } from './asked.ts';
import { chatFormat } from './chat-format.ts';
import { HttpRefusal, refusalHeaders, toErrorBody, toRefusal } from './http-refusal.ts';
import { readBody } from './read-body.ts';
import { readChatRequest } from './read-chat-request.ts';
import { readResponsesRequest } from './read-responses-request.ts';
import type { ReplyFormat } from './reply.ts';
import { responsesFormat } from './responses-format.ts';
import { createTokenCheck } from './token.ts';

export interface AppOptions extends AnswerDeps {
  token: string;
  /** Larger requests are refused. */
  maxBodyBytes: number;
}

/** The HTTP interface: which request leads where. Every error has the shape of OpenAI's. */
export function createApp(options: AppOptions): {
  fetch(request: Request, env?: object): Response | Promise<Response>;
} {
  const { catalogue, clock, maxBodyBytes, onBug } = options;
  const checkToken = createTokenCheck(options.token);
  const startedAt = Math.floor(clock.now() / 1000);
  const app = new Hono();

  app.onError((error) => {
    const refused = toRefusal(error, onBug);
    return Response.json(toErrorBody(refused), { status: refused.status, headers: refusalHeaders(refused) });
  });
  app.notFound((c) => {
    throw new HttpRefusal(404, 'not_found', `There is no ${c.req.method} ${c.req.path}; see docs/server.md.`);
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.use('/v1/*', async (c, next) => {
    checkToken(c.req.header('authorization'));
    await next();
  });

  const modelOf = (id: string): object => ({ id, object: 'model', created: startedAt, owned_by: 'massgen' });
  app.get('/v1/models', async (c) => c.json({ object: 'list', data: (await catalogue.list()).map(modelOf) }));
  app.get('/v1/models/:model{.+}', async (c) => {
    const model = c.req.param('model');
    await catalogue.find(model, {});
    return c.json(modelOf(model));
  });

  const { running } = options;
  app.get('/v1/massgen/runs', (c) => c.json({ object: 'list', data: running.list() }));
  app.get('/v1/massgen/runs/:id', (c) => c.json(running.status(c.req.param('id'))));
  app.post('/v1/massgen/runs/:id/commands', async (c) => {
    await running.send(c.req.param('id'), await readBody(c.req.raw, maxBodyBytes));
    return c.json({ status: 'accepted' }, 202);
  });

  const answer = (format: ReplyFormat, read: (body: JsonObject) => Asked) => async (c: Context) =>
    answerRequest(read(await readBody(c.req.raw, maxBodyBytes)), format, c.req.raw.signal, options);
  app.post('/v1/chat/completions', answer(chatFormat, readChatRequest));
  app.post('/v1/responses', answer(responsesFormat, readResponsesRequest));
  return app;
}
