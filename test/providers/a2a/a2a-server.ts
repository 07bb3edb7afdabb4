import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AgentCard,
  Artifact,
  Message,
  Task,
  TaskState,
  type Part,
  type TaskArtifactUpdateEvent,
  type TaskStatusUpdateEvent,
} from '@a2a-js/sdk';
import {
  AgentEvent,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
  type AgentExecutor,
  type ExecutionEventBus,
} from '@a2a-js/sdk/server';

/** What the agent does with a task: every function publishes one event. */
export interface Actor {
  /** What it was told. */
  text: string;
  work(words: string): void;
  artifact(id: string, words: string, append?: boolean): void;
  finish(state: TaskState, words?: string): void;
  /** Answers without a task. */
  reply(words: string): void;
  cancelled: Promise<void>;
}

export interface A2aServer {
  url: string;
  requests: { path: string; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/** An agent made with the server side of the SDK, on loopback. */
export async function startA2aServer(act: (actor: Actor) => void | Promise<void>): Promise<A2aServer> {
  const requests: A2aServer['requests'] = [];
  const cancels = new Map<string, () => void>();
  const executor: AgentExecutor = {
    execute: async (context, bus) => {
      const cancelled = new Promise<void>((resolve) => cancels.set(context.taskId, resolve));
      const begin = once(() => bus.publish(AgentEvent.task(taskOf(context.taskId, context.contextId))));
      await act(actorOf(context.taskId, context.contextId, textOf(context.userMessage), bus, begin, cancelled));
      bus.finished();
    },
    cancelTask: async (taskId, bus) => {
      cancels.get(taskId)?.();
      bus.publish(AgentEvent.statusUpdate(statusOf(taskId, '', TaskState.TASK_STATE_CANCELED, '')));
    },
  };
  let handler: JsonRpcTransportHandler | null = null;
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void (async () => {
        if (request.method === 'GET') {
          response.writeHead(200, { 'content-type': 'application/json' });
          return response.end(JSON.stringify(AgentCard.toJSON(card)));
        }
        const result = await handler!.handle(
          Buffer.concat(parts).toString('utf8'),
          new ServerCallContext({ requestedVersion: '1.0' }),
        );
        if (!(Symbol.asyncIterator in result)) {
          response.writeHead(200, { 'content-type': 'application/json' });
          return response.end(JSON.stringify(result));
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for await (const event of result) response.write(`data: ${JSON.stringify(event)}\n\n`);
        return response.end();
      })().catch((error: unknown) => response.destroy(error as Error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const card = AgentCard.fromJSON({
    name: 'test',
    description: 'A test agent.',
    version: '1',
    supportedInterfaces: [{ url: `${url}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  });
  handler = new JsonRpcTransportHandler(new DefaultRequestHandler(card, new InMemoryTaskStore(), executor));
  return {
    url,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function actorOf(
  taskId: string,
  contextId: string,
  text: string,
  bus: ExecutionEventBus,
  begin: () => void,
  cancelled: Promise<void>,
): Actor {
  const status = (state: TaskState, words: string): void => {
    begin();
    bus.publish(AgentEvent.statusUpdate(statusOf(taskId, contextId, state, words)));
  };
  return {
    text,
    cancelled,
    work: (words) => status(TaskState.TASK_STATE_WORKING, words),
    finish: (state, words = '') => status(state, words),
    artifact: (artifactId, words, append = false) => {
      begin();
      const artifact = Artifact.fromJSON({ artifactId, parts: [{ text: words }] });
      const update: TaskArtifactUpdateEvent = {
        taskId,
        contextId,
        artifact,
        append,
        lastChunk: false,
        metadata: undefined,
      };
      bus.publish(AgentEvent.artifactUpdate(update));
    },
    reply: (words) =>
      bus.publish(
        AgentEvent.message(
          Message.fromJSON({ messageId: 'm', contextId, role: 'ROLE_AGENT', parts: [{ text: words }] }),
        ),
      ),
  };
}

function taskOf(id: string, contextId: string): Task {
  return Task.fromJSON({ id, contextId, status: { state: 'TASK_STATE_SUBMITTED' } });
}

function statusOf(taskId: string, contextId: string, state: TaskState, words: string): TaskStatusUpdateEvent {
  const message =
    words === '' ? undefined : Message.fromJSON({ messageId: 's', role: 'ROLE_AGENT', parts: [{ text: words }] });
  return { taskId, contextId, status: { state, message, timestamp: undefined }, metadata: undefined };
}

function textOf(message: Message): string {
  return message.parts.map((part: Part) => (part.content?.$case === 'text' ? part.content.value : '')).join('');
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
