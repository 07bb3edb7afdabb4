import { Command } from 'commander';
import { trajectoriesOf } from '../evaluation/learning/trajectory.ts';
import type { Evidence } from '../evaluation/learning/evidence.ts';
import type { RunEvent } from '../events/event.ts';
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
    for (const trajectory of trajectoriesOf(events, (label) => rewardOf(label, events, evidence))) {
      out.write(`${safeJson(JSON.stringify(trajectory))}\n`);
    }
  }
  await out.flush();
  return EXIT.ok;
}

/** A grader's word on the model comes first, then the user's thumb for the winner, then the votes of the others. */
function rewardOf(label: string, events: readonly RunEvent[], evidence: readonly Evidence[]): number | null {
  const [first] = events;
  if (first?.type !== 'run.started') return null;
  const author = first.data.agents.find(({ alias }) => label.startsWith(`${alias}.`));
  const graded = evidence.find(
    ({ run, source, arm }) => run === first.run && source === 'grader' && arm === `model:${author?.model ?? ''}`,
  );
  if (graded) return graded.reward;
  const rated = events.findLast((event) => event.type === 'answer.rated');
  if (rated?.data.label === label && rated.data.rating !== null) return rated.data.rating === 'up' ? 1 : 0;
  const ballots = events.flatMap((event) =>
    event.type === 'ballot.cast' && event.agent !== author?.alias ? [event.data.choice] : [],
  );
  return ballots.length === 0 ? null : ballots.filter((choice) => choice === label).length / ballots.length;
}
