import { BACKEND_TYPES, type BackendType } from '../config/catalogue.ts';
import type { Environment as Variables, LoadedEnv } from '../config/env.ts';
import { canChat, type Probe } from '../config/runnable-teams.ts';
import type { Clock } from '../platform/clock.ts';
import { listModels } from '../providers/model-list.ts';
import type { SetupModel, SetupProvider } from '../tui/setup.ts';

/** Models of one server that are offered. */
const MOST_MODELS = 200;

/** Every vendor that needs a key, in the catalogue's order, with its models and what they cost; nothing is fetched. */
export async function vendorProviders(
  { env, sources }: LoadedEnv,
  home: string,
  clock: Clock,
): Promise<SetupProvider[]> {
  const types = BACKEND_TYPES.filter((type) => isVendor(type, env));
  const models = await listModels(types, { isWhole: false, clock });
  return types.map((type): SetupProvider => {
    const found = type.keyVariables.find((name) => (env[name]?.trim() ?? '') !== '');
    const variable = found ?? type.keyVariables[0] ?? null;
    const own = models.filter((model) => model.type === type.type);
    return {
      type: type.type,
      label: type.label,
      kind: 'vendor',
      variable,
      source: found === undefined ? null : placeOf(sources[found] ?? 'shell', home),
      address: null,
      models: own.map(({ model, prices }): SetupModel => {
        const isKnown = typeof prices?.input === 'number' && typeof prices.output === 'number';
        return { name: model, prices: isKnown ? { input: prices.input ?? 0, output: prices.output ?? 0 } : null };
      }),
    };
  });
}

/** The servers on this machine that answer, all asked at once. Never rejects. */
export async function localProviders(probe: Probe): Promise<SetupProvider[]> {
  const types = BACKEND_TYPES.filter((type) => type.keyNeed === 'placeholder' && type.baseUrl !== null);
  const found = await Promise.all(
    types.map(async (type): Promise<SetupProvider | null> => {
      const models = await probe(`${type.baseUrl}/models`);
      if (models === null) return null;
      return {
        type: type.type,
        label: type.label,
        kind: 'local',
        variable: null,
        source: null,
        address: type.baseUrl,
        models: models
          .filter(canChat)
          .slice(0, MOST_MODELS)
          .map((name) => ({ name, prices: { input: 0, output: 0 } })),
      };
    }),
  );
  return found.filter((provider) => provider !== null);
}

/** Azure's models have an address of their own, which nobody can guess. */
function isVendor(type: BackendType, env: Variables): boolean {
  if (type.keyNeed !== 'required' || type.protocol === null || type.keyVariables.length === 0) return false;
  return type.type !== 'azure_openai' || (env['AZURE_OPENAI_ENDPOINT'] ?? '') !== '';
}

function placeOf(source: string, home: string): string {
  if (source === 'shell') return 'the shell';
  return source.startsWith(`${home}/`) ? `~${source.slice(home.length)}` : source;
}
