import { Command, InvalidArgumentError, Option } from 'commander';
import { oneLine, plainText } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { applyRunChanges, readRunChanges } from '../sessions/run-changes.ts';
import type { ChangeRecord } from '../workspace/project/change-record.ts';
import type { CommandContext } from './command-context.ts';
import { findAnyRun } from './find-any-run.ts';
import { readFlags } from './read-flags.ts';
import { toldFiles } from './told-files.ts';

/** `massgen apply <run> [paths…]`: writes what the winner of a run has changed into the user's folder. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen apply')
    .description(
      'Write what the chosen answer of a run has changed into your folder. Files that you have changed meanwhile are left as they are. massgen undo brings back what was there.',
    )
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .argument('[paths...]', 'only these files or folders, as the run names them')
    .addOption(
      new Option(
        '--conflicts <policy>',
        'where you have changed a file meanwhile: leave it, write nothing, or replace it',
      )
        .choices(['skip', 'fail', 'replace'])
        .default('skip'),
    )
    .option(
      '--parts <file:numbers>',
      'only these parts of a file, such as src/a.ts:1,3; may be given several times',
      addParts,
      {},
    )
    .option('--show', 'write nothing; show what would change, each part with its number', false)
    .helpOption('-h, --help');
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const [word = 'latest', ...paths] = program.args;
  const { conflicts: policy, parts, show } = program.opts<ApplyFlags>();
  const dir = await findAnyRun(word, environment);
  if (show) {
    streams.stdout.write(shownChanges((await readRunChanges(dir)).records));
    return EXIT.ok;
  }
  const drift = policy === 'replace' ? 'prefer_presenter' : policy;
  const wanted = [...new Set([...paths, ...Object.keys(parts)])];
  const changed = await applyRunChanges(dir, wanted, drift, createRealClock(), parts);
  streams.stdout.write(toldFiles(changed.paths));
  streams.stderr.write(`${changed.paths.length} written in ${oneLine(changed.base)}.\n`);
  for (const { path, reason } of changed.conflicts) {
    streams.stderr.write(`${oneLine(path)} was left as it is: ${oneLine(reason)}.\n`);
  }
  return changed.conflicts.length > 0 ? EXIT.execution : EXIT.ok;
}

/** Parts of files, by the path of the file, counted from 0. */
type Parts = Readonly<Record<string, readonly number[]>>;

interface ApplyFlags {
  conflicts: 'skip' | 'fail' | 'replace';
  parts: Parts;
  show: boolean;
}

/** Reads `file:1,3`. */
function addParts(text: string, before: Parts): Parts {
  const found = /^(.+):(\d+(?:,\d+)*)$/.exec(text);
  const [path = '', list = ''] = found?.slice(1) ?? [];
  const numbers = list.split(',').map(Number);
  if (!found || numbers.includes(0))
    throw new InvalidArgumentError('It must be a file and the numbers of its parts from 1, such as src/a.ts:1,3.');
  const name = path.replace(/^\.\//, '');
  const known = Object.hasOwn(before, name) ? (before[name] ?? []) : [];
  return { ...before, [name]: [...known, ...numbers.map((number) => number - 1)] };
}

/** What would change, harmless for the terminal; a file with several parts has their numbers. */
function shownChanges(records: readonly ChangeRecord[]): string {
  const lines = records.flatMap(({ path, parts, change, added, removed }) => [
    `${oneLine(path)}  ${change}, +${added} -${removed}`,
    ...parts.flatMap((part, i) => [
      ...(parts.length > 1 ? [`  part ${i + 1} of ${parts.length}`] : []),
      ...part.lines.map((line) => `    ${plainText(line).replaceAll('\n', ' ')}`),
    ]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}
