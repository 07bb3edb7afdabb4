import { Command } from 'commander';
import { beliefs, type Belief } from '../evaluation/learning/bandit.ts';
import type { Evidence } from '../evaluation/learning/evidence.ts';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { evidenceFileOf } from './evidence-file.ts';
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
  const kinds = kind === undefined ? [...new Set(evidence.map((each) => each.kind))].toSorted() : [kind];
  const known = kinds.map((each) => ({ kind: each, arms: beliefsFor(each, evidence) }));
  if (json) streams.stdout.write(`${safeJson(JSON.stringify(known, null, 2))}\n`);
  else if (evidence.length === 0) streams.stderr.write(`Nothing is known yet (${file.path}).\n`);
  else streams.stdout.write(known.map(({ kind: name, arms }) => section(name, arms, evidence)).join('\n'));
  return EXIT.ok;
}

function beliefsFor(kind: string, evidence: readonly Evidence[]): Belief[] {
  const arms = [...new Set(evidence.map(({ arm }) => arm))].toSorted();
  return beliefs(arms, kind, evidence).toSorted((a, b) => b.mean - a.mean);
}

function section(kind: string, arms: readonly Belief[], evidence: readonly Evidence[]): string {
  const width = Math.max(...arms.map(({ arm }) => oneLine(arm).length));
  const lines = arms.map(({ arm, mean, count }) => {
    const sources = ['grader', 'user', 'votes'].flatMap((source) => {
      const found = evidence.filter((each) => each.kind === kind && each.arm === arm && each.source === source).length;
      return found === 0 ? [] : [`${source} ${found}`];
    });
    const from = count === 0 ? 'nothing of this kind' : sources.join(', ');
    return `  ${oneLine(arm).padEnd(width)}  ${(mean * 100).toFixed(1).padStart(5)} %  from ${from}`;
  });
  return `${oneLine(kind)}\n${lines.join('\n')}\n`;
}
