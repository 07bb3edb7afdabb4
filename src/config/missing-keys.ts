import { firstValue } from './backend-spec.ts';
import { findBackendType, findTypeByHost } from './catalogue.ts';
import type { Environment } from './env.ts';
import { findTypeOfModel } from './infer-type.ts';
import type { Config } from './schema/config.ts';

/** A key that agents of a config need and that is nowhere to be found. */
export interface MissingKey {
  /** Any one of these would do. */
  variables: string[];
  /** The agents that need it. */
  agents: string[];
}

/** The keys that keep a config from starting, in the order of its agents. Never throws. */
export function missingKeys(config: Config, env: Environment): MissingKey[] {
  const missing: MissingKey[] = [];
  const agents = [...(config.agents ?? []), ...(config.agent ? [config.agent] : [])];
  for (const { id, backend } of agents) {
    if (backend.api_key !== undefined && backend.api_key !== '') continue;
    const type = findBackendType(backend.type ?? findTypeOfModel(backend.model ?? '') ?? '');
    const host = URL.parse(backend.base_url ?? '')?.hostname ?? null;
    const owner = type?.type === 'chatcompletion' && host !== null ? findTypeByHost(host) : type;
    const own = owner?.keyNeed === 'required' ? owner.keyVariables : [];
    const variables = backend.api_key_env === undefined ? [...own] : [backend.api_key_env];
    if (variables.length === 0 || firstValue(variables, env) !== null) continue;
    const known = missing.find((each) => each.variables.join() === variables.join());
    if (known) known.agents.push(id);
    else missing.push({ variables, agents: [id] });
  }
  return missing;
}
