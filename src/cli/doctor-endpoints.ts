import { renameParameters } from '../config/parameters.ts';
import type { TeamSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import { MassgenError } from '../platform/errors.ts';
import { probe } from '../providers/probe/probe.ts';
import type { Check } from './doctor-checks.ts';

/** Enough for a word, and for models that think a little first. */
const FEW_TOKENS = 16;

/**
 * Sends one tiny request to each endpoint of a team, all at once; the same model at the same address only once. A
 * reply that is cut at the limit is a good one: the endpoint answers.
 */
export async function checkEndpoints(team: TeamSpec, clock: Clock, signal: AbortSignal): Promise<Check[]> {
  const seen = new Set<string>();
  const agents = team.agents.filter(({ backend }) => {
    const key = `${backend.type} ${backend.baseUrl ?? ''} ${backend.model}`;
    if (backend.protocol === 'demo' || backend.protocol === 'scripted' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return Promise.all(
    agents.map(async ({ id, backend }): Promise<Check> => {
      const isLimited = Object.keys(backend.params).some((name) => /max.*tokens|^thinking$/i.test(name));
      const limit = renameParameters({ max_tokens: FEW_TOKENS }, backend.protocol, backend.baseUrl);
      const params = isLimited ? backend.params : { ...backend.params, ...limit };
      const request = { text: 'Answer with the word ok.', signal };
      const name = `agent ${id}`;
      const where = `${backend.type} ${backend.model}`;
      const folded = await probe({ ...backend, params, builtinTools: [] }, request, { clock }).catch(notStarted);
      if (typeof folded === 'string') return { name, state: 'broken', detail: `${where}: ${folded}` };
      if (folded.error) return { name, state: 'broken', detail: `${where}: ${folded.error.message}` };
      const total = folded.usage?.total ?? null;
      return { name, state: 'ok', detail: `${where} answers${total === null ? '' : ` (${total} tokens)`}` };
    }),
  );
}

/** Why an agent that is no model endpoint cannot even be started, such as a package that is not there. */
function notStarted(error: unknown): string {
  if (error instanceof MassgenError) return error.message;
  throw error;
}
