import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { McpServer, PromptResponse } from '@agentclientprotocol/sdk';
import type { AcpSpec } from '../../config/external-agent.ts';
import type { BackendSpec } from '../../config/team.ts';
import type { LoadedFile, ToolCall } from '../../events/message.ts';
import type { StopReason } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import type { CallSink } from '../external/agent-call.ts';
import { withCopies } from '../external/agent-copies.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { agentProvider } from '../external/agent-provider.ts';
import { CallBlocks } from '../external/call-block.ts';
import { ConversationCursor } from '../external/conversation-cursor.ts';
import { lastingTools, OwnTools } from '../external/own-tools.ts';
import { sentUsageOf } from '../external/text-turn.ts';
import { toldText } from '../external/told-text.ts';
import { TOOL_SERVER_NAME, ToolServer } from '../external/tool-server.ts';
import { stringAt } from '../wire/json-fields.ts';
import { secretVariables } from '../wire/secrets.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';
import { AgentConnection, type AgentWishes, type TerminalWishes } from './agent-connection.ts';
import { fileBlock, fileBlocks } from './file-blocks.ts';
import { allowOwn, decidePermission } from './permission.ts';
import { AgentTerminals } from './terminals.ts';
import { isOurs } from './own-calls.ts';
import { UpdateReader } from './updates.ts';

/**
 * An agent program that speaks the Agent Client Protocol. It is started when it is first needed, works in the agent's
 * workspace, and is started anew after it crashed, when it is told the whole conversation again. The run's tools reach
 * it over MCP; what it does with its own tools is told as it happens, and its wishes are decided by the run.
 */
export function createAcpProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const spec = backend.external;
  if (spec?.kind !== 'acp') throw new Error('this backend is no ACP agent');
  const agent = withCopies(() => new AcpAgent(spec, clock));
  const provider = agentProvider(backend, { clock, secrets: secretVariables(spec.env) }, (...call) =>
    agent.converse(...call),
  );
  const reach = async (signal: AbortSignal): Promise<void> => {
    const single = new AcpAgent(spec, clock);
    await single.reach(signal).finally(() => single.close());
  };
  return Promise.resolve({ ...provider, reach, close: () => agent.close() });
}

const ACP = 'acp';

/** What goes on while a prompt is being worked on. */
interface OpenPrompt {
  request: ModelRequest;
  sink: CallSink;
  tools: OwnTools;
  reader: UpdateReader;
  /** Takes calls in blocks out of what is shown. */
  shown: ReturnType<CallBlocks['filter']>;
}

interface Session {
  id: string;
  blocks: CallBlocks;
  /** How calls are made has been said. */
  isInstructed: boolean;
}

class AcpAgent {
  readonly #spec: AcpSpec;
  readonly #clock: Clock;
  readonly #cursor = new ConversationCursor();
  #connection: AgentConnection | null = null;
  #starting: Promise<AgentConnection> | null = null;
  readonly #closing = new AbortController();
  #session: Session | null = null;
  #server: ToolServer | null = null;
  /** The tools that the session was told of. */
  #listed: ModelRequest['tools'] = [];
  #open: OpenPrompt | null = null;
  readonly #terminals = new AgentTerminals();
  #scrapFolder: string | null = null;
  /** What the session has cost as of the last prompt; null where that is not known. */
  #toldUsd: number | null = 0;
  /** How often it has used tools of its own, in all of its sessions. */
  #uses = 0;
  /** The log may hold uses of an earlier process of the same agent. */
  readonly #series = randomHex(3);

  constructor(spec: AcpSpec, clock: Clock) {
    this.#spec = spec;
    this.#clock = clock;
  }

