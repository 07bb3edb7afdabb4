import { Command } from 'commander';
import { beliefs } from '../evaluation/learning/bandit.ts';
import { SOURCES, type Evidence } from '../evaluation/learning/evidence.ts';
import type { Pick } from '../evaluation/learning/picks.ts';
import { outlookOf, type Outlook } from '../evaluation/learning/outlook.ts';
import { wrapped } from '../headless/evaluation/wrapped.ts';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { textWidth } from '../tui/text/width.ts';
import type { CommandContext } from './command-context.ts';
import { evidenceFileOf, pickFileOf } from './evidence-file.ts';
import { readFlags } from './read-flags.ts';

/** `massgen learn status`: what is believed of each arm for each kind of task, and from how much. */
export async function printStatus(
  argv: readonly string[],
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen learn status')
    .description('Show what is known of teams, models and team sizes, by kind of task.')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--kind <kind>', 'only for this kind of task')
    .option('--json', 'as JSON', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { kind, json } = program.opts<{ kind?: string; json: boolean }>();
  const file = evidenceFileOf(environment);
  const evidence = await file.read();
  const picks = await pickFileOf(environment).read();
  const kinds = kind === undefined ? [...new Set([...evidence, ...picks].map((each) => each.kind))].toSorted() : [kind];
  const known = kinds.map((each) => ({
    kind: each,
    groups: groupsFor(each, evidence, picks),
    picks: picks.filter((pick) => pick.kind === each),
  }));
  if (json) {
    const shown = known.map(({ kind: name, groups, picks: made }) => ({
      kind: name,
      arms: groups.flat(),
      picks: made,
    }));
    streams.stdout.write(`${safeJson(JSON.stringify(shown, null, 2))}\n`);
  } else if (evidence.length === 0 && picks.length === 0)
    streams.stderr.write(`Nothing is known yet (${file.path}).\n`);
  else {
    // Whole in a pipe, for whoever reads it there.
    const columns = environment.terminal.columns ?? Infinity;
    const sections = known.map((each) => section(each, evidence, columns));
    streams.stdout.write(`${sections.join('\n')}\n${wrapped(NOTE, columns, '', textWidth)}\n`);
  }
  return EXIT.ok;
}

const NOTE =
  'The mean reward and where it lies in nine of ten cases; how often "massgen learn choose" and "massgen --learn" take it among its like; from how many results.';

/** What may be chosen instead of each other: teams, models, sizes, ways to points of view. The best first. */
function groupsFor(kind: string, evidence: readonly Evidence[], picks: readonly Pick[]): Outlook[][] {
  const own = picks.filter((pick) => pick.kind === kind).flatMap(({ arms }) => arms);
  const arms = [...new Set([...evidence.map(({ arm }) => arm), ...own])].toSorted();
  const groups = Map.groupBy(beliefs(arms, kind, evidence), ({ arm }) => arm.split(':')[0] ?? '');
  return [...groups.values()].map((group) => outlookOf(group).toSorted((a, b) => b.mean - a.mean));
}

interface Known {
  kind: string;
  groups: readonly Outlook[][];
  /** Oldest first. */
  picks: readonly Pick[];
}

/** Where they do not fit beside it, what the figures come from stands below them. */
function section({ kind, groups, picks }: Known, evidence: readonly Evidence[], columns: number): string {
  const width = Math.max(...groups.flat().map(({ arm }) => oneLine(arm).length));
  const rows = groups.flatMap((group) =>
    group.map((arm) => ({ figures: figuresOf(arm, width, group.length), from: sourcesOf(arm, kind, evidence) })),
  );
  const fits = rows.every(({ figures, from }) => textWidth(`${figures}  ${from}`) <= columns);
  const lines = rows.map(({ figures, from }) =>
    fits ? `${figures}  ${from}` : `${figures.trimEnd()}\n${wrapped(from, columns, '      ', textWidth)}`,
  );
  const picked = picksLines(picks).map((line) => wrapped(line, columns, '  ', textWidth));
  return `${oneLine(kind)}\n${[...lines, ...picked].join('\n')}\n`;
}

/** How often each was picked for runs, and the last time. */
function picksLines(picks: readonly Pick[]): string[] {
  const last = picks.at(-1);
  if (!last) return [];
  const counts = [...Map.groupBy(picks, ({ arm }) => arm)].toSorted(([, a], [, b]) => b.length - a.length);
  const told = counts.map(([arm, all]) => `${oneLine(arm)} ${all.length}`).join(', ');
  const { arm, arms, seed, run } = last;
  const lastTime = `${oneLine(arm)} of ${arms.map(oneLine).join(', ')} with seed ${seed}, for ${oneLine(run)}`;
  return [`picked for runs: ${told}; last ${lastTime}`];
}

function figuresOf({ arm, mean, low, high, chosen }: Outlook, width: number, rivals: number): string {
  const share = rivals > 1 ? `chosen ${percent(chosen)}` : 'no choice   ';
  const range = `(${percent(low).trim()} to ${percent(high).trim()})`.padEnd('(10 % to 100 %)'.length);
  return `  ${oneLine(arm).padEnd(width)}  ${percent(mean)} ${range}  ${share}`;
}

function sourcesOf({ arm, count }: Outlook, kind: string, evidence: readonly Evidence[]): string {
  const own = evidence.filter((each) => each.arm === arm);
  const sources = SOURCES.flatMap((source) => {
    const found = own.filter((each) => each.kind === kind && each.source === source).length;
    return found === 0 ? [] : [`${source} ${found}`];
  });
  const elsewhere = own.length - count;
  const from = [
    ...(count === 0 ? ['nothing of this kind'] : sources),
    ...(elsewhere > 0 ? [`${elsewhere} of other kinds`] : []),
  ];
  return `from ${from.join(', ')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`.padStart(5);
}
