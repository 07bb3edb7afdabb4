import { Command } from 'commander';
import { foldEvents } from '../coordination/apply.ts';
import { gradeOf } from '../coordination/grades.ts';
import { evidenceOfRun } from '../evaluation/learning/evidence-of.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { CommandContext } from './command-context.ts';
import { evidenceFileOf, pickFileOf } from './evidence-file.ts';
import { readFlags } from './read-flags.ts';
import { runDirsOf } from './run-dirs.ts';

/** `massgen learn collect`: takes over grades, thumbs and votes, and which runs failed; what was taken over before counts once. */
export async function collectEvidence(
  argv: readonly string[],
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen learn collect')
    .description('Take over what graders, people and votes say of runs. A run that was taken over before counts once.')
    .argument('[runs...]', 'runs; all of this folder if left out')
    .helpOption('-h, --help')
    .option('--kind <kind>', 'the kind of task that they were; as it is known of each, or "own", if left out');
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { kind } = program.opts<{ kind?: string }>();
  const file = evidenceFileOf(environment);
  // What is known of a run is not moved to another kind, unless that is asked for.
  const kinds = new Map(
    [...(await pickFileOf(environment).read()), ...(await file.read())].map((each) => [each.run, each.kind]),
  );
  const evidence = [];
  for (const dir of await runDirsOf(program.args, environment)) {
    const state = foldEvents(await readAll(dir));
    if (!state?.end) continue;
    const known = kinds.get(state.run) ?? gradeOf(state, null)?.kind;
    evidence.push(...evidenceOfRun(state, kind ?? known ?? 'own'));
  }
  const added = (await file.add(evidence)).length;
  const before = evidence.length - added;
  const known = before === 0 ? '' : `; ${before} more were there already`;
  streams.stderr.write(`${added} pieces of evidence were added to ${file.path}${known}.\n`);
  return EXIT.ok;
}
