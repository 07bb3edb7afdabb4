import { EXIT, MassgenError } from '../platform/errors.ts';
import { DEFAULT_SETTINGS } from '../events/settings.ts';
import { closest } from 'fastest-levenshtein';
import type { BackendRequest } from './backend-spec.ts';
import { buildBackend } from './backend-spec.ts';
import type { BackendType } from './catalogue.ts';
import { BACKEND_TYPE_NAMES, findBackendType } from './catalogue.ts';
import type { Environment } from './env.ts';
import { inferType } from './infer-type.ts';
import { printable } from './printable.ts';
import type { TeamOrigin, TeamSpec } from './team.ts';
import { ownToolNeeds } from './tool-needs.ts';

/** What `--model`, `--backend`, `--system-message` and `--base-url` ask for. */
export interface QuickRequest {
  model?: string | undefined;
  backend?: string | undefined;
  systemMessage?: string | undefined;
  baseUrl?: string | undefined;
  env: Environment;
}

/** The entry of a type word, or a MassgenError that names the nearest one. */
export function requireBackendType(name: string): BackendType {
  const type = findBackendType(name);
  if (type !== undefined) return type;
  throw new MassgenError(
    'unknown-backend',
    `Unknown backend type ${printable(name)}. Did you mean ${closest(name.toLowerCase(), [...BACKEND_TYPE_NAMES])}? ` +
      `The types are: ${BACKEND_TYPE_NAMES.join(', ')}.`,
    { exitCode: EXIT.config },
  );
}

/**
 * A team of one agent from the command line. Throws a MassgenError (exit code 1) that names everything that is
 * missing: the provider, the model, the key.
 */
export function quickTeam(request: QuickRequest): TeamSpec {
  const type = requireBackendType(request.backend ?? typeFor(request));
  const backend: BackendRequest = { type, model: request.model, baseUrl: request.baseUrl };
  const { spec, problems } = buildBackend(backend, request.env);
  if (problems.length > 0) {
    const lines = problems.map(
      (p) => `${p.message}\n  ${p.key === 'model' ? 'Name one with --model NAME.' : p.suggestion}`,
    );
    throw new MassgenError('cannot-start', lines.join('\n'), { exitCode: EXIT.config });
  }
  const tools = ownToolNeeds(type.type);
  return {
    name: spec.model,
    agents: [{ id: 'agent1', systemMessage: request.systemMessage ?? null, backend: spec, ...(tools && { tools }) }],
    settings: { ...DEFAULT_SETTINGS },
    unsupported: [],
    origin: originOf(request),
  };
}

/** A user name and a password in the address are a secret, so they stay out. */
function originOf({ model, backend, systemMessage, baseUrl }: QuickRequest): TeamOrigin {
  return {
    kind: 'quick',
    model: model ?? null,
    backend: backend ?? null,
    systemMessage: systemMessage ?? null,
    baseUrl: baseUrl?.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1') ?? null,
  };
}

function typeFor(request: QuickRequest): string {
  if (request.model !== undefined && request.baseUrl === undefined) return inferType(request.model);
  if (request.baseUrl !== undefined) return 'chatcompletion';
  throw new MassgenError('no-model', 'Name a model with --model NAME or a provider with --backend TYPE.', {
    exitCode: EXIT.config,
  });
}
