import { access } from 'node:fs/promises';
import type { FrameworkName, FrameworkSpec } from '../../config/external-agent.ts';
import type { BackendSpec } from '../../config/team.ts';
import { assertNever } from '../../events/event.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError, messageOf } from '../../platform/errors.ts';
import { importFile } from '../../platform/import-module.ts';
import type { CallSink } from '../external/agent-call.ts';
import { agentProvider } from '../external/agent-provider.ts';
import { TextTurn } from '../external/text-turn.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';
import { isAiSdkModel, runAiSdkModel } from './ai-sdk-model.ts';
import { hearConsole } from './own-console.ts';
import { plainMessages, type AgentTool, type FrameworkRunner, type FrameworkTurn } from './framework-turn.ts';

/**
 * An agent that a module of the user's exports, run in this process with the user's own copy of its framework. The
 * export is the agent, or a function that makes it of `{tools, purpose}`, called anew for every turn; so it can be
 * given the run's tools. Rejects with a MassgenError when the module cannot be loaded.
 */
export async function createFrameworkProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const spec = backend.external;
  if (spec?.kind !== 'framework') throw new Error('this backend is no framework');
  const exported = await hearConsole(
    () => undefined,
    () => loadExport(spec),
  );
  const run = await runnerOf(spec.framework);
  return agentProvider(backend, { clock }, (request, sink, signal) =>
    hearConsole(
      (words) => sink.emit({ type: 'reasoning', text: `${words.slice(0, MAX_CONSOLE_CHARS)}\n` }),
      () => runAgent({ exported, spec, run, clock }, request, sink, signal),
    ),
  );
}

/** A framework may write a whole request with an error. */
const MAX_CONSOLE_CHARS = 1_000;

interface LoadedAgent {
  exported: unknown;
  spec: FrameworkSpec;
  run: FrameworkRunner;
  clock: Clock;
}

async function runAgent(
  { exported, spec, run, clock }: LoadedAgent,
  request: ModelRequest,
  sink: CallSink,
  signal: AbortSignal,
): Promise<ModelEnd> {
  const turn = new TextTurn(request, sink);
  const tools = request.toolChoice === 'none' ? [] : request.tools.map((tool) => agentTool(tool, turn, sink));
  // A class would be called without `new`; what is called is a plain function that makes an agent.
  const isMaker = typeof exported === 'function' && !isAiSdkModel(exported);
  const agent: unknown = isMaker ? await (exported as Maker)({ tools, purpose: request.purpose }) : exported;
  const hasTools = isMaker || spec.framework === 'openai-agents';
  const names = tools.map(({ name }) => name).join(', ');
  const others = hasTools && tools.length > 0 ? `If you have the tools ${names}, call them.` : '';
  const call: FrameworkTurn = {
    request,
    sink,
    turn,
    messages: plainMessages(request.messages, turn.instructions(others)),
    tools,
    module: spec.module,
    now: () => clock.now(),
    signal,
  };
  if (isAiSdkModel(agent)) return runAiSdkModel(agent, call);
  return turn.end(await run(agent, call));
}

type Maker = (given: { tools: AgentTool[]; purpose: string }) => unknown;

function agentTool(spec: ModelRequest['tools'][number], turn: TextTurn, sink: CallSink): AgentTool {
  return {
    ...spec,
    execute: async (args) => (await sink.hold(turn.tools.call(spec.name, args))).output,
  };
}

async function runnerOf(framework: FrameworkName): Promise<FrameworkRunner> {
  switch (framework) {
    case 'langgraph':
      return (await import('./langgraph.ts')).runLangGraph;
    case 'ai-sdk':
    case 'mastra':
      return (await import('./ai-sdk-agent.ts')).runStreamingAgent;
    case 'openai-agents':
      return (await import('./openai-agents.ts')).runOpenaiAgent;
    default:
      return assertNever(framework);
  }
}

/** Packages that a module of each framework needs, for messages. */
const PACKAGES: Readonly<Record<FrameworkName, string>> = {
  langgraph: '@langchain/langgraph @langchain/core',
  'ai-sdk': 'ai',
  'openai-agents': '@openai/agents',
  mastra: '@mastra/core',
};

async function loadExport({ module, exportName, framework }: FrameworkSpec): Promise<unknown> {
  const isThere = await access(module).then(
    () => true,
    () => false,
  );
  if (!isThere) throw new MassgenError('no-module', `There is no module ${module}.`);
  let loaded: Record<string, unknown>;
  try {
    loaded = await importFile(module);
  } catch (cause) {
    const why = messageOf(cause);
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const hint = isMissing ? ` Install what it needs beside it: npm install ${PACKAGES[framework]}` : '';
    throw new MassgenError('no-module', `The module ${module} could not be loaded: ${why}${hint}`, { cause });
  }
  const exported = loaded[exportName];
  if (exported !== undefined) return exported;
  const names = Object.keys(loaded).join(', ') || 'nothing';
  throw new MassgenError('no-export', `The module ${module} has no export ${exportName}; it exports ${names}.`);
}
