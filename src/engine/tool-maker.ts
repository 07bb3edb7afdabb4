import { createHash } from 'node:crypto';
import { basename, join, relative, sep } from 'node:path';
import { NO_TOOLS, type ToolNeeds } from '../config/tool-needs.ts';
import type { Alias } from '../events/event.ts';
import type { Limits } from '../events/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { DEPTH_VARIABLE } from '../platform/run-depth.ts';
import { calculator } from '../tools/calculator.ts';
import { createToolHost } from '../tools/create-tool-host.ts';
import { SharedServers } from '../tools/mcp/shared-servers.ts';
import { recordRunTool } from '../tools/record-run.ts';
import type { KeptPlace } from '../workspace/docker/session-container.ts';
import { isBuiltInAgent } from './built-in.ts';
import { parentVariables } from './parent-budget.ts';
import type { ProjectDesk } from './project-desk.ts';
import { permissionsOf, type RunLeave } from './rule-files.ts';
import type { StartOptions } from './start-run.ts';
import { tellServers } from './tell-servers.ts';

/** What the processes that agents start are told of this run. */
interface Told {
  depth: number;
  /** Of the run and of its agents. */
  limits: readonly Limits[];
}

/** The agent of the run that pays for what is done in a folder: a subagent's is `subagents/<agent>/<name>` in the run's. */
function payerOf(ownDir: string, runDir: string, alias: Alias): Alias {
  const [folder, owner] = relative(ownDir, runDir).split(sep);
  return folder === 'subagents' && owner !== undefined ? owner : alias;
}

interface Place {
  runDir: string;
  /** Folder of all runs. */
  runsDir: string;
  cwd: string | undefined;
  earlierFiles: string | undefined;
  leave: RunLeave;
  /** The copies that agents work in; null where they have none. */
  changes: ProjectDesk | null;
  /** The session, and where its agents' containers have their folders; null for a run of no session. */
  containers: { session: string; dir: string } | null;
  /** The whole environment, for runs that agents film. */
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The tools of the agents of a run in a folder, which is that of the place or lies in it: what their config asks for,
 * and a calculator for built-in ones.
 */
export function toolMaker(
  { runDir: ownDir, runsDir, cwd, earlierFiles, leave, changes, containers, environment }: Place,
  version: string,
  { depth, limits }: Told,
  clock: Clock,
): (runDir: string) => StartOptions['toolsOf'] {
  const shared = new SharedServers();
  return (runDir) => (agent, alias) => {
    const extraTools = isBuiltInAgent(agent) ? [calculator] : [];
    // The user's own rules are for every agent, whatever it has.
    const wanted = agent.tools ?? NO_TOOLS;
    const { recordable } = wanted;
    const variables = {
      [DEPTH_VARIABLE]: String(depth + 1),
      ...parentVariables(limits, ownDir, payerOf(ownDir, runDir, alias)),
    };
    if (recordable) {
      const env = { ...environment, ...variables };
      extraTools.push(recordRunTool({ configs: recordable, program: ownProgram(), cwd: cwd ?? ownDir, env }));
    }
    const told = tellServers(wanted, variables);
    const isOwn = runDir === ownDir;
    // Subagents have no copies; what they do is no part of what the user is shown.
    const needs = changes && !isOwn ? readOnly(told) : told;
    const container = needs.docker && isOwn && containers ? containerOf(containers, agent.id) : null;
    const keptPlace = async (): Promise<string | undefined> => {
      if (!container || (needs.docker?.keptMs ?? null) === null) return undefined;
      const { keptWorkspace } = await import('../workspace/docker/session-keep.ts');
      return (await keptWorkspace(container.folder, runDir, alias)) ?? undefined;
    };
    const made = createToolHost({
      needs,
      ...(changes && isOwn && { openCopy: async () => changes.copyFor(alias, await keptPlace()) }),
      alias,
      runDir,
      runsDir,
      cwd: cwd ?? ownDir,
      clock,
      version,
      earlierFiles,
      commandVariables: variables,
      environment,
      // A part that an agent has others work on has no question after it.
      ...(container && { container }),
      shared,
      permissions: permissionsOf(agent, leave),
      extraTools,
    });
    const { hooks } = agent;
    if (!hooks) return made;
    const subject = { run: basename(ownDir), runDir, agentId: agent.id, alias };
    const isUnprotected = needs.commands?.mode === 'host';
    const place = { needs: hooks, subject, clock, cwd: cwd ?? ownDir, variables: environment, isUnprotected };
    return made.then(async (host) => (await import('../tools/hooks/with-hooks.ts')).withHooks(host, place));
  };
}

/** Agents are told the path of their workspace, which lies in this folder, but not their own names. */
function containerOf({ session, dir }: NonNullable<Place['containers']>, agent: string): KeptPlace {
  return { session, agent, folder: join(dir, createHash('sha256').update(agent).digest('hex').slice(0, 12)) };
}

/** The command's own file; null where the package is a part of another program. */
function ownProgram(): string | null {
  const started = process.argv[1] ?? '';
  return /^massgen(?:\.js)?$/.test(basename(started)) ? started : null;
}

function readOnly(needs: ToolNeeds): ToolNeeds {
  return { ...needs, contextPaths: needs.contextPaths.map((each) => ({ ...each, permission: 'read' })) };
}
