import { createProbe } from '../config/probe-models.ts';
import { findRunnableTeams } from '../config/runnable-teams.ts';
import type { TeamSpec } from '../config/team.ts';
import { createRealClock } from '../platform/clock.ts';
import { MassgenError } from '../platform/errors.ts';
import { parsePuzzle, PUZZLE_HELP } from '../providers/demo/puzzle.ts';
import { DEFAULT_DEMO_SEED } from '../providers/demo/strategy.ts';
import { demo, type Choice, type Surroundings } from './choose-team.ts';

/** What the demo team solves when it is asked nothing else. */
export const DEFAULT_PUZZLE = 'make 952 from 25 50 75 100 3 6';

export interface Unattended {
  team: TeamSpec;
  seed: number | null;
  question: string;
}

/** How to get a model, for somebody who has none. */
const HOW_TO_GET_A_MODEL =
  'No model can be reached: no API key was found and no local server answers. Set a key, e.g. OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, in the shell, in ./.env or in ~/.massgen/.env, or with "massgen --setup"; or start a local server (Ollama, LM Studio, llama.cpp, vLLM, SGLang); or see the built-in team with "massgen --demo".';

/** Settles team and question where nobody can be asked. Throws a MassgenError that says what is missing. */
export async function pickUnattended(
  choice: Choice,
  asked: string | null,
  surroundings: Surroundings,
): Promise<Unattended> {
  if (choice.type === 'team') {
    const isDemo = choice.team.agents.every((agent) => agent.backend.protocol === 'demo');
    const question = asked ?? (isDemo ? DEFAULT_PUZZLE : null);
    if (question === null)
      throw new MassgenError(
        'no-question',
        'There is no question. Give one: massgen --config team.yaml "your question".',
      );
    if (isDemo) requirePuzzle(question);
    return { team: choice.team, seed: choice.seed ?? (isDemo ? DEFAULT_DEMO_SEED : null), question };
  }
  if (asked === null || parsePuzzle(asked))
    return { team: await demo(), seed: DEFAULT_DEMO_SEED, question: asked ?? DEFAULT_PUZZLE };
  const teams = await findRunnableTeams({ env: surroundings.env, probe: createProbe(createRealClock()) });
  const [found] = teams.filter((team) => team.kind !== 'demo');
  if (!found) throw new MassgenError('no-model', HOW_TO_GET_A_MODEL);
  surroundings.warn(`No team was named, so this one answers: ${found.team.name} (${found.reason}).`);
  return { team: found.team, seed: null, question: asked };
}

/** The built-in agents solve number puzzles and nothing else. */
export function requirePuzzle(question: string): void {
  if (parsePuzzle(question)) return;
  const message = `The built-in team has no model and solves number puzzles only. ${PUZZLE_HELP} For other questions name a model (--model) or a team (--config).`;
  throw new MassgenError('no-puzzle', message);
}
