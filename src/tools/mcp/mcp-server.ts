import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import type { JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import { DEFAULT_TOOL_TIMEOUT_MS } from '../tool-rules.ts';
import type { Tool, ToolAnnotations, ToolContext, ToolResult } from '../tool.ts';
import { Callers } from './callers.ts';
import { httpLossOf, type Loss } from './http-loss.ts';
import { plainJson } from './plain-json.ts';
import { resultPictures } from './result-pictures.ts';
import { resultText } from './result-text.ts';
import { shelfTools } from './server-shelf.ts';
import { isWanted, serverTool, shelfToolOf } from './server-tools.ts';
import { startFault, strayText } from './start-fault.ts';
import { callAsTask } from './task-call.ts';
import { connectTransport, NO_WORDS, type ServerWords } from './transport.ts';

export interface McpServerOptions {
  need: McpServerNeed;
  clock: Clock;
  /** Where a program is started that names no folder of its own. */
  cwd: string;
  version: string;
  /** Absolute folders and files that the agent may use; null for an agent without files, whose servers are told none. */
  roots?: readonly string[] | null;
  /** Where logins at servers are kept; null keeps from logging in. */
  loginFolder?: string | null;
}

const CONNECT_TIMEOUT_MS = 30_000;
const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 60_000;
/** Calls in a row that a server may be cut off in before it is left alone. */
const MAX_LOSSES = 4;
const MAX_PAGES = 100;

/**
 * One MCP server, usually of one agent. It lives as long as the agent: a call that finds it gone starts it again, at most once
 * per pause, and the pauses grow. A call that was cut off is repeated only if repeating it does no harm.
 */
export class McpServer {
  readonly #options: McpServerOptions;
  #client: Client | null = null;
  /** The one that is being connected. */
  #opening: Client | null = null;
  #connecting: Promise<Client> | null = null;
  #tools: Tool[] = [];
  #failures = 0;
  #retryAt = 0;
  /** Calls in a row that were cut off. */
  #losses = 0;
  /** Of the program that was started last. */
  #words: ServerWords = NO_WORDS;
  readonly #callers: Callers;
  #isDisposed = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.#callers = new Callers(options.need.name);
  }

  /** As of now, filtered by the config. */
  tools(): readonly Tool[] {
    return this.#tools;
  }

  /** Rejects with an error whose message is for people. */
  async connect(): Promise<void> {
    await this.#connected();
  }

  /** Never rejects. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const open = [this.#client, this.#opening].filter((client) => client !== null);
    this.#client = null;
    await Promise.allSettled(open.map((client) => client.close()));
    await this.#connecting?.catch(() => undefined);
  }

  async #connected(): Promise<Client> {
    if (this.#isDisposed) throw new Error('The run has ended.');
    if (this.#client) return this.#client;
    const { clock, need } = this.#options;
    const waitMs = this.#retryAt - clock.now();
    if (!this.#connecting && waitMs > 0) {
      throw new Error(`The MCP server ${need.name} is down; it is tried again in ${Math.ceil(waitMs / 1000)} seconds.`);
    }
    this.#connecting ??= this.#start().finally(() => (this.#connecting = null));
    return this.#connecting;
  }

  async #start(): Promise<Client> {
    const { need, clock, cwd, version, roots = null, loginFolder = null } = this.#options;
    let stray = '';
    this.#words = NO_WORDS;
    try {
      const { Client: McpClient } = await import('@modelcontextprotocol/sdk/client/index.js');
      const types = await import('@modelcontextprotocol/sdk/types.js');
      const connection = await connectTransport(need, cwd, loginFolder);
      this.#words = connection;
      // No server gets at the agents' models unless the config says so.
      const isAnswered = need.allowsSampling === true;
      const capabilities = { elicitation: {}, ...(isAnswered && { sampling: {} }), ...(roots && { roots: {} }) };
      const client = new McpClient({ name: 'massgen', version }, { capabilities });
      if (this.#isDisposed) throw new Error('The run has ended.');
      this.#opening = client;
      const refresh = (): Promise<void> => this.#refresh(client).catch(() => undefined);
      client.setNotificationHandler(types.ToolListChangedNotificationSchema, refresh);
      client.setNotificationHandler(types.ResourceListChangedNotificationSchema, refresh);
      client.setNotificationHandler(types.PromptListChangedNotificationSchema, refresh);
      client.setRequestHandler(types.ElicitRequestSchema, ({ params }) => this.#callers.elicit(params));
      if (isAnswered) {
        client.setRequestHandler(types.CreateMessageRequestSchema, ({ params }) => this.#callers.sample(params));
      }
      if (roots) {
        client.setRequestHandler(types.ListRootsRequestSchema, () => ({
          roots: roots.map((root) => ({ uri: pathToFileURL(root).href, name: basename(root) })),
        }));
      }
      client.onerror = (error) => (stray ||= strayText(error));
      await client.connect(connection.transport as Transport, { timeout: CONNECT_TIMEOUT_MS });
      client.onclose = () => {
        if (this.#client === client) this.#client = null;
      };
      client.onerror = (error) => this.#judgeBreak(client, error);
      await this.#refresh(client);
      if (this.#isDisposed) throw new Error('The run has ended.');
      this.#client = client;
      this.#failures = 0;
      return client;
    } catch (error) {
      // One that is there and does not tell its tools would stay behind.
      await this.#opening?.close().catch(() => undefined);
      this.#retryAt = clock.now() + Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#failures);
      this.#failures += 1;
      const why = startFault(error, need, { timeoutMs: CONNECT_TIMEOUT_MS, words: this.#words.lastWords(), stray });
      throw new Error(`The MCP server ${need.name} could not be started: ${why}`, { cause: error });
    } finally {
      this.#opening = null;
    }
  }

  async #refresh(client: Client): Promise<void> {
    const { need } = this.#options;
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_TIMEOUT_MS });
      for (const tool of listed.tools) {
        if (!isWanted(need, tool.name)) continue;
        const isTask = tool.execution?.taskSupport === 'required';
        tools.push(
          serverTool(need, tool, (args, context, annotations) =>
            this.#call(annotations, context, (there) =>
              this.#callOnce(there, { name: tool.name, arguments: args }, isTask, context),
            ),
          ),
        );
      }
      cursor = listed.nextCursor;
      if (cursor === undefined) break;
    }
    for (const shelf of await shelfTools(client)) {
      // A tool of the server's own with this name is the one that it means.
      const isTaken = tools.some(({ origin }) => origin?.tool === shelf.name);
      if (isTaken || !isWanted(need, shelf.name)) continue;
      tools.push(
        shelfToolOf(need, shelf, (args, context, annotations) =>
          this.#call(annotations, context, async (there) => {
            return { output: await shelf.run(there, args, context.signal), isError: false };
          }),
        ),
      );
    }
    this.#tools = tools;
  }

  #call(annotations: ToolAnnotations, context: ToolContext, once: Once): Promise<ToolResult> {
    return this.#callers.during(context, () => this.#callRepeatedly(annotations, context, once));
  }

  async #callRepeatedly(annotations: ToolAnnotations, context: ToolContext, once: Once): Promise<ToolResult> {
    const isRepeatable = annotations.readOnly || annotations.idempotent;
    for (let isRetry = false; ; isRetry = true) {
      let client: Client;
      try {
        client = await this.#connected();
      } catch (error) {
        return { output: messageOf(error), isError: true };
      }
      try {
        this.#words.forgetWords();
        const result = await once(client);
        this.#losses = 0;
        return result;
      } catch (error) {
        const loss = this.#lossOf(client, error);
        if (context.signal.aborted || loss === null) return { output: messageOf(error), isError: true };
        this.#noteLoss();
        const isSafe = isRepeatable || loss === 'before';
        if (isSafe && !isRetry) continue;
        const doubt = isSafe ? '' : ' The call may have taken effect or not: find out before you repeat it.';
        const words = this.#words.lastWords();
        const said = words && ` It said: ${words}`;
        return {
          output: `The MCP server ${this.#options.need.name} went away during the call.${doubt}${said}`,
          isError: true,
        };
      }
    }
  }

  /** Null for an error that is the server's answer. A closed connection has cleared the client. */
  #lossOf(client: Client, error: unknown): Loss | null {
    if (this.#client !== client) return 'during';
    const loss = this.#options.need.transport.type === 'http' ? httpLossOf(error) : null;
    if (loss !== null) this.#drop(client);
    return loss;
  }

  /** Calls that wait for it end. */
  #drop(client: Client): void {
    if (this.#client === client) this.#client = null;
    client.close().catch(() => undefined);
  }

  /**
   * A stream that breaks off is begun anew by itself, but nobody answers the calls of a server that is gone. With SSE the
   * stream is the session.
   */
  #judgeBreak(client: Client, error: Error): void {
    if (this.#client !== client || this.#options.need.transport.type !== 'http') return;
    if ('event' in error) return this.#drop(client);
    if (!this.#callers.areThere) return;
    client.ping().catch((fault: unknown) => {
      if (httpLossOf(fault) !== null) this.#drop(client);
    });
  }

  /** A server that dies of every call is left alone for a while, like one that does not start. */
  #noteLoss(): void {
    this.#losses += 1;
    const more = this.#losses - MAX_LOSSES;
    if (more < 0) return;
    this.#retryAt = this.#options.clock.now() + Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** more);
  }

  async #callOnce(client: Client, call: ServerCall, isTask: boolean, context: ToolContext): Promise<ToolResult> {
    const { signal, onProgress } = context;
    // The pipeline's own limit comes first; this one only frees what is left.
    const timeout = (this.#options.need.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS) + 5_000;
    const result = isTask
      ? await callAsTask(client, call, { signal, timeout, onStatus: (message) => onProgress?.(message) })
      : await client.callTool(call, undefined, {
          signal,
          timeout,
          onprogress: ({ progress, total, message }) =>
            onProgress?.(message ?? (total === undefined ? String(progress) : `${progress} of ${total}`)),
        });
    const plain = plainJson(result);
    const pictures = resultPictures(plain);
    return { output: resultText(plain), isError: plain['isError'] === true, ...(pictures.length > 0 && { pictures }) };
  }
}

interface ServerCall {
  name: string;
  arguments: JsonObject;
}

type Once = (client: Client) => Promise<ToolResult>;
