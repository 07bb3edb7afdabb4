import { Command } from 'commander';
import { foldEvents } from '../coordination/apply.ts';
import { gradeOf } from '../coordination/grades.ts';
import type { RunState } from '../coordination/state.ts';
import { USER } from '../coordination/step-in.ts';
import { agentsOf, allAnswersOf } from '../coordination/views.ts';
import { trajectoriesOf } from '../evaluation/learning/trajectory.ts';
import type { Evidence } from '../evaluation/learning/evidence.ts';
import { createOutput } from '../headless/output.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { CommandContext } from './command-context.ts';
import { evidenceFileOf } from './evidence-file.ts';
import { readFlags } from './read-flags.ts';
import { runDirsOf } from './run-dirs.ts';

/** `massgen learn export`: trajectories as JSON lines, one per agent and run. */
export async function exportTrajectories(
  argv: readonly string[],
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen learn export')
    .description('Write the conversations of runs with rewards, one JSON line per agent, for training.')
    .argument('[runs...]', 'runs; all of this folder if left out')
    .helpOption('-h, --help');
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const evidence = await evidenceFileOf(environment).read();
  const out = createOutput(streams.stdout);
  for (const dir of await runDirsOf(program.args, environment)) {
    const events = await readAll(dir);
    const state = foldEvents(events);
    if (!state) continue;
    for (const trajectory of trajectoriesOf(events, (label) => rewardOf(label, state, evidence))) {
      out.write(`${safeJson(JSON.stringify(trajectory))}\n`);
    }
  }
  await out.flush();
  return EXIT.ok;
}

/** A grader's word comes first, then the user's thumb for the winner, then the votes of the others. */
function rewardOf(label: string, state: RunState, evidence: readonly Evidence[]): number | null {
  const author = agentsOf(state).find((agent) => allAnswersOf(agent).some((answer) => answer.label === label))?.info;
  const graded =
    gradeOf(state, label)?.score ??
    // Of runs whose log does not tell it.
    evidence.find(
      ({ run, source, arm }) => run === state.run && source === 'grader' && arm === `model:${author?.model ?? ''}`,
    )?.reward;
  if (graded !== undefined) return graded;
  if (state.winner?.label === label && state.rating !== null) return state.rating === 'up' ? 1 : 0;
  const others = state.ballots.filter(({ voter }) => voter !== author?.alias && voter !== USER);
  return others.length === 0 ? null : others.filter(({ choice }) => choice === label).length / others.length;
}
