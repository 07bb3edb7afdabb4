import type { TeamChoice } from '../teams.ts';
import { bestMatches } from '../text/fuzzy.ts';
import type { Model } from './model.ts';

/** The teams that the filter lets through, the best ones first; all of them without a filter. Pure. */
export function shownTeams({ teams, teamFilter }: Pick<Model, 'teams' | 'teamFilter'>): readonly TeamChoice[] {
  return bestMatches(teams, teamFilter, ({ name, origin, description, agents }) => [
    name,
    `${origin ?? ''} ${description}`,
    agents.map(({ id, model }) => `${id} ${model}`).join(' '),
  ]);
}

export function pickedTeam(model: Model): TeamChoice | null {
  return shownTeams(model)[model.picked] ?? null;
}
