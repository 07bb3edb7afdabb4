import type { Case } from '../cases/case.ts';

/** What is compared, on which questions. */
export interface Suite {
  name: string;
  /** The file, absolute. */
  path: string;
  teams: SuiteTeam[];
  cases: Case[];
  /** Each team answers each case once per seed. */
  seeds: number[];
  /** Trials at once. */
  concurrency: number;
  /** No further trial is begun once the ones before have cost this much, in USD. */
  budgetUsd: number | null;
  /** The same in tokens, input and output together. */
  budgetTokens: number | null;
  /** Team that judges where a check asks a model; null where none does. */
  judge: string | null;
}

/** A team under its name in reports. */
export interface SuiteTeam {
  name: string;
  /** Its config file, absolute. */
  config: string;
}

/** One team's go at one case. */
export interface Trial {
  /** Unique in the suite, and the same whenever the suite is read again. */
  key: string;
  team: SuiteTeam;
  item: Case;
  seed: number;
}

/** Every trial of a suite: all teams on one case before the next case, so that a run that is cut off compares the same. */
export function trialsOf({ teams, cases, seeds }: Pick<Suite, 'teams' | 'cases' | 'seeds'>): Trial[] {
  return cases.flatMap((item) =>
    seeds.flatMap((seed) => teams.map((team) => ({ key: `${team.name}/${item.id}/${seed}`, team, item, seed }))),
  );
}
