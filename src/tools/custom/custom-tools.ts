import { nameOfCustomTool } from '../../config/read-custom-tools.ts';
import type { CustomFunctionNeed, CustomToolNeed } from '../../config/tool-needs.ts';
import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import type { AgentFiles } from '../../workspace/agent-files.ts';
import type { CommandRunner } from '../../workspace/commands/command-runner.ts';
import { placeScript, type BridgeScript } from '../bridge-script.ts';
import { accessOf } from '../files/file-desk.ts';
import type { LineSocket } from '../line-socket.ts';
import { DEFAULT_TOOL_TIMEOUT_MS } from '../tool-rules.ts';
import { UNKNOWN_TOOL, type PathArgument, type Tool, type ToolAnnotations, type ToolContext } from '../tool.ts';
import { findModule, type FoundModule } from './find-module.ts';
import { runScript, toldTools, type ToldTool } from './run-script.ts';

export interface CustomToolsOptions {
  needs: readonly CustomToolNeed[];
  /** As the agents know it. */
  agent: string;
  /** Where relative paths of the config start. */
  cwd: string;
  files: AgentFiles;
  socket: LineSocket;
  clock: Clock;
  /** A runner in which these places can be read as well. */
  runnerFor(readable: readonly string[], hasNetwork: boolean): Promise<CommandRunner>;
}

const NAME = 'custom_tool__';
const MAX_NAME = 64;
const MAX_DESCRIPTION = 4_000;
/** To load a module and to read what it says of itself. */
const DESCRIBE_MS = 30_000;
const TOO_LATE = `it takes longer than ${DESCRIBE_MS / 1_000} seconds`;

/**
 * The tools of the user's own. Each module is asked, in the runner, what it offers, and each call is a process of its
 * own there: a tool that crashes, hangs or floods harms nothing else. A module that cannot be used is a problem, told by
 * name, and the agent works without it. Never rejects.
 */
export async function customTools(options: CustomToolsOptions): Promise<{ tools: Tool[]; problems: string[] }> {
  const loaded = await Promise.all(
    options.needs.map(async (need) => {
      try {
        return await toolsOf(need, options);
      } catch (error) {
        return `could not be loaded: ${messageOf(error)}`;
      }
    }),
  );
  const problems = loaded.flatMap((result, index) => {
    const need = options.needs[index];
    return typeof result === 'string' && need ? [`The custom tool ${nameOfCustomTool(need)} ${result}.`] : [];
  });
  return { tools: loaded.flatMap((result) => (typeof result === 'string' ? [] : result)), problems };
}

/** A sentence when there are none. */
async function toolsOf(need: CustomToolNeed, options: CustomToolsOptions): Promise<Tool[] | string> {
  if (need.fault !== null || need.path === null) return `is left out: it ${need.fault ?? 'names no path'}`;
  const module = await findModule(need.path, options.cwd);
  if (typeof module === 'string') return `is left out: ${module}`;
  const runner = await options.runnerFor([options.socket.folder, ...module.readable], need.network);
  await runner.prepare?.(() => undefined);
  const names = need.functions?.map((each) => each.function) ?? null;
  const late = new AbortController();
  const stopTimer = options.clock.after(DESCRIBE_MS, () => late.abort(new Error(TOO_LATE)));
  const asked = ask(module, need, options, runner, { mode: 'describe', functions: names }, { signal: late.signal });
  const answer = await asked.finally(stopTimer);
  late.signal.throwIfAborted();
  const { error } = answer;
  if (typeof error === 'string') return `could not be loaded: ${error.replace(/\.$/, '')}`;
  return toldTools(answer['tools']).map((told) => {
    const own = need.functions?.find((each) => each.function === told.function) ?? null;
    return toolOf(told, own, need, async (args, context) => {
      const more = { mode: 'call', function: told.function, args, context: contextOf(options, context) };
      const { result, error: failure } = await ask(module, need, options, runner, more, context);
      return typeof result === 'string'
        ? { output: result === '' ? '(The tool gave back nothing.)' : result, isError: false }
        : { output: typeof failure === 'string' ? failure : 'It gave no result.', isError: true };
    });
  });
}

