import type { TokenPrices } from '../config/estimate.ts';
import type { Tone } from './store/blocks.ts';
import type { TeamSummary } from './teams.ts';

/** Somebody whose models can answer: a vendor with a key, or a server on this machine. */
export interface SetupProvider {
  /** The word of the config. */
  type: string;
  label: string;
  kind: 'vendor' | 'local';
  /** The variable of the key; null where none is needed. */
  variable: string | null;
  /** Where its key was found: `the shell`, a file. Null while there is none. */
  source: string | null;
  /** Where a local server answers. */
  address: string | null;
  /** The usual one first. Empty where a name must be typed. */
  models: readonly SetupModel[];
}

export interface SetupModel {
  name: string;
  prices: TokenPrices;
}

export interface SetupAgent {
  type: string;
  /** Empty until one is named. */
  model: string;
}

/** A file that something may be saved in. */
export interface SetupPlace {
  /** What it is good for. */
  label: string;
  /** The path as people write it. */
  shown: string;
  /** Absolute. */
  path: string;
  /** Something is there already. */
  isTaken: boolean;
}

/** What the set-up asks of the computer. */
export interface SetupPort {
  /** Only keys are asked for, and the app ends after them. */
  isKeysOnly: boolean;
  /** Where keys can be saved, the usual place first. */
  keyPlaces: readonly SetupPlace[];
  /** Vendors in the order of the catalogue, with the keys that are there. Never rejects. */
  vendors(): Promise<SetupProvider[]>;
  /** The servers on this machine that answer. Never rejects. */
  locals(): Promise<SetupProvider[]>;
  /** Saves a key for its owner only. Resolves with what the user should know besides, or null. Rejects with a MassgenError. */
  saveKey(variable: string, key: string, path: string): Promise<string | null>;
  /** Sends one tiny request. Never rejects. */
  test(agent: SetupAgent): Promise<{ tone: Tone; text: string }>;
  /** Where the team can be saved, the usual place first. Never rejects. */
  places(): Promise<SetupPlace[]>;
  /** The text of the config. Pure. */
  compose(agents: readonly SetupAgent[]): string;
  /**
   * Saves the team and makes it ready. Nothing that is there is replaced unless told. Rejects with a MassgenError.
   */
  save(agents: readonly SetupAgent[], path: string, mayReplace: boolean): Promise<TeamSummary>;
  /** The built-in team. */
  demo(): Promise<TeamSummary>;
}

export type SetupStep = 'keys' | 'team' | 'save';

/** Where the user is in the set-up. */
export interface SetupState {
  step: SetupStep;
  isKeysOnly: boolean;
  vendors: readonly SetupProvider[];
  /** Null while they are asked. */
  locals: readonly SetupProvider[] | null;
  keyPlaces: readonly SetupPlace[];
  /** Index in the places of keys. */
  keyPlace: number;
  /** The picked row of each step. */
  picks: Readonly<Record<SetupStep, number>>;
  /** What is known of a provider's test, by its type. */
  tests: ReadonlyMap<string, { tone: Tone; text: string }>;
  agents: readonly SetupAgent[];
  /** The user changed the team: it is not proposed anew. */
  isTeamOwn: boolean;
  places: readonly SetupPlace[];
  /** The config as it will be saved. */
  preview: string;
  /** The place that is taken and was asked for once; the second time counts. */
  asked: string | null;
  isBusy: boolean;
}

/** More agents than that cost more than they add. */
export const MOST_AGENTS = 8;
const USUAL_AGENTS = 3;

/** Providers that can answer now, vendors first. */
export function readyProviders({ vendors, locals }: Pick<SetupState, 'vendors' | 'locals'>): SetupProvider[] {
  return [...vendors.filter(({ source }) => source !== null), ...(locals ?? [])];
}

/** All rows of the first step. */
export function keyRows({ vendors, locals }: Pick<SetupState, 'vendors' | 'locals'>): SetupProvider[] {
  // What is ready stands first: that is what one looks for.
  return [...readyProviders({ vendors, locals }), ...vendors.filter(({ source }) => source === null)];
}

/** One agent per provider in turn, with the next model of each: three, or as many as there are different ones. Pure. */
export function proposeAgents(providers: readonly SetupProvider[], size = USUAL_AGENTS): SetupAgent[] {
  const agents: SetupAgent[] = [];
  for (let round = 0; agents.length < size && round < size; round++) {
    for (const { type, models } of providers) {
      const model = models[round]?.name;
      if (model !== undefined && agents.length < size) agents.push({ type, model });
    }
  }
  const [first] = providers;
  // A model that has to be named by the user.
  if (agents.length === 0 && first) agents.push({ type: first.type, model: '' });
  return agents;
}

/** Every model that an agent can be given now, in the order of the providers. */
export function modelChoices(state: Pick<SetupState, 'vendors' | 'locals'>): (SetupModel & { type: string })[] {
  return readyProviders(state).flatMap(({ type, models }) => models.map((model) => ({ ...model, type })));
}

/** What is known of an agent's price. */
export function pricesOf(state: Pick<SetupState, 'vendors' | 'locals'>, agent: SetupAgent): TokenPrices {
  return modelChoices(state).find(({ type, name }) => type === agent.type && name === agent.model)?.prices ?? null;
}
