import type { AgentSpec, BackendSpec, TeamSpec } from '../config/team.ts';
import { estimateQuestion, type TokenPrices } from '../config/estimate.ts';
import type { Cost } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import type { TeamAgent } from '../tui/teams.ts';

/** One row per agent. */
export function describeAgents(team: TeamSpec): TeamAgent[] {
  return team.agents.map((agent): TeamAgent => {
    const { protocol, model } = agent.backend;
    const tools = toolsOf(agent);
    const isModel = protocol !== 'demo' && protocol !== 'scripted';
    return { id: agent.id, model, isModel, ...(tools.length > 0 && { tools }) };
  });
}

/** What an agent may do beside answering, a word each. */
function toolsOf({ backend, tools }: AgentSpec): string[] {
  return [
    ...backend.builtinTools.map((tool) => tool.replace('_', ' ')),
    ...(tools?.hasWorkspace === true ? ['files'] : []),
    ...(tools?.commands ? [`commands (${tools.commands.mode})`] : []),
    ...(tools?.skills ? ['skills'] : []),
    ...(tools?.mcpServers.map(({ name }) => `mcp ${name}`) ?? []),
    ...(tools?.contextPaths.map(({ path, permission }) => `${permission}s ${path}`) ?? []),
  ];
}

/** How the team works together, as far as it is not the usual way; a few short lines. */
export function describeSettings({ settings, unsupported }: TeamSpec): string[] {
  const { limits } = settings;
  const bounds = [
    limits.usd !== null && `$${limits.usd}`,
    limits.tokens !== null && `${limits.tokens} tokens`,
    limits.seconds !== null && `${limits.seconds} s`,
    limits.toolCalls !== null && `${limits.toolCalls} tool calls`,
  ].filter((bound) => bound !== false);
  return [
    `votes are counted by ${settings.votingRule}; judges are ${settings.sensitivity}`,
    `${settings.maxAnswersPerAgent ?? 'any number of'} answers per agent; new ones ${UPDATES[settings.updates]}`,
    ...(settings.timeoutMs === null ? [] : [`ends after ${Math.round(settings.timeoutMs / 1000)} s at the latest`]),
    ...(bounds.length > 0 ? [`may use ${bounds.join(', ')}`] : []),
    ...(settings.maxRestarts > 0 ? [`begins again up to ${settings.maxRestarts} times if found wanting`] : []),
    ...(unsupported.length > 0 ? [`without effect in this version: ${unsupported.join(', ')}`] : []),
  ];
}

const UPDATES: Record<TeamSpec['settings']['updates'], string> = {
  inject: 'reach the others at once',
  restart: 'make the others begin anew',
  'finish-then-judge': 'wait until all have answered',
};

/** What a question may cost; null for a team that costs nothing. Never rejects. */
export async function estimateTeam(team: TeamSpec, clock: Clock): Promise<Cost | null> {
  const paid = team.agents.filter(({ backend }) => backend.protocol !== 'demo' && backend.protocol !== 'scripted');
  if (paid.length === 0) return null;
  return estimateQuestion(await Promise.all(paid.map(({ backend }) => pricesOf(backend, clock))));
}

/** At the lowest tier, for a million tokens. */
async function pricesOf(backend: BackendSpec, clock: Clock): Promise<TokenPrices> {
  const { loadPrices } = await import('../providers/prices.ts');
  const prices = await loadPrices(backend, clock);
  const none = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
  const [input, output] = [prices.costUsd({ ...none, input: 1000 }), prices.costUsd({ ...none, output: 1000 })];
  return input === null || output === null ? null : { input: input * 1000, output: output * 1000 };
}