function contextOf({ agent, files }: CustomToolsOptions, { turn }: ToolContext): JsonObject {
  return { agent_id: agent, agent_cwd: files.workspace, current_stage: turn?.kind ?? null };
}

async function ask(
  module: FoundModule,
  need: CustomToolNeed,
  { socket, files }: CustomToolsOptions,
  runner: CommandRunner,
  request: JsonObject,
  { signal, turn, onProgress }: ToolContext,
): Promise<JsonObject> {
  const isPython = module.language === 'python';
  return runScript(socket, runner, {
    program: isPython ? 'python3' : runner.name === 'docker' ? 'node' : process.execPath,
    script: await placeScript(isPython ? PYTHON : JAVASCRIPT, socket.folder),
    request: { functions: null, function: '', args: {}, context: {}, ...request, ...placeOf(module, need) },
    folder: files.workspace,
    access: accessOf(turn),
    signal,
    onProgress: onProgress ?? (() => undefined),
  });
}

function placeOf(module: FoundModule, { env }: CustomToolNeed): JsonObject {
  return { module: module.file, paths: module.packages, env };
}

type Execute = Tool['execute'];

function toolOf(told: ToldTool, own: CustomFunctionNeed | null, need: CustomToolNeed, execute: Execute): Tool {
  const preset = own?.preset ?? {};
  const name = own?.name ?? told.name ?? told.function;
  const description = own?.description ?? told.description;
  return {
    spec: {
      name: `${NAME}${name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, MAX_NAME),
      description: description.slice(0, MAX_DESCRIPTION).toWellFormed(),
      parameters: withoutPresets(told.parameters, preset),
      ...(need.isDeferred === true && { isDeferred: true as const }),
      ...(need.isLoose === true && { strict: false as const }),
    },
    annotations: annotationsOf(told.annotations, need.readOnly),
    ...(Object.keys(preset).length > 0 && { preset }),
    timeoutMs: need.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
    execute,
  };
}

function withoutPresets(given: JsonObject, preset: JsonObject): JsonObject {
  const { $schema: _, ...parameters } = given;
  const { properties, required } = parameters;
  const isSeen = (name: string): boolean => !Object.hasOwn(preset, name);
  return {
    ...parameters,
    type: 'object',
    ...(properties !== undefined &&
      isJsonObject(properties) && {
        properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isSeen(name))),
      }),
    ...(Array.isArray(required) && { required: required.filter((name) => typeof name !== 'string' || isSeen(name)) }),
  };
}

/** What a module does not say counts as the worse case. */
function annotationsOf(told: JsonObject, readOnly: boolean): ToolAnnotations {
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = told[name];
    return typeof value === 'boolean' ? value : otherwise;
  };
  const isReading = readOnly || flag('readOnly', false);
  const paths = told['pathArguments'];
  return {
    readOnly: isReading,
    destructive: !isReading && flag('destructive', UNKNOWN_TOOL.destructive),
    idempotent: isReading || flag('idempotent', UNKNOWN_TOOL.idempotent),
    openWorld: flag('openWorld', UNKNOWN_TOOL.openWorld),
    pathArguments: (Array.isArray(paths) ? paths : []).flatMap((each): PathArgument[] => {
      if (!isJsonObject(each)) return [];
      const { name, use } = each;
      if (typeof name !== 'string') return [];
      return [{ name, use: use === 'read' || use === 'delete' ? use : 'write' }];
    }),
  };
}

const PYTHON: BridgeScript = {
  source: new URL('./scripts/bridge.py', import.meta.url),
  shipped: new URL('../../../dist/scripts/bridge.py', import.meta.url),
};
const JAVASCRIPT: BridgeScript = {
  source: new URL('./scripts/bridge.ts', import.meta.url),
  shipped: new URL('../../../dist/scripts/bridge.js', import.meta.url),
};