  async converse(request: ModelRequest, sink: CallSink, signal: AbortSignal): Promise<ModelEnd> {
    // It has not stopped when it was told to.
    if (this.#open) await this.#disconnect();
    const connection = await this.#connect(request, signal);
    if (signal.aborted) throw new AgentFailure('aborted', 'The call was interrupted.');
    if (!this.#session) await this.#takeUp(connection, request);
    const part = this.#cursor.next(request.messages);
    const session = this.#session && !part.isNew ? this.#session : await this.#begin(connection, request);
    const open = (this.#open = this.#openPrompt(request, sink, session.blocks));
    const { tools, reader, shown } = open;
    const cancel = (): void => void connection.cancel(session.id);
    signal.addEventListener('abort', cancel, { once: true });
    let isTold = false;
    try {
      const shows = (file: LoadedFile): boolean => fileBlock(file, connection.prompts) !== null;
      const text = [toldText(part, shows), this.#toolText(request, session)].filter(Boolean).join('\n\n');
      const response = await connection.prompt(session.id, text, fileBlocks(part.messages, connection.prompts));
      isTold = response.stopReason !== 'cancelled';
      emitText(sink, shown.end());
      for (const event of reader.end()) sink.emit(event);
      this.#cursor.told(request.messages, isTold);
      if (response.stopReason === 'cancelled') throw new AgentFailure('aborted', 'The agent was told to stop.');
      return this.#endOf(response, reader, tools, session.blocks, sink);
    } catch (error) {
      for (const event of reader.end()) sink.emit(event);
      const costUsd = this.#spentUsd(reader);
      if (error instanceof AgentFailure && costUsd !== null) error.spent = { costUsd };
      if (!isTold && !signal.aborted) this.#forget();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      if (this.#open === open) this.#open = null;
    }
  }

  /** Starts it and opens a session, which is where an agent that is not logged in says so. */
  async reach(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => void this.close(), { once: true });
    const connection = await this.#connect({}, signal);
    await connection.openSession(await this.#folderFor({}), []);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const [server, folder] = [this.#server, this.#scrapFolder];
    this.#server = this.#scrapFolder = null;
    await Promise.allSettled([this.#disconnect(), server?.close(), this.#terminals.close()]);
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  async #disconnect(): Promise<void> {
    await this.#starting?.catch(() => null);
    const connection = this.#connection;
    this.#connection = null;
    this.#forget();
    await connection?.close();
  }

  #forget(): void {
    this.#session = null;
    this.#cursor.forget();
  }

  async #connect(request: Pick<ModelRequest, 'desk'>, signal: AbortSignal): Promise<AgentConnection> {
    // That of a call which was interrupted meanwhile.
    await this.#starting?.catch(() => null);
    if (this.#connection?.hasEnded === false) return this.#connection;
    const { signal: closing } = this.#closing;
    if (closing.aborted) throw new AgentFailure('aborted', 'The agent was ended.');
    this.#starting = this.#start(request, AbortSignal.any([signal, closing]));
    return this.#starting;
  }

  async #start(request: Pick<ModelRequest, 'desk'>, signal: AbortSignal): Promise<AgentConnection> {
    this.#forget();
    await this.#terminals.close();
    const wishes: AgentWishes = {
      update: (update) => {
        const open = this.#open;
        if (!open) return;
        open.sink.touch();
        for (const event of open.reader.read(update)) {
          if (event.type === 'text') emitText(open.sink, open.shown.add(event.text));
          else open.sink.emit(event);
        }
      },
      permission: (asked) => {
        const open = this.#open;
        if (isOurs(asked.toolCall, this.#listed)) return Promise.resolve(allowOwn(asked.options));
        const decide = (): ReturnType<typeof decidePermission> =>
          decidePermission(asked, this.#spec.permissionMode, open?.request.desk);
        // What the agent has said before it asked is known before it is decided.
        return open ? open.sink.hold(open.sink.told().then(decide)) : decide();
      },
      readFile: (path) => this.#desk().readFile(path),
      writeFile: (path, text) => this.#desk().writeFile(path, text),
      terminals: request.desk?.startCommand ? this.#terminalWishes() : null,
    };
    const cwd = await this.#folderFor(request);
    const connection = await AgentConnection.start(this.#spec, { cwd, clock: this.#clock, signal }, wishes);
    this.#connection = connection;
    return connection;
  }

  /** What waits for leave, or for a command to end, is no silence. */
  #terminalWishes(): TerminalWishes {
    const terminals = this.#terminals;
    const held = <T>(wish: Promise<T>): Promise<T> => this.#open?.sink.hold(wish) ?? wish;
    return {
      create: (request) => {
        const start = (): ReturnType<TerminalWishes['create']> =>
          terminals.create(this.#desk(), this.#newId(), request);
        return held(this.#open ? this.#open.sink.told().then(start) : Promise.resolve().then(start));
      },
      output: (id) => terminals.output(id),
      waitForExit: (id) => held(terminals.waitForExit(id)),
      kill: (id) => terminals.kill(id),
      release: (id) => terminals.release(id),
    };
  }

  #newId(): string {
    this.#uses += 1;
    return `own_${this.#series}_${this.#uses}`;
  }

  #desk(): NonNullable<ModelRequest['desk']> {
    const desk = this.#open?.request.desk;
    if (!desk) throw new Error('Files cannot be used now.');
    return desk;
  }

  /** Outside of a run there is no workspace: the agent gets an empty folder for the time being. */
  async #folderFor({ desk }: Pick<ModelRequest, 'desk'>): Promise<string> {
    if (desk?.workspace) return desk.workspace;
    this.#scrapFolder ??= await mkdtemp(join(tmpdir(), 'massgen-agent-'));
    return this.#scrapFolder;
  }

  async #begin(connection: AgentConnection, request: ModelRequest): Promise<Session> {
    const { sessionId } = await connection.openSession(
      await this.#folderFor(request),
      await this.#serversFor(connection, request),
    );
    return this.#keep(sessionId);
  }

  /** Goes on in the session in which an earlier process has had this conversation, where the agent can. */
  async #takeUp(connection: AgentConnection, request: ModelRequest): Promise<void> {
    const last = request.messages.findLast((message) => message.role === 'assistant');
    const id =
      last?.role === 'assistant' && last.native?.protocol === ACP ? stringAt(last.native.items[0], 'session') : null;
    if (id === null || !connection.loadsSessions) return;
    const servers = await this.#serversFor(connection, request);
    if (!(await connection.loadSession(id, await this.#folderFor(request), servers))) return;
    this.#keep(id);
    this.#cursor.remembered(request.messages);
    // What it has cost until now was told by the process before.
    this.#toldUsd = null;
  }

  #keep(id: string): Session {
    this.#session = { id, blocks: new CallBlocks(randomHex(3)), isInstructed: false };
    this.#toldUsd = 0;
    return this.#session;
  }

  async #serversFor(connection: AgentConnection, request: ModelRequest): Promise<McpServer[]> {
    this.#listed = lastingTools(request.tools);
    return this.#listed.length > 0 ? [await this.#serverFor(connection)] : [];
  }

  async #serverFor(connection: AgentConnection): Promise<McpServer> {
    this.#server ??= await ToolServer.start({
      tools: () => this.#listed,
      call: async (name, args) => {
        const open = this.#open;
        if (!open) return { output: 'It is not your turn.', isError: true };
        return open.sink.hold(open.tools.call(name, args));
      },
    });
    if (connection.takesHttpServers) {
      const headers = Object.entries(this.#server.headers).map(([name, value]) => ({ name, value }));
      return { type: 'http', name: TOOL_SERVER_NAME, url: this.#server.url, headers };
    }
    const { command, args, env } = this.#server.asProgram();
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    return { name: TOOL_SERVER_NAME, command, args, env: variables };
  }

  #openPrompt(request: ModelRequest, sink: CallSink, blocks: CallBlocks): OpenPrompt {
    const reader = new UpdateReader({
      clock: this.#clock,
      newId: () => this.#newId(),
      isOurs: (call) => isOurs(call, this.#listed),
      terminalText: (id) => this.#terminals.text(id),
    });
    return { request, sink, tools: new OwnTools(request), reader, shown: blocks.filter() };
  }

  #toolText({ tools, toolChoice, purpose }: ModelRequest, session: Session): string {
    if (tools.length === 0 || toolChoice === 'none' || purpose === 'present' || purpose === 'solo') return '';
    const names = tools.map(({ name }) => name).join(', ');
    const how = `The tools ${names} come from the MCP server ${TOOL_SERVER_NAME}: call them there.`;
    if (session.isInstructed) return how;
    session.isInstructed = true;
    return session.blocks.instructions(tools, how);
  }

  #endOf(
    response: PromptResponse,
    reader: UpdateReader,
    tools: OwnTools,
    blocks: CallBlocks,
    sink: CallSink,
  ): ModelEnd {
    const written = blocks.read(reader.text, () => tools.newId());
    const calls: ToolCall[] = tools.calls.length > 0 ? tools.calls : written.calls;
    for (const call of calls) sink.emit({ type: 'tool-call', call });
    const usage = usageOf(response);
    const spent = this.#spentUsd(reader);
    const { reasoning } = reader;
    return {
      type: 'finished',
      message: {
        role: 'assistant',
        text: written.text,
        ...(reasoning && { reasoning }),
        calls,
        // Where a later process finds it.
        ...(this.#session && { native: { protocol: ACP, items: [{ session: this.#session.id }] } }),
      },
      stopReason: calls.length > 0 ? 'tool-calls' : STOP_REASONS[response.stopReason],
      usage: usage ?? NO_USAGE,
      sent: { stopReason: response.stopReason, usage: usage && { ...sentUsageOf(usage), cacheWrite: null } },
      ...(spent !== null && { costUsd: spent }),
    };
  }

  /** What the prompt has cost; null where that is not known. Told once. */
  #spentUsd({ costUsd }: UpdateReader): number | null {
    const spent = costUsd === null || this.#toldUsd === null ? null : Math.max(0, costUsd - this.#toldUsd);
    this.#toldUsd = costUsd ?? this.#toldUsd;
    return spent;
  }
}

function emitText(sink: CallSink, text: string): void {
  if (text !== '') sink.emit({ type: 'text', text });
}

const STOP_REASONS: Readonly<Record<PromptResponse['stopReason'], StopReason>> = {
  end_turn: 'end',
  max_tokens: 'max-tokens',
  max_turn_requests: 'other',
  refusal: 'refusal',
  cancelled: 'other',
};

/** Agents tell tokens in fields that the protocol has not settled yet. */
function usageOf(response: PromptResponse): Usage | null {
  const plain = JSON.parse(JSON.stringify(response)) as {
    usage?: { inputTokens?: number; outputTokens?: number; cachedReadTokens?: number; thoughtTokens?: number };
    _meta?: { quota?: { token_count?: { input_tokens?: number; output_tokens?: number } } };
  };
  const count = plain._meta?.quota?.token_count;
  const input = plain.usage?.inputTokens ?? count?.input_tokens;
  const output = plain.usage?.outputTokens ?? count?.output_tokens;
  if (typeof input !== 'number' || typeof output !== 'number') return null;
  const { cachedReadTokens = 0, thoughtTokens = 0 } = plain.usage ?? {};
  return {
    ...NO_USAGE,
    input: input + cachedReadTokens,
    output,
    cachedInput: cachedReadTokens,
    reasoning: thoughtTokens,
  };
}
