import { basename, isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import { pathsIn } from '../path-arguments.ts';
import { DEFAULT_TOOL_TIMEOUT_MS } from '../tool-rules.ts';
import type { PathArgument, Tool, ToolAnnotations, ToolContext, ToolResult } from '../tool.ts';
import { connectTransport } from './transport.ts';
import { elicit, type Elicited } from './elicit.ts';
import { resultText } from './result-text.ts';
import { sample, type Sampled } from './sample.ts';
import { shelfTools, type ShelfTool } from './server-shelf.ts';
import { loginAdvice } from './stored-login.ts';
import { mcpToolName } from './tool-names.ts';

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
const MAX_DESCRIPTION = 4_000;
const MAX_SAMPLES = 50;

/** Names under which tools of local servers take paths. What they do with them is said by the tool's annotations. */
const PATH_NAMES = new Set(
  (
    'path paths file files filename file_name filepath file_path filePath directory dir folder cwd work_dir workdir ' +
    'root source src from destination dest dst to target output output_path outputPath input_path'
  ).split(' '),
);
const SOURCE_NAMES = new Set(['source', 'src', 'from']);

/**
 * One MCP server, usually of one agent. It lives as long as the agent: a call that finds it gone starts it again, at most once
 * per pause, and the pauses grow. A call that was cut off is repeated only if repeating it does no harm.
 */
export class McpServer {
  readonly #options: McpServerOptions;
  #client: Client | null = null;
  #connecting: Promise<Client> | null = null;
  #tools: Tool[] = [];
  #failures = 0;
  #retryAt = 0;
  /** Calls in a row that were cut off. */
  #losses = 0;
  /** Calls that the server is at work on; what it asks meanwhile is asked for one of them. */
  readonly #calls = new Set<ToolContext>();
  readonly #samples = new WeakMap<ToolContext, number>();
  #isDisposed = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
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
    const client = this.#client ?? (await this.#connecting?.catch(() => null)) ?? null;
    this.#client = null;
    await client?.close().catch(() => undefined);
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
    let lastWords = (): string => '';
    try {
      const { Client: McpClient } = await import('@modelcontextprotocol/sdk/client/index.js');
      const types = await import('@modelcontextprotocol/sdk/types.js');
      const connection = await connectTransport(need, cwd, loginFolder);
      lastWords = connection.lastWords;
      // No server gets at the agents' models unless the config says so.
      const isAnswered = need.allowsSampling === true;
      const capabilities = { elicitation: {}, ...(isAnswered && { sampling: {} }), ...(roots && { roots: {} }) };
      const client = new McpClient({ name: 'massgen', version }, { capabilities });
      const refresh = (): Promise<void> => this.#refresh(client).catch(() => undefined);
      client.setNotificationHandler(types.ToolListChangedNotificationSchema, refresh);
      client.setNotificationHandler(types.ResourceListChangedNotificationSchema, refresh);
      client.setNotificationHandler(types.PromptListChangedNotificationSchema, refresh);
      client.setRequestHandler(types.ElicitRequestSchema, ({ params }) => this.#elicit(params));
      if (isAnswered) {
        client.setRequestHandler(types.CreateMessageRequestSchema, ({ params }) => this.#sample(params));
      }
      if (roots) {
        client.setRequestHandler(types.ListRootsRequestSchema, () => ({
          roots: roots.map((root) => ({ uri: pathToFileURL(root).href, name: basename(root) })),
        }));
      }
      await client.connect(connection.transport as Transport, { timeout: CONNECT_TIMEOUT_MS });
      client.onclose = () => {
        if (this.#client === client) this.#client = null;
      };
      await this.#refresh(client);
      this.#client = client;
      this.#failures = 0;
      return client;
    } catch (error) {
      this.#retryAt = clock.now() + Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#failures);
      this.#failures += 1;
      const words = lastWords();
      const message = startFault(error, need);
      throw new Error(`The MCP server ${need.name} could not be started: ${message}${words && ` It said: ${words}`}`, {
        cause: error,
      });
    }
  }

  async #refresh(client: Client): Promise<void> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const listed = await client.listTools(cursor === undefined ? {} : { cursor });
      for (const tool of listed.tools) if (this.#isWanted(tool.name)) tools.push(this.#toolOf(tool));
      cursor = listed.nextCursor;
      if (cursor === undefined) break;
    }
    for (const shelf of await shelfTools(client)) {
      // A tool of the server's own with this name is the one that it means.
      const isTaken = tools.some(({ origin }) => origin?.tool === shelf.name);
      if (!isTaken && this.#isWanted(shelf.name)) tools.push(this.#toolOfShelf(shelf));
    }
    this.#tools = tools;
  }

  #toolOfShelf(shelf: ShelfTool): Tool {
    const { name, description, parameters } = shelf;
    const { need } = this.#options;
    const annotations = { readOnly: true, destructive: false, idempotent: true, openWorld: true, pathArguments: [] };
    return {
      spec: {
        name: mcpToolName(need.name, name),
        description,
        parameters,
        ...(need.isDeferred === true && { isDeferred: true as const }),
        isForCode: true,
      },
      origin: { server: need.name, tool: name },
      annotations,
      timeoutMs: need.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
      execute: (args, context) =>
        this.#call(annotations, context, async (client) => {
          return { output: await shelf.run(client, args, context.signal), isError: false };
        }),
    };
  }

  /** What a server asks its user goes to whoever a call of it is for; one that asks out of the blue gets a no. */
  #elicit(params: object): Promise<Elicited> {
    const context = this.#onlyCaller();
    if (!context) return Promise.resolve({ action: 'decline' });
    return elicit(
      this.#options.need.name,
      JSON.parse(JSON.stringify(params)) as JsonObject,
      context.asks,
      context.signal,
    );
  }

  /** As for questions; the number of them in one call has an end, whatever they cost. */
  async #sample(params: object): Promise<Sampled> {
    const context = this.#onlyCaller();
    if (!context) throw new Error('No call is under way whose agent could be asked.');
    const count = (this.#samples.get(context) ?? 0) + 1;
    this.#samples.set(context, count);
    if (count > MAX_SAMPLES) throw new Error(`One call asks the model ${MAX_SAMPLES} times at most.`);
    const { name } = this.#options.need;
    return sample(name, JSON.parse(JSON.stringify(params)) as JsonObject, context.asks, context.signal);
  }

  /** Where several agents call a server at once, nobody knows whom it asks. */
  #onlyCaller(): ToolContext | null {
    const callers = [...this.#calls].filter(({ asks }) => asks !== undefined);
    const last = callers.at(-1);
    return last && callers.every(({ asks }) => asks === last.asks) ? last : null;
  }

  #isWanted(name: string): boolean {
    const { allowedTools, excludedTools } = this.#options.need;
    return (allowedTools === null || allowedTools.includes(name)) && !excludedTools.includes(name);
  }

  #toolOf(listed: ListedTool): Tool {
    const { need } = this.#options;
    const { $schema: _, ...parameters } = JSON.parse(JSON.stringify(listed.inputSchema)) as JsonObject;
    const annotations = annotationsOf(listed, parameters, need.transport.type === 'stdio');
    return {
      spec: {
        name: mcpToolName(need.name, listed.name),
        description: (listed.description ?? '').slice(0, MAX_DESCRIPTION).toWellFormed(),
        parameters: { ...parameters, type: 'object' },
        ...(need.isDeferred === true && { isDeferred: true as const }),
        ...(need.isLoose === true && { strict: false as const }),
        isForCode: true,
      },
      origin: { server: need.name, tool: listed.name },
      annotations,
      timeoutMs: need.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
      execute: (args, context) => {
        const fault = need.isShared === true ? pathFault(args, annotations.pathArguments) : null;
        if (fault !== null) return Promise.resolve({ output: fault, isError: true });
        return this.#call(annotations, context, (client) => this.#callOnce(client, listed.name, args, context));
      },
    };
  }

  async #call(
    annotations: ToolAnnotations,
    context: ToolContext,
    once: (client: Client) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    this.#calls.add(context);
    try {
      return await this.#callRepeatedly(annotations, context, once);
    } finally {
      this.#calls.delete(context);
    }
  }

  async #callRepeatedly(
    annotations: ToolAnnotations,
    context: ToolContext,
    once: (client: Client) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    const isRepeatable = annotations.readOnly || annotations.idempotent;
    for (let isRetry = false; ; isRetry = true) {
      let client: Client;
      try {
        client = await this.#connected();
      } catch (error) {
        return { output: messageOf(error), isError: true };
      }
      try {
        const result = await once(client);
        this.#losses = 0;
        return result;
      } catch (error) {
        // A closed connection has cleared the client; every other error is the server's answer.
        const isCutOff = this.#client !== client;
        if (context.signal.aborted || !isCutOff) return { output: messageOf(error), isError: true };
        this.#noteLoss();
        if (isRepeatable && !isRetry) continue;
        const doubt = isRepeatable ? '' : ' The call may have taken effect or not: find out before you repeat it.';
        return {
          output: `The MCP server ${this.#options.need.name} went away during the call.${doubt}`,
          isError: true,
        };
      }
    }
  }

  /** A server that dies of every call is left alone for a while, like one that does not start. */
  #noteLoss(): void {
    this.#losses += 1;
    const more = this.#losses - MAX_LOSSES;
    if (more < 0) return;
    this.#retryAt = this.#options.clock.now() + Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** more);
  }

  async #callOnce(client: Client, name: string, args: JsonObject, context: ToolContext): Promise<ToolResult> {
    const result: unknown = await client.callTool({ name, arguments: args }, undefined, {
      signal: context.signal,
      // The pipeline's own limit comes first; this one only frees what is left.
      timeout: (this.#options.need.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS) + 5_000,
      onprogress: ({ progress, total, message }) =>
        context.onProgress?.(message ?? (total === undefined ? String(progress) : `${progress} of ${total}`)),
    });
    const plain = JSON.parse(JSON.stringify(result)) as JsonObject;
    return { output: resultText(plain), isError: plain['isError'] === true };
  }
}

interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: object;
  annotations?:
    | {
        readOnlyHint?: boolean | undefined;
        destructiveHint?: boolean | undefined;
        idempotentHint?: boolean | undefined;
        openWorldHint?: boolean | undefined;
      }
    | undefined;
}

/** What a server does not say counts as the worse case, as the protocol has it. */
function annotationsOf({ name, annotations }: ListedTool, parameters: JsonObject, isLocal: boolean): ToolAnnotations {
  const readOnly = annotations?.readOnlyHint ?? false;
  return {
    readOnly,
    destructive: !readOnly && (annotations?.destructiveHint ?? true),
    idempotent: annotations?.idempotentHint ?? false,
    openWorld: annotations?.openWorldHint ?? true,
    pathArguments: isLocal ? pathArgumentsOf(name, parameters, readOnly) : [],
  };
}

function pathArgumentsOf(tool: string, parameters: JsonObject, readOnly: boolean): PathArgument[] {
  const { properties } = parameters;
  if (properties === undefined || !isJsonObject(properties)) return [];
  return Object.keys(properties).flatMap((name): PathArgument[] => {
    if (!PATH_NAMES.has(name)) return [];
    if (readOnly) return [{ name, use: 'read' }];
    if (SOURCE_NAMES.has(name)) return [{ name, use: /copy/i.test(tool) ? 'read' : 'delete' }];
    return [{ name, use: /delete|remove/i.test(tool) ? 'delete' : 'write' }];
  });
}

/** A shared server does not know whose folder a relative path would start in. */
function pathFault(args: JsonObject, named: readonly PathArgument[]): string | null {
  const relative = pathsIn(args, named).find(({ path }) => !isAbsolute(path));
  return relative ? `Write the path in full: ${JSON.stringify(relative.path)} does not begin with a slash.` : null;
}

/** What kept a server from starting, for people. */
function startFault(error: unknown, { name, transport }: McpServerNeed): string {
  const isRefused =
    error instanceof Error && (('code' in error && error.code === 401) || /unauthorized/i.test(error.name));
  return isRefused && transport.type === 'http' ? loginAdvice(name) : messageOf(error);
}
