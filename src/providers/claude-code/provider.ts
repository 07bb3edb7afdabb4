import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaudeCodeSpec } from '../../config/external-agent.ts';
import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError } from '../../platform/errors.ts';
import { findPackage, importFile } from '../../platform/import-module.ts';
import type { CallSink } from '../external/agent-call.ts';
import { withCopies } from '../external/agent-copies.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { agentProvider } from '../external/agent-provider.ts';
import { ConversationCursor } from '../external/conversation-cursor.ts';
import { lastingTools } from '../external/own-tools.ts';
import { TextTurn } from '../external/text-turn.ts';
import { toldText } from '../external/told-text.ts';
import { TOOL_SERVER_NAME, ToolServer } from '../external/tool-server.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';
import { secretVariables } from '../wire/secrets.ts';
import { decideUse, denyUse, type UseNotice } from './decide-use.ts';
import { MessageReader } from './message-reader.ts';

const PACKAGE = '@anthropic-ai/claude-agent-sdk';

/** What is used of the SDK, which the user has installed and this program has not. */
type Query = (call: { prompt: string; options: Record<string, unknown> }) => AsyncIterable<unknown>;

/**
 * Claude Code, by its Agent SDK: it works in the agent's workspace, is asked for leave like everybody, and gets the
 * run's tools over MCP. Rejects with a MassgenError that says how to install the SDK.
 */
export async function createClaudeCodeProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const spec = backend.external;
  if (spec?.kind !== 'claude-code') throw new Error('this backend is no Claude Code');
  const entry = await findPackage(PACKAGE, spec.folders);
  if (entry === null) {
    throw new MassgenError('no-package', `Claude Code needs ${PACKAGE}. Install it: npm install ${PACKAGE}`);
  }
  const { query } = await importFile(entry);
  if (typeof query !== 'function') throw new MassgenError('no-package', `${entry} has no function query.`);
  const agent = withCopies(() => new ClaudeCode(spec, query as Query, clock));
  const provider = agentProvider(backend, { clock, secrets: secretVariables(spec.env) }, (...call) =>
    agent.converse(...call),
  );
  return { ...provider, close: () => agent.close() };
}

class ClaudeCode {
  readonly #spec: ClaudeCodeSpec;
  readonly #query: Query;
  readonly #clock: Clock;
  readonly #cursor = new ConversationCursor();
  #session: string | null = null;
  #server: ToolServer | null = null;
  #listed: ModelRequest['tools'] = [];
  #open: { turn: TextTurn; sink: CallSink } | null = null;
  #scrapFolder: string | null = null;

  constructor(spec: ClaudeCodeSpec, query: Query, clock: Clock) {
    this.#spec = spec;
    this.#query = query;
    this.#clock = clock;
  }

  async converse(request: ModelRequest, sink: CallSink, signal: AbortSignal): Promise<ModelEnd> {
    const part = this.#cursor.next(request.messages);
    const session = part.isNew ? null : this.#session;
    const turn = new TextTurn(request, sink);
    const open = (this.#open = { turn, sink });
    this.#listed = lastingTools(request.tools);
    const names = request.tools.map(({ name }) => name).join(', ');
    const how = `The tools ${names} come from the MCP server ${TOOL_SERVER_NAME}: call them there.`;
    // Without its session it would know nothing, so it is told all of it then.
    const told = session === null ? { isNew: true, messages: request.messages } : part;
    const prompt = [toldText(told), turn.instructions(how)].filter(Boolean).join('\n\n');
    const reader = new MessageReader(turn, sink, this.#clock);
    this.#cursor.forget();
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const options = { ...(await this.#optionsFor(request, sink, session)), abortController: stop };
      for await (const message of this.#query({ prompt, options })) {
        sink.touch();
        reader.read(message);
      }
      this.#session = reader.session;
      const end = reader.end();
      if (reader.session !== null) this.#cursor.told(request.messages, true);
      return end;
    } catch (error) {
      if (signal.aborted) throw new AgentFailure('aborted', 'The call was interrupted.', error);
      // After a result that is an error the SDK throws one that knows less.
      if (!(error instanceof AgentFailure) && reader.hasEnded) return reader.end();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      stop.abort();
      // One that has not stopped in time may end after the next one has begun.
      if (this.#open === open) this.#open = null;
    }
  }

  async close(): Promise<void> {
    const [server, folder] = [this.#server, this.#scrapFolder];
    this.#server = this.#scrapFolder = null;
    await server?.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  async #optionsFor(request: ModelRequest, sink: CallSink, session: string | null): Promise<Record<string, unknown>> {
    const { env, model, permissionMode, allowedTools, disallowedTools, maxThinkingTokens } = this.#spec;
    const server = this.#listed.length > 0 ? await this.#serverOf() : null;
    return {
      cwd: await this.#folderFor(request),
      env,
      ...(model !== null && { model }),
      ...(session !== null && { resume: session }),
      ...(maxThinkingTokens !== null && { maxThinkingTokens }),
      systemPrompt: { type: 'preset', preset: 'claude_code' },
      // Settings of the user's own would bring servers, hooks and leave of their own into the run.
      settingSources: [],
      includePartialMessages: true,
      // The mode is heard here, after the rules of the run; by itself it would decide before them.
      permissionMode: permissionMode === 'plan' ? 'plan' : 'default',
      allowedTools,
      disallowedTools,
      canUseTool: (name: string, input: Record<string, unknown>) =>
        sink.hold(sink.told().then(() => decideUse(name, input, request.desk, permissionMode))),
      // Tools that need no leave there pass here all the same.
      hooks: { PreToolUse: [{ hooks: [(use: UseNotice) => sink.hold(denyUse(use, request.desk))] }] },
      ...(server && {
        mcpServers: { [TOOL_SERVER_NAME]: { type: 'http', url: server.url, headers: { ...server.headers } } },
      }),
    };
  }

  async #serverOf(): Promise<ToolServer> {
    this.#server ??= await ToolServer.start({
      tools: () => this.#listed,
      call: async (name, args) => {
        const open = this.#open;
        if (!open) return { output: 'It is not your turn.', isError: true };
        return open.sink.hold(open.turn.tools.call(name, args));
      },
    });
    return this.#server;
  }

  async #folderFor({ desk }: ModelRequest): Promise<string> {
    if (desk?.workspace) return desk.workspace;
    this.#scrapFolder ??= await mkdtemp(join(tmpdir(), 'massgen-agent-'));
    return this.#scrapFolder;
  }
}
