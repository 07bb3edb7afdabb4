import type * as A2a from '@a2a-js/sdk';
import type { Message as A2aMessage, Part, StreamResponse, Task, TaskStatus } from '@a2a-js/sdk';
import type * as A2aClient from '@a2a-js/sdk/client';
import type { Client } from '@a2a-js/sdk/client';
import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import type { CallSink } from '../external/agent-call.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { agentProvider } from '../external/agent-provider.ts';
import { TextTurn } from '../external/text-turn.ts';
import { toldText } from '../external/told-text.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';

/** A task that the agent does not stream is asked after this often. */
const POLL_MS = 1_000;

/**
 * A remote agent that speaks A2A. Every call tells it the whole conversation, as a task of its own, since nobody knows
 * what it remembers; it calls the run's tools by blocks in its text. What it costs is unknown.
 */
export async function createA2aProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const sdk = await Promise.all([import('@a2a-js/sdk'), import('@a2a-js/sdk/client')]);
  let client: Promise<Client> | null = null;
  const connect = (): Promise<Client> => {
    client ??= openClient(backend, sdk[1]).catch((error: unknown) => {
      // The next call tries again.
      client = null;
      throw error;
    });
    return client;
  };
  const provider = agentProvider(backend, { clock }, async (request, sink, signal) => {
    const call = new A2aCall(sdk[0], request, sink, clock);
    return call.run(await connect(), signal);
  });
  return { ...provider, reach: async () => void (await connect()) };
}

/** The key goes to the agent's own address only, and not to wherever its card or a redirect leads. */
function openClient(backend: BackendSpec, sdk: typeof A2aClient): Promise<Client> {
  const baseUrl = backend.baseUrl ?? '';
  const origin = new URL(baseUrl).origin;
  const own = headersOf(backend);
  const fetchImpl: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (url.origin === origin) for (const [name, value] of Object.entries(own)) headers.set(name, value);
    const response = await fetch(input, { ...init, headers, redirect: 'error' });
    if (response.status === 401 || response.status === 403) {
      throw new AgentFailure('auth', `${url.host} refuses the key (HTTP ${response.status}).`);
    }
    return response;
  };
  const options = { fetchImpl, legacyCompat: { enabled: true } };
  const factory = new sdk.ClientFactory({
    transports: [new sdk.JsonRpcTransportFactory(options), new sdk.RestTransportFactory(options)],
    cardResolver: new sdk.DefaultAgentCardResolver(options),
  });
  // An address that ends in a file is the card itself.
  return new URL(baseUrl).pathname.endsWith('.json')
    ? factory.createFromUrl(baseUrl, '')
    : factory.createFromUrl(baseUrl);
}

function headersOf({ apiKey, authStyle, headers }: BackendSpec): Record<string, string> {
  if (apiKey === null) return headers;
  const style = authStyle ?? 'bearer';
  return { ...(style === 'bearer' ? { authorization: `Bearer ${apiKey}` } : { [style]: apiKey }), ...headers };
}

class A2aCall {
  readonly #sdk: typeof A2a;
  readonly #request: ModelRequest;
  readonly #sink: CallSink;
  readonly #clock: Clock;
  readonly #turn: TextTurn;
  /** The text of each artifact, in the order in which they came. */
  readonly #artifacts = new Map<string, string>();
  #taskId: string | null = null;
  #status: TaskStatus | null = null;
  #message = '';

  constructor(sdk: typeof A2a, request: ModelRequest, sink: CallSink, clock: Clock) {
    this.#sdk = sdk;
    this.#request = request;
    this.#sink = sink;
    this.#clock = clock;
    this.#turn = new TextTurn(request, sink);
  }

