import { loadConfigText } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { BackendSpec, TeamSpec } from '../../src/config/team.ts';
import type { CoordinationSettings } from '../../src/events/settings.ts';
import { MassgenError } from '../../src/platform/errors.ts';

export const KEYS = { OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a', GEMINI_API_KEY: 'g', XAI_API_KEY: 'x' };

/** The team of a config called my-team.yaml. */
export function resolve(
  text: string,
  env: Record<string, string> = KEYS,
  overrides: Partial<CoordinationSettings> = {},
): TeamSpec {
  const loaded = loadConfigText(text, { path: '/teams/my-team.yaml', shownAs: 'my-team.yaml', env });
  return resolveTeam(loaded, { env, overrides });
}

/** What becomes of one backend. */
export function backendOf(backend: string, env: Record<string, string> = KEYS): BackendSpec {
  return resolve(`agent: {id: a, backend: ${backend}}`, env).agents[0]!.backend;
}

/** What is wrong with a config that does not resolve. */
export function failureOf(text: string, env: Record<string, string> = {}): MassgenError {
  try {
    resolve(text, env);
  } catch (error) {
    if (error instanceof MassgenError) return error;
    throw error;
  }
  throw new Error('it resolved');
}
