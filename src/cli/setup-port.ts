import { buildBackend } from '../config/backend-spec.ts';
import { composeTeam, type DraftAgent } from '../config/compose-team.ts';
import { loadEnv } from '../config/env.ts';
import { keyTrouble, saveKeys } from '../config/key-file.ts';
import { createProbe } from '../config/probe-models.ts';
import { requireBackendType } from '../config/quick-team.ts';
import type { Probe } from '../config/runnable-teams.ts';
import type { TeamSpec } from '../config/team.ts';
import { DEFAULT_SETTINGS } from '../events/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import type { SetupAgent, SetupPort, SetupProvider } from '../tui/setup.ts';
import type { TeamSummary } from '../tui/teams.ts';
import { priceText } from '../tui/view/setup-view.ts';
import { demo, fromFile, type Surroundings } from './choose-team.ts';
import type { CliOptions } from './options.ts';
import { saveTeam } from './save-team.ts';
import { keyPlaces, teamPlaces } from './setup-places.ts';
import { localProviders, vendorProviders } from './setup-providers.ts';

export interface SetupSurroundings {
  options: CliOptions;
  environment: Pick<Environment, 'cwd' | 'home' | 'variables'>;
  /** `env` gets the keys that are saved, so that what starts afterwards has them. */
  surroundings: Surroundings;
  clock: Clock;
  isKeysOnly: boolean;
  /** Makes a team the one that answers. */
  choose: (chosen: { team: TeamSpec; seed: number | null }) => TeamSummary;
  /** For tests; asks the servers of this machine by default. */
  probe?: Probe;
}

/** The set-up of this computer: its keys, its servers, and the files that it writes. */
export function createSetupPort(context: SetupSurroundings): SetupPort {
  const { options, environment, surroundings, clock, isKeysOnly, choose } = context;
  const { cwd, home, variables } = environment;
  const { env } = surroundings;
  let known: readonly SetupProvider[] = [];
  const remember = (providers: SetupProvider[]): SetupProvider[] => {
    known = [...known.filter(({ type }) => !providers.some((other) => other.type === type)), ...providers];
    return providers;
  };
  const loadAgain = async (): ReturnType<typeof loadEnv> => {
    const loaded = await loadEnv({ cwd, home, env: variables });
    Object.assign(env, loaded.env);
    return loaded;
  };
  const draft = ({ type, model }: SetupAgent): DraftAgent => {
    const own = known.find((provider) => provider.type === type);
    const found = own?.models.find(({ name }) => name === model);
    const note = found?.prices
      ? `${priceText(found.prices)}${own?.kind === 'local' ? '' : ' per million tokens'}`
      : null;
    return { type, model, note };
  };
  return {
    isKeysOnly,
    keyPlaces: keyPlaces(environment),
    vendors: async () => remember(await vendorProviders(await loadAgain(), home, clock)),
    locals: async () => remember(await localProviders(context.probe ?? createProbe(clock))),
    saveKey: async (variable, key, path) => {
      const trouble = keyTrouble(key);
      if (trouble !== null) throw new MassgenError('bad-key', trouble);
      await saveKeys(path, { [variable]: key });
      const { env: now, sources } = await loadAgain();
      if (now[variable] === key) return null;
      return `The key was saved, but ${variable} from ${sources[variable] ?? 'elsewhere'} comes before it: change it there.`;
    },
    test: async ({ type, model }) => {
      const { spec, problems } = buildBackend({ type: requireBackendType(type), model }, env);
      const [problem] = problems;
      if (problem) return { tone: 'err', text: problem.message };
      const { checkEndpoints } = await import('./doctor-endpoints.ts');
      const agents = [{ id: type, systemMessage: null, backend: spec }];
      const team: TeamSpec = { name: type, agents, settings: { ...DEFAULT_SETTINGS }, unsupported: [] };
      const [check] = await checkEndpoints(team, clock);
      if (!check) return { tone: 'warn', text: 'nothing was asked' };
      return { tone: check.state === 'ok' ? 'ok' : 'err', text: check.detail };
    },
    places: () => teamPlaces(environment),
    compose: (agents) => composeTeam(agents.map(draft)),
    save: async (agents, path, mayReplace) => {
      await saveTeam(path, composeTeam(agents.map(draft)), mayReplace);
      const { team, seed } = await fromFile(path, options, surroundings);
      return choose({ team, seed });
    },
    demo: async () => choose({ team: await demo(options.seed), seed: null }),
  };
}
