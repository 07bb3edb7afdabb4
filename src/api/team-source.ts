import type { BuildConfigOptions } from './build-config.ts';
import type { ConfigObject } from './config-object.ts';

/** Names one team: exactly one of these, or none for the default config. */
export interface TeamSource {
  /** A config file, or the name of one in `~/.config/massgen/agents`. */
  config?: string | undefined;
  /** A config as data, e.g. of `buildConfig`. */
  configObject?: ConfigObject | undefined;
  /** One model: one agent, one request. */
  model?: string | undefined;
  /** One agent per model. */
  models?: readonly string[] | undefined;
  /** The agents one by one, or with `model` how many of it. */
  agents?: BuildConfigOptions['agents'];
  /** The built-in team, which solves number puzzles and needs no key. */
  demo?: boolean | undefined;
  /** Backend type of `model`, `models` or `agents`; alone, one agent with the usual model of that type. */
  backend?: string | undefined;
  /** Address of their API, e.g. of a gateway or a server of your own. */
  baseUrl?: string | undefined;
}
