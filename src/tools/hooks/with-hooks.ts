import type { HookNeed } from '../../config/hook-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import { AgentFiles } from '../../workspace/agent-files.ts';
import type { CommandRunner } from '../../workspace/commands/command-runner.ts';
import { createHostRunner } from '../../workspace/commands/host-runner.ts';
import { createSandboxRunner } from '../../workspace/commands/sandbox-runner.ts';
import type { HandInHooks, ToolHost } from '../tool-host.ts';
import type { ToolRules } from '../tool-rules.ts';
import { AgentHooks, type HookSubject } from './agent-hooks.ts';
import { hookVariables, openHookPlace } from './hook-place.ts';

export interface HookOptions {
  needs: readonly HookNeed[];
  subject: Omit<HookSubject, 'workspace'>;
  clock: Clock;
  /** Where massgen was started. */
  cwd: string;
  /** The user's environment; hooks get what programs need to work at all. */
  variables: Readonly<Record<string, string | undefined>>;
  /** `PATH` where the agent's commands run. */
  path?: string;
  /** The agent's commands run without any protection, so hooks beside it do, too. */
  isUnprotected: boolean;
}

/** The same tools with hooks around every call. Makes nothing before the first hook runs. */
export function withHooks(host: ToolHost, options: HookOptions): ToolHost {
  const { needs, subject, clock, cwd, variables } = options;
  const env = hookVariables(variables);
  const place = openHookPlace({ clock, cwd, env, agentPlace: (readable) => besideAgent(host, options, readable) });
  const hooks = new AgentHooks(needs, { ...subject, workspace: host.files?.workspace ?? null }, place);
  return {
    tools: () => host.tools(),
    rules: { ...host.rules, hooks, approveRequest: askedFirst(hooks, host.rules) },
    notes: host.notes,
    problems: host.problems,
    files: host.files,
    hooks: handInHooks(hooks),
    dispose: async () => {
      await Promise.all([host.dispose(), place.dispose()]);
    },
  };
}

function handInHooks(hooks: AgentHooks): HandInHooks {
  return { refuse: (point, about, occasion) => hooks.refuse(point, about, occasion) };
}

/** Tools that an agent brings itself are asked about before its rules are. */
function askedFirst(hooks: AgentHooks, { approveRequest }: ToolRules): NonNullable<ToolRules['approveRequest']> {
  return async (request, asks, signal, said) => {
    const word = await hooks.beforeRequest(request, { signal, ...(asks && { asks }) });
    if (!word.isAllowed) {
      const { detail: _, diff: _diff, ...call } = request;
      const denied = { isAllowed: false, scope: 'once' as const, reason: word.reason };
      await asks?.noteDecision({ ...call, ...denied, by: 'hook' });
      return denied;
    }
    if (approveRequest) return approveRequest(request, asks, signal, { ...said, hook: word.leave ?? undefined });
    return { isAllowed: false, scope: 'once', reason: 'Nobody is there who could be asked.' };
  };
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** An agent without files gets a folder for it, which it cannot see into. */
async function besideAgent(
  { files: own }: ToolHost,
  { subject, path = SYSTEM_PATH, isUnprotected }: HookOptions,
  readable: readonly string[],
): Promise<{ runner: CommandRunner; folder: string }> {
  const { runDir, alias } = subject;
  const files = own instanceof AgentFiles ? own : await AgentFiles.create({ runDir, alias, contexts: [] });
  const create = isUnprotected ? createHostRunner : createSandboxRunner;
  const runner = create({ files, path, readable, hasNetwork: false });
  const problem = await runner.findProblem();
  if (problem !== null) throw new Error(problem);
  return { runner, folder: files.workspace };
}
