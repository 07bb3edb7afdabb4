import type { TeamChoice } from '../teams.ts';
import { fuzzyScore } from './commands.ts';
import type { Model } from './model.ts';

/** The teams that the filter lets through, the best ones first; all of them without a filter. Pure. */
export function shownTeams({ teams, teamFilter }: Pick<Model, 'teams' | 'teamFilter'>): readonly TeamChoice[] {
  const query = teamFilter.trim().toLowerCase();
  if (query === '') return teams;
  return teams
    .flatMap((team) => {
      const models = team.agents.map(({ id, model }) => `${id} ${model}`).join(' ');
      const score = Math.max(
        fuzzyScore(query, team.name) + 2,
        fuzzyScore(query, `${team.origin ?? ''} ${team.description}`),
        fuzzyScore(query, models),
      );
      return score > 0 ? [{ team, score }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ team }) => team);
}

export function pickedTeam(model: Model): TeamChoice | null {
  return shownTeams(model)[model.picked] ?? null;
}
