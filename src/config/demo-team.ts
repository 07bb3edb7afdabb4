import { DEFAULT_SETTINGS } from '../events/settings.ts';
import type { JsonObject } from '../events/json.ts';
import { buildBackend } from './backend-spec.ts';
import { requireBackendType } from './quick-team.ts';
import type { AgentSpec, TeamSpec } from './team.ts';

/** The built-in agents' ways to solve a puzzle, which are also their ids. */
export const DEMO_STRATEGIES = ['greedy', 'exhaustive', 'backward'] as const;

/**
 * Three built-in agents that need no key and no network. `errorRate` is how often one slips, 0 to 1;
 * `seed` makes their slips repeatable apart from the run's own seed.
 */
export function demoTeam(options: { errorRate?: number; seed?: number } = {}): TeamSpec {
  const agents = DEMO_STRATEGIES.map((strategy): AgentSpec => {
    const settings: JsonObject = { strategy };
    if (options.errorRate !== undefined) settings['error_rate'] = options.errorRate;
    if (options.seed !== undefined) settings['seed'] = options.seed;
    const { spec } = buildBackend(
      { type: requireBackendType('demo'), model: `demo-${strategy}`, options: settings },
      {},
    );
    return { id: strategy, systemMessage: null, backend: spec };
  });
  const origin = { kind: 'demo', seed: options.seed ?? null } as const;
  return { name: 'demo team', agents, settings: { ...DEFAULT_SETTINGS }, unsupported: [], origin };
}