  async run(client: Client, signal: AbortSignal): Promise<ModelEnd> {
    const cancel = (): void => {
      const id = this.#taskId;
      if (id !== null) void client.cancelTask({ tenant: '', id, metadata: undefined }).catch(() => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      for await (const event of client.sendMessageStream(this.#outgoing(), { signal })) this.#read(event);
      while (this.#isUnderWay()) {
        await this.#clock.sleep(POLL_MS, signal);
        this.#sink.touch();
        this.#readTask(await client.getTask({ tenant: '', id: this.#taskId ?? '' }, { signal }));
      }
      return this.#end();
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #outgoing(): Parameters<Client['sendMessageStream']>[0] {
    const { messages } = this.#request;
    const text = [toldText({ isNew: true, messages }), this.#turn.instructions()].filter(Boolean).join('\n\n');
    const message: A2aMessage = {
      messageId: randomHex(16),
      contextId: '',
      taskId: '',
      role: this.#sdk.Role.ROLE_USER,
      parts: [{ content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' }],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    };
    const configuration = {
      acceptedOutputModes: ['text/plain', 'text/markdown', 'application/json'],
      taskPushNotificationConfig: undefined,
      returnImmediately: false,
    };
    return { tenant: '', message, configuration, metadata: undefined };
  }

  #read({ payload }: StreamResponse): void {
    this.#sink.touch();
    switch (payload?.$case) {
      case 'task':
        return this.#readTask(payload.value);
      case 'message':
        this.#message += textOf(payload.value.parts);
        return this.#turn.say(textOf(payload.value.parts));
      case 'statusUpdate':
        this.#taskId = payload.value.taskId;
        return this.#readStatus(payload.value.status);
      case 'artifactUpdate': {
        const { artifact, append, taskId } = payload.value;
        this.#taskId = taskId;
        if (!artifact) return;
        return this.#readArtifact(artifact.artifactId, textOf(artifact.parts), append);
      }
      case undefined:
        return;
    }
  }

  #readTask(task: Task): void {
    this.#taskId = task.id;
    for (const { artifactId, parts } of task.artifacts) this.#readArtifact(artifactId, textOf(parts), false);
    this.#readStatus(task.status);
  }

  /** What was told before stays on the screen; what counts is the artifact as it is in the end. */
  #readArtifact(id: string, text: string, isMore: boolean): void {
    const before = this.#artifacts.get(id) ?? '';
    const whole = isMore ? before + text : text;
    this.#artifacts.set(id, whole);
    this.#turn.say(whole.startsWith(before) ? whole.slice(before.length) : whole);
  }

  /** What it says while it works is how it comes to its answer. */
  #readStatus(status: TaskStatus | undefined): void {
    if (!status) return;
    this.#status = status;
    const text = textOf(status.message?.parts ?? []);
    if (text !== '' && this.#isUnderWay()) this.#sink.emit({ type: 'reasoning', text: `${text}\n` });
  }

  #isUnderWay(): boolean {
    const { TASK_STATE_SUBMITTED, TASK_STATE_WORKING } = this.#sdk.TaskState;
    const state = this.#status?.state;
    return this.#taskId !== null && (state === TASK_STATE_SUBMITTED || state === TASK_STATE_WORKING);
  }

  #end(): ModelEnd {
    const states = this.#sdk.TaskState;
    const said = textOf(this.#status?.message?.parts ?? []);
    const state = this.#status?.state;
    const name = state === undefined ? null : (states[state] ?? null);
    if (state === states.TASK_STATE_FAILED || state === states.TASK_STATE_REJECTED)
      throw new AgentFailure('bad-request', `The agent could not do it: ${said || name}`);
    if (state === states.TASK_STATE_AUTH_REQUIRED)
      throw new AgentFailure('auth', `The agent wants somebody to log in: ${said || name}`);
    if (state === states.TASK_STATE_CANCELED) throw new AgentFailure('aborted', 'The agent cancelled its task.');
    const artifacts = [...this.#artifacts.values()].join('\n\n');
    return this.#turn.end({ text: artifacts || this.#message || said, sentStopReason: name });
  }
}

function textOf(parts: readonly Part[]): string {
  return parts
    .map(({ content }) => {
      if (content?.$case === 'text') return content.value;
      return content?.$case === 'data' ? JSON.stringify(content.value) : '';
    })
    .filter(Boolean)
    .join('\n');
}
