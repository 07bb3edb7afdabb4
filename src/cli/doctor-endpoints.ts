import { renameParameters } from '../config/parameters.ts';
import type { BackendSpec, TeamSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import { createProvider } from '../providers/create.ts';
import { probe } from '../providers/probe/probe.ts';
import type { Provider } from '../providers/provider.ts';
import type { Check } from './doctor-checks.ts';

/** Enough for a word, and for models that think a little first. */
const FEW_TOKENS = 16;

/** Nobody waits longer than this to hear that an endpoint does not answer. */
const PATIENCE_MS = 30_000;

interface Endpoint {
  name: string;
  backend: BackendSpec;
}

/**
 * Sends one tiny request to each endpoint of a team, all at once; the same model at the same address with the same key
 * only once. A reply that is cut at the limit is a good one: the endpoint answers. Agents that are no model endpoint are
 * started or reached and asked nothing, since one word would cost them thousands of tokens.
 */
export async function checkEndpoints(team: TeamSpec, clock: Clock): Promise<Check[]> {
  const seen = new Set<string>();
  const endpoints = endpointsOf(team).filter(({ backend }) => {
    const { type, baseUrl, model, apiKey, protocol, external } = backend;
    const key = JSON.stringify([type, baseUrl, model, apiKey, external]);
    if (protocol === 'demo' || protocol === 'scripted' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return Promise.all(
    endpoints.map(async ({ name, backend }): Promise<Check> => {
      const where = `${backend.type} ${backend.model}`.trim();
      const stop = new AbortController();
      const cancel = clock.after(PATIENCE_MS, () => stop.abort());
      try {
        const work =
          backend.external || backend.protocol === 'a2a'
            ? reach(backend, clock, stop.signal)
            : ask(backend, clock, stop.signal);
        return { name, state: 'ok', detail: `${where} ${await Promise.race([work, given(stop.signal)])}` };
      } catch (error) {
        return { name, state: 'broken', detail: `${where}: ${messageOf(error)}` };
      } finally {
        cancel();
        stop.abort();
      }
    }),
  );
}

/** Everything that the team may ask, by what it is there for. */
function endpointsOf({ agents, preparers = {} }: TeamSpec): Endpoint[] {
  return [
    ...agents.flatMap(({ id, backend, riskModel }): Endpoint[] => [
      { name: `agent ${id}`, backend },
      ...(backend.fallback ?? []).map((each) => ({ name: `fallback of ${id}`, backend: each })),
      ...(riskModel?.backend ? [{ name: `risk model of ${id}`, backend: riskModel.backend }] : []),
    ]),
    ...Object.entries(preparers).map(([name, backend]) => ({ name, backend })),
  ];
}

/** Resolves with what came of one request. */
async function ask(backend: BackendSpec, clock: Clock, signal: AbortSignal): Promise<string> {
  // Servers that the provider would call, and thoughts that do not fit, are left out.
  const { features: _, ...plain } = backend;
  const own = Object.entries(backend.params).filter(([name]) => !/max.*tokens|^thinking$|effort$/i.test(name));
  const limit = renameParameters({ max_tokens: FEW_TOKENS }, backend.protocol, backend.baseUrl);
  const asked = { ...plain, params: { ...Object.fromEntries(own), ...limit }, builtinTools: [] };
  const { error, usage } = await probe(asked, { text: 'Answer with the word ok.', signal }, { clock });
  if (error) throw new Error(error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
  const total = usage?.total ?? null;
  return `answers${total === null ? '' : ` (${total} tokens)`}`;
}

async function reach(backend: BackendSpec, clock: Clock, signal: AbortSignal): Promise<string> {
  const provider: Provider = await createProvider(backend, { clock });
  try {
    if (!provider.reach) return 'can be loaded';
    await provider.reach(signal);
    return 'can be reached';
  } finally {
    await provider.close?.();
  }
}

function given(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const seconds = PATIENCE_MS / 1000;
    signal.addEventListener('abort', () => reject(new Error(`It said nothing for ${seconds} seconds.`)), {
      once: true,
    });
  });
}
