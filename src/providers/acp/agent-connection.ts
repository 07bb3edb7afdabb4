import type {
  ContentBlock,
  CreateTerminalRequest,
  PromptCapabilities,
  ClientConnection,
  InitializeResponse,
  McpServer,
  NewSessionResponse,
  PromptResponse,
  RequestPermissionRequest,
  RequestPermissionResponse,
  SessionModeState,
  SessionUpdate,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from '@agentclientprotocol/sdk';
import type { AcpSpec } from '../../config/external-agent.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { startAgentProcess, type AgentProcess } from './agent-process.ts';

/** What the agent wants of us while it works. Rejections reach the agent as errors. */
export interface AgentWishes {
  update(update: SessionUpdate): void;
  permission(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
  /** Null where the agent runs no commands. */
  terminals: TerminalWishes | null;
}

export interface TerminalWishes {
  create(request: CreateTerminalRequest): Promise<{ terminalId: string }>;
  output(id: string): TerminalOutputResponse;
  waitForExit(id: string): Promise<WaitForTerminalExitResponse>;
  kill(id: string): Promise<void>;
  release(id: string): Promise<void>;
}

/** Errors of the protocol that have a meaning of their own. */
const AUTH_REQUIRED = -32_000;

/** The mode of Claude Code and Gemini CLI in which they ask before they do what may have effects. */
const ASKING_MODE = 'default';

/** A running agent program that has introduced itself. */
export class AgentConnection {
  readonly #spec: AcpSpec;
  readonly #process: AgentProcess;
  readonly #connection: ClientConnection;
  readonly #info: InitializeResponse;
  #hasEnded = false;

  private constructor(spec: AcpSpec, running: AgentProcess, connection: ClientConnection, info: InitializeResponse) {
    this.#spec = spec;
    this.#process = running;
    this.#connection = connection;
    this.#info = info;
    void running.ended.then(() => (this.#hasEnded = true));
  }

  /**
   * Starts the program in `cwd`; `signal` ends it before it has introduced itself, and means nothing later. Rejects with
   * an AgentFailure.
   */
  static async start(
    spec: AcpSpec,
    { cwd, clock, signal }: { cwd: string; clock: Clock; signal: AbortSignal },
    wishes: AgentWishes,
  ): Promise<AgentConnection> {
    const acp = await import('@agentclientprotocol/sdk');
    const running = await startAgentProcess(spec, cwd, clock);
    const stop = (): void => void running.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const refused = (error: unknown): never => {
      throw acp.RequestError.invalidParams(undefined, messageOf(error));
    };
    const client = acp
      .client({ name: 'massgen' })
      .onNotification('session/update', ({ params }) => wishes.update(params.update))
      .onRequest('session/request_permission', ({ params }) => wishes.permission(params))
      .onRequest('fs/read_text_file', async ({ params }) => {
        const text = await wishes.readFile(params.path).catch(refused);
        return { content: linesOf(text, params.line ?? null, params.limit ?? null) };
      })
      .onRequest('fs/write_text_file', async ({ params }) => {
        await wishes.writeFile(params.path, params.content).catch(refused);
        return {};
      });
    const { terminals } = wishes;
    if (terminals) {
      client
        .onRequest('terminal/create', ({ params }) => terminals.create(params).catch(refused))
        .onRequest('terminal/output', async ({ params }) => {
          try {
            return terminals.output(params.terminalId);
          } catch (error) {
            return refused(error);
          }
        })
        .onRequest('terminal/wait_for_exit', ({ params }) => terminals.waitForExit(params.terminalId).catch(refused))
        .onRequest('terminal/kill', ({ params }) => done(terminals.kill(params.terminalId)).catch(refused))
        .onRequest('terminal/release', ({ params }) => done(terminals.release(params.terminalId)).catch(refused));
    }
    const connection = client.connect(acp.ndJsonStream(running.input, running.output));
    connection.closed.catch(() => undefined);
    try {
      const info = await orEnd(
        running,
        connection.agent.request('initialize', {
          protocolVersion: acp.PROTOCOL_VERSION,
          clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: terminals !== null },
          clientInfo: { name: 'massgen', version: '1' },
        }),
      );
      if (info.protocolVersion !== acp.PROTOCOL_VERSION) {
        const versions = `${info.protocolVersion}, not ${acp.PROTOCOL_VERSION}`;
        throw new AgentFailure('protocol', `The agent ${spec.name} speaks version ${versions}, of the protocol.`);
      }
      return new AgentConnection(spec, running, connection, info);
    } catch (error) {
      await running.stop();
      throw error instanceof AgentFailure ? error : new AgentFailure('protocol', wordsOf(spec, error), error);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether it reaches MCP servers over HTTP; every agent can start them as programs. */
  get takesHttpServers(): boolean {
    return this.#info.agentCapabilities?.mcpCapabilities?.http === true;
  }

  /** What its prompts may hold beside text. */
  get prompts(): PromptCapabilities | undefined {
    return this.#info.agentCapabilities?.promptCapabilities;
  }

  /** Whether it can take up a session of an earlier process. */
  get loadsSessions(): boolean {
    return this.#info.agentCapabilities?.loadSession === true;
  }

  /**
   * Takes a session of an earlier process up again; the agent tells all of it anew as updates. False where it does not
   * know the session any more, or cannot: it then has to be told. Rejects with an AgentFailure where the program has ended.
   */
  async loadSession(sessionId: string, cwd: string, mcpServers: McpServer[]): Promise<boolean> {
    try {
      const request = this.#connection.agent.request('session/load', { sessionId, cwd, mcpServers });
      await this.#letAsk(sessionId, (await orEnd(this.#process, request))?.modes);
      return true;
    } catch (error) {
      if (this.#hasEnded) throw this.#failure(error);
      return false;
    }
  }

  /** Logs in where that is needed and the keys are there. Rejects with an AgentFailure. */
  async openSession(cwd: string, mcpServers: McpServer[]): Promise<NewSessionResponse> {
    const open = async (): Promise<NewSessionResponse> => {
      const opened = await orEnd(this.#process, this.#connection.agent.request('session/new', { cwd, mcpServers }));
      await this.#letAsk(opened.sessionId, opened.modes);
      return opened;
    };
    try {
      return await open();
    } catch (error) {
      if (codeOf(error) !== AUTH_REQUIRED) throw this.#failure(error);
    }
    const offered = new Set((this.#info.authMethods ?? []).map(({ id }) => id));
    const methodId = this.#spec.authMethods.find((method) => offered.has(method));
    try {
      if (methodId === undefined) throw new AgentFailure('auth', this.#loginHint());
      await orEnd(this.#process, this.#connection.agent.request('authenticate', { methodId }));
      return await open();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Some begin in a mode in which they decide about leave themselves, as Claude Code does; the run is to be asked. */
  async #letAsk(sessionId: string, modes: SessionModeState | null | undefined): Promise<void> {
    if (!modes || modes.currentModeId === ASKING_MODE) return;
    if (!modes.availableModes.some(({ id }) => id === ASKING_MODE)) return;
    const request = this.#connection.agent.request('session/set_mode', { sessionId, modeId: ASKING_MODE });
    await orEnd(this.#process, request);
  }

  /** Resolves when the agent's turn is over. Rejects with an AgentFailure. */
  async prompt(sessionId: string, text: string, files: readonly ContentBlock[]): Promise<PromptResponse> {
    const prompt: ContentBlock[] = [{ type: 'text', text }, ...files];
    const request = this.#connection.agent.request('session/prompt', { sessionId, prompt });
    try {
      return await orEnd(this.#process, request);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Asks the agent to stop its turn, which then ends as cancelled. */
  async cancel(sessionId: string): Promise<void> {
    await this.#connection.agent.notify('session/cancel', { sessionId }).catch(() => undefined);
  }

  /** Ends the program with everything that it has started. */
  async close(): Promise<void> {
    this.#connection.close();
    await this.#process.stop();
  }

  #failure(error: unknown): AgentFailure {
    if (error instanceof AgentFailure) return error;
    const words = wordsOf(this.#spec, error);
    if (codeOf(error) === AUTH_REQUIRED) return new AgentFailure('auth', `${words} ${this.#loginHint()}`, error);
    return new AgentFailure(kindOf(words), words, error);
  }

  #loginHint(): string {
    const { name, command } = this.#spec;
    return `The agent ${name} is not logged in: run ${command} once in a terminal and log in, or set the key that it takes.`;
  }
}

async function done(wish: Promise<void>): Promise<Record<string, never>> {
  await wish;
  return {};
}

/** Waits for an answer; a program that ends before it has given one is a failure of its own. */
function orEnd<T>(running: AgentProcess, answer: Promise<T>): Promise<T> {
  const ended = running.ended.then((how): never => {
    throw new AgentFailure('network', how);
  });
  return Promise.race([answer.catch((error: unknown) => orEnding(running, error)), ended]);
}

/** A connection that closes tells less than the program's own end, which follows it. */
async function orEnding(running: AgentProcess, error: unknown): Promise<never> {
  const isClosed = error instanceof Error && /closed/i.test(error.message) && codeOf(error) === null;
  if (isClosed) throw new AgentFailure('network', await running.ended, error);
  throw error;
}

function codeOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}

/** Agents hide their reasons in the data of an error whose message says `Internal error`. */
function wordsOf({ name }: AcpSpec, error: unknown): string {
  const message = messageOf(error);
  const data: unknown = error instanceof Error && 'data' in error ? error.data : undefined;
  const details = typeof data === 'string' ? data : data === undefined || data === null ? '' : JSON.stringify(data);
  return `The agent ${name} failed: ${[message, details].filter(Boolean).join(' ')}`;
}

function kindOf(words: string): AgentFailure['kind'] {
  if (/\b(401|403)\b|api key|unauthori[sz]ed|not logged in|authenticat/i.test(words)) return 'auth';
  if (/\b429\b|rate.?limit|too many requests/i.test(words)) return 'rate-limit';
  if (/quota|billing|insufficient/i.test(words)) return 'quota';
  return 'bad-request';
}

/** A part of a file: from a line, counted from 1, and so many of them. */
function linesOf(text: string, line: number | null, limit: number | null): string {
  if (line === null && limit === null) return text;
  const from = Math.max(0, (line ?? 1) - 1);
  return text
    .split('\n')
    .slice(from, limit === null ? undefined : from + limit)
    .join('\n');
}
