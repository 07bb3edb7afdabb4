import { basename, dirname, resolve } from 'node:path';
import {
  AGENT_PROGRAM_NAMES,
  findAgentProgram,
  CLAUDE_SETTINGS,
  programEnvironment,
  type AgentProgram,
} from './agent-programs.ts';
import type { BackendType } from './catalogue.ts';
import type { Environment } from './env.ts';
import type { AcpSpec, AgentKeys, ExternalSpec, FrameworkName } from './external-agent.ts';
import { printable } from './printable.ts';

export interface ExternalRequest {
  type: BackendType;
  model: string | undefined;
  baseUrl: string | undefined;
  keys: AgentKeys;
}

/** Why such an agent cannot be started. `key` is the key of the backend to blame. */
interface ExternalProblem {
  key: string;
  message: string;
  suggestion: string;
}

/** `model` is the name under which lists show the agent. */
export type ReadExternal = { external: ExternalSpec; model: string } | { problem: ExternalProblem };

/** How an agent that is no model endpoint is started or reached; null for all others. Never throws. */
export function readExternal(request: ExternalRequest, env: Environment): ReadExternal | null {
  const { type, model, baseUrl, keys } = request;
  switch (type.protocol) {
    case 'acp':
      return readProgram(request, env);
    case 'a2a':
      return baseUrl === undefined
        ? problem('base_url', 'An A2A agent needs an address.', 'Add base_url: https://host to this backend.')
        : { external: { kind: 'a2a' }, model: model ?? URL.parse(baseUrl)?.host ?? 'a2a' };
    case 'framework':
      return readModule(type.type as FrameworkName, request);
    case 'claude-code':
      return {
        model: model ?? 'claude-code',
        external: {
          kind: 'claude-code',
          folders: foldersOf(keys),
          env: programEnvironment(env, findAgentProgram('claude')?.variables ?? [], {
            ...CLAUDE_SETTINGS,
            ...keys.env,
          }),
          model: model ?? null,
          permissionMode: keys.permissionMode ?? 'acceptEdits',
          allowedTools: [...(keys.allowedTools ?? [])],
          disallowedTools: [...(keys.disallowedTools ?? DANGEROUS)],
          maxThinkingTokens: keys.maxThinkingTokens ?? null,
        },
      };
    case 'local': {
      if (model === undefined)
        return problem('model', 'A local model needs a file.', 'Add model: path/to/model.gguf to this backend.');
      const file = resolve(keys.folder ?? '.', model);
      return { external: { kind: 'local', file, folders: [...foldersOf(keys), dirname(file)] }, model: basename(file) };
    }
    default:
      return null;
  }
}

/** What MassGen keeps Claude Code from, unless the config says otherwise. */
const DANGEROUS = ['Bash(rm*)', 'Bash(sudo*)', 'Bash(su*)', 'Bash(chmod*)', 'Bash(chown*)'];

function foldersOf({ folder }: AgentKeys): string[] {
  return [...new Set([resolve(folder ?? '.'), resolve('.')])];
}

function problem(key: string, message: string, suggestion: string): { problem: ExternalProblem } {
  return { problem: { key, message, suggestion } };
}

function readProgram({ model, keys }: ExternalRequest, env: Environment): ReadExternal {
  const [command, ...more] = typeof keys.command === 'string' ? keys.command.trim().split(/\s+/) : (keys.command ?? []);
  // On a command line there is nothing but a model to name the program with.
  const isNamedByModel =
    keys.agent === undefined && command === undefined && findAgentProgram(model ?? '') !== undefined;
  const name = keys.agent ?? (isNamedByModel ? model : undefined);
  const program = name === undefined ? undefined : findAgentProgram(name);
  if (name !== undefined && !program) {
    return problem(
      'agent',
      `No agent is known as ${printable(name)}.`,
      `Known are ${AGENT_PROGRAM_NAMES.join(', ')}; start any other one with command.`,
    );
  }
  const started = command ?? program?.command;
  if (started === undefined || started === '') {
    const known = AGENT_PROGRAM_NAMES.join(', ');
    return problem('type', 'An ACP agent needs a program.', `Add agent: NAME (${known}), or command and args.`);
  }
  const wanted = isNamedByModel ? undefined : model;
  const told = wanted === undefined ? undefined : program?.withModel?.(wanted);
  const args = command === undefined ? [...(program?.args ?? [])] : more;
  const external: AcpSpec = {
    kind: 'acp',
    name: name ?? basename(started),
    command: started,
    args: [...args, ...(keys.args ?? []), ...(told?.args ?? [])],
    env: programEnvironment(env, program?.variables ?? [], { ...program?.settings, ...told?.env, ...keys.env }),
    install: installOf(program, started),
    authMethods: (program?.logins ?? []).filter(([, variable]) => env[variable]).map(([method]) => method),
    model: wanted ?? null,
    permissionMode: keys.permissionMode ?? 'default',
  };
  return { external, model: wanted === undefined ? external.name : `${external.name} ${wanted}` };
}

function installOf(program: AgentProgram | undefined, command: string): string {
  return program
    ? `Install ${program.label}: ${program.install}`
    : `Install ${printable(command)}, or write its whole path as command.`;
}

function readModule(framework: FrameworkName, { model, keys }: ExternalRequest): ReadExternal {
  const named = keys.module ?? model;
  if (named === undefined) {
    return problem('type', `A ${framework} agent needs a module.`, 'Add module: ./my-agent.ts#agent to this backend.');
  }
  const at = named.lastIndexOf('#');
  const path = at < 0 ? named : named.slice(0, at);
  const exportName = at < 0 ? 'default' : named.slice(at + 1);
  const external = { kind: 'framework' as const, framework, module: resolve(keys.folder ?? '.', path), exportName };
  return { external, model: keys.module === undefined ? basename(named) : (model ?? basename(named)) };
}
