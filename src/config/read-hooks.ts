import type { HookPoint } from '../events/hook-report.ts';
import type { HookNeed, HookProgram } from './hook-needs.ts';
import type { AgentConfig, Config } from './schema/config.ts';
import type { AgentHooksConfig, HookConfig } from './schema/hooks.ts';

type AgentPoint = Exclude<HookPoint, 'run_end'>;
type Written = AgentHooksConfig['pre_tool'];

/** The keys of each point: the own one, and the original's. */
const KEYS: Record<AgentPoint, (keyof AgentHooksConfig)[]> = {
  pre_tool: ['pre_tool', 'PreToolUse'],
  post_tool: ['post_tool', 'PostToolUse'],
  answer: ['answer'],
  vote: ['vote'],
};
const POINTS: readonly AgentPoint[] = ['pre_tool', 'post_tool', 'answer', 'vote'];

/** The hooks of an agent: the team's, then its own, which may stand in their place; nothing where there are none. */
export function hooksOf(agent: AgentConfig, config: Pick<Config, 'hooks'>): { hooks?: HookNeed[] } {
  const hooks = POINTS.flatMap((point) => {
    const at = (from: AgentHooksConfig | undefined): Written[] => KEYS[point].map((key) => from?.[key]);
    const own = [...at(agent.hooks), ...at(agent.backend.hooks)];
    const team = own.some(replaces) ? [] : at(config.hooks);
    return [...team, ...own].flatMap(entriesOf).map((entry) => needOf(point, entry));
  });
  return hooks.length > 0 ? { hooks } : {};
}

/** What is told of the end of a run; nothing where there is none. */
export function endHooksOf({ hooks }: Pick<Config, 'hooks'>): { endHooks?: HookNeed[] } {
  const entries = hooks?.run_end ?? [];
  return entries.length > 0 ? { endHooks: entries.map((entry) => needOf('run_end', entry)) } : {};
}

function replaces(written: Written): boolean {
  return written !== undefined && !Array.isArray(written) && (written as { override?: boolean }).override === true;
}

function entriesOf(written: Written): HookConfig[] {
  if (written === undefined) return [];
  return Array.isArray(written) ? written : ((written as { hooks?: HookConfig[] }).hooks ?? []);
}

const DEFAULT_SECONDS = 30;

function needOf(point: HookPoint, entry: HookConfig): HookNeed {
  const otherwise = point === 'pre_tool' ? 'deny' : 'allow';
  const closed = entry.fail_closed === undefined ? otherwise : entry.fail_closed ? 'deny' : 'allow';
  return {
    point,
    program: programOf(entry),
    matchers: (entry.matcher ?? '*').split('|').flatMap((each) => each.trim() || []),
    timeoutMs: (entry.timeout ?? DEFAULT_SECONDS) * 1_000,
    onError: entry.on_error ?? closed,
    where: entry.where ?? 'host',
    env: entry.env ?? {},
  };
}

function programOf({ command, module: path, function: name, handler }: HookConfig): HookProgram {
  if (command !== undefined) return { type: 'command', command };
  if (path !== undefined) return { type: 'module', path, function: name ?? null };
  if (handler !== undefined) return { type: 'handler', handler };
  throw new Error('a checked hook has a program');
}
