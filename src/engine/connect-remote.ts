import { buildBackend } from '../config/backend-spec.ts';
import { findBackendType } from '../config/catalogue.ts';
import type { Environment } from '../config/env.ts';
import type { Clock } from '../platform/clock.ts';
import { createProvider } from '../providers/create.ts';
import type { RemoteConnect } from './remote-record.ts';

/** Reaches what a run has left at a provider without the run's config: by its type and address, with a key of `env`. */
export function connectRemote(env: Environment, clock: Clock): RemoteConnect {
  return async ({ type: name, baseUrl, keyVariables }) => {
    const type = findBackendType(name);
    if (!type) return null;
    const apiKeyEnv = keyVariables.find((variable) => env[variable]);
    const { spec } = buildBackend(
      { type, model: 'none', ...(baseUrl !== null && { baseUrl }), ...(apiKeyEnv !== undefined && { apiKeyEnv }) },
      env,
    );
    return spec.apiKey === null ? null : ((await createProvider(spec, { clock })).files ?? null);
  };
}
