import type { TeamSpec } from '../config/team.ts';
import { MassgenError } from '../platform/errors.ts';
import type { SessionThread } from '../sessions/session-thread.ts';
import { withoutOrigin } from './choose-team.ts';
import { toExchange, type PastTurn } from './past-turn.ts';
import type { TeamRun } from './start-team.ts';
import type { Surroundings } from './surroundings.ts';

/** A team and what it is asked. */
export interface TeamQuestion {
  team: TeamSpec;
  seed: number | undefined;
  question: string;
  history: readonly PastTurn[];
  thread?: SessionThread | undefined;
  systemMessage: string | undefined;
  speed: number;
  runsDir: string;
  surroundings: Surroundings;
}

/** Puts a team and a question together. Rejects with a MassgenError for a question that the built-in team cannot take. */
export async function teamRun(asked: TeamQuestion): Promise<TeamRun> {
  const { team, seed, question, history, thread, systemMessage, speed, runsDir, surroundings } = asked;
  const isDemo = team.agents.every(({ backend }) => backend.protocol === 'demo');
  if (isDemo) {
    const { parsePuzzle, PUZZLE_HELP } = await import('../providers/demo/puzzle.ts');
    if (!parsePuzzle(question)) {
      const message = `The built-in team has no model and solves number puzzles only. ${PUZZLE_HELP}`;
      throw new MassgenError('no-puzzle', message);
    }
  }
  return {
    team: systemMessage === undefined ? team : withInstruction(team, systemMessage),
    question,
    ...(thread && { thread }),
    ...(history.length > 0 && { past: { history: history.map(toExchange) } }),
    seed,
    speed,
    runsDir,
    cwd: surroundings.cwd,
    home: surroundings.home,
    variables: surroundings.env,
  };
}

/** Its origin does not hold the instruction, so this team cannot be made again from it. */
function withInstruction(team: TeamSpec, instruction: string): TeamSpec {
  const agents = team.agents.map((agent) => ({
    ...agent,
    systemMessage: [agent.systemMessage, instruction].filter(Boolean).join('\n\n'),
  }));
  return withoutOrigin({ ...team, agents });
}
