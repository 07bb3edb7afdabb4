import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AgentSpec } from '../config/team.ts';
import type { ToolNeeds } from '../config/tool-needs.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { createRunLog } from '../runlog/create-run-log.ts';
import { adoptRunLog } from '../runlog/open-run-log.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Redactor } from '../runlog/redact.ts';
import type { RunOptions } from './run-options.ts';
import { resumeRun, startRun } from './start-run.ts';
import type { PartMaker, SubagentOrder } from './subagent-desk.ts';

/** What the runs of subagents share with the one that they work for. */
export interface SubagentMaker extends Pick<RunOptions, 'clock' | 'gate' | 'createProvider' | 'wallClock' | 'project'> {
  redact: Redactor;
  version: string;
  /** The agents that work on a part; null has the agent's own model work on it alone. */
  agents: readonly AgentSpec[] | null;
  /** As `toolsOf` of a run in that folder. */
  toolsIn: (runDir: string) => RunOptions['toolsOf'];
}

/** The way to runs of subagents. */
export function createPartMaker(maker: SubagentMaker): PartMaker {
  const models = new Set(maker.agents?.map(({ backend }) => backend.model));
  return { model: models.size > 0 ? [...models].join(', ') : null, open: (order) => openSubagent(maker, order) };
}

/**
 * Begins the run of one subagent, or goes on with the one that its folder holds. What it asks, it asks by
 * the agent's own way. Rejects with a MassgenError when its log cannot be made or taken over.
 */
async function openSubagent(maker: SubagentMaker, order: SubagentOrder): Promise<RunHandle> {
  const { redact, version, agents: named, toolsIn, ...parts } = maker;
  const { name, dir, task, settings, asks } = order;
  const agents = (named ?? [{ ...order.agent, id: name }]).map((agent) => forPart(agent, order));
  const seed = seedOf(name);
  const common = { ...parts, toolsOf: toolsIn(dir), ...(asks && { above: asks }) };
  if (await hasBegun(dir)) {
    const { log, events } = await adoptRunLog(dir, { clock: parts.clock, redact });
    return resumeRun({ ...common, agents, log }, events);
  }
  await rm(dir, { recursive: true, force: true });
  const log = await createRunLog({ runsDir: dirname(dir), clock: parts.clock, redact, createId: () => name });
  return startRun({ ...common, question: task, team: name, agents, settings, seed, version, log });
}

function hasBegun(dir: string): Promise<boolean> {
  return readAll(dir).then(
    (events: RunEvent[]) => events.length > 0,
    () => false,
  );
}

/**
 * It reads what the agent has, writes nowhere but into its own workspace, has limits of its own, and may do nothing that
 * the agent may not: the agent's permissions and the hooks around its tools are its own, too.
 */
function forPart(agent: AgentSpec, order: SubagentOrder): AgentSpec {
  const {
    limits: _,
    subtask: _subtask,
    uploads: _uploads,
    permissions: _own,
    hooks: _hooks,
    riskModel: _risk,
    tools,
    ...rest
  } = agent;
  const hooks = order.agent.hooks?.filter(({ point }) => point === 'pre_tool' || point === 'post_tool') ?? [];
  return {
    ...rest,
    ...(order.agent.permissions && { permissions: order.agent.permissions }),
    ...(order.agent.riskModel && { riskModel: order.agent.riskModel }),
    ...(hooks.length > 0 && { hooks }),
    ...(tools && { tools: readingOnly(tools, order.workspace) }),
  };
}

function readingOnly(tools: ToolNeeds, workspace: string | null): ToolNeeds {
  const given = tools.contextPaths.map((each) => ({ ...each, permission: 'read' as const }));
  const own = workspace === null ? [] : [{ path: workspace, permission: 'read' as const, protectedPaths: [] }];
  return { ...tools, contextPaths: [...given, ...own] };
}

/** Repeatable: the same for the same name, in every run. */
function seedOf(name: string): number {
  let seed = 7;
  for (const char of name) seed = (seed * 31 + (char.codePointAt(0) ?? 0)) % 2_147_483_647;
  return seed;
}
