import type { AuditEntry } from '../../sessions/run-audit.ts';
import { diffLines } from '../diff-lines.ts';
import { count, seconds } from '../figures.ts';
import { oneLine } from '../plain-text.ts';

const EFFECTS: Readonly<Record<AuditEntry['effect'], string>> = {
  done: 'ran',
  failed: 'ran and failed',
  none: 'did not run',
  unknown: 'began; its end is not in the log',
  elsewhere: 'left to the agent’s own program',
};
const WORDS: Readonly<Record<AuditEntry['verdict'], string>> = {
  allowed: 'ALLOWED',
  denied: 'DENIED',
  free: 'free',
  planned: 'PLANNED',
  refused: 'REFUSED',
  open: 'OPEN',
};

/** `massgen audit`: every call with its decision. Lines without escape sequences; ends with a line break. */
export function auditText(run: string, startedAt: number, entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return `${oneLine(run)}: no agent called a tool.\n`;
  const number = (verdict: AuditEntry['verdict']): number => entries.filter((each) => each.verdict === verdict).length;
  const totals = (['allowed', 'denied', 'planned', 'refused', 'open'] as const)
    .filter((verdict) => number(verdict) > 0)
    .map((verdict) => `${number(verdict)} ${verdict}`);
  const head = `${oneLine(run)}: ${count(entries.length, 'call')}${totals.length > 0 ? `, ${totals.join(', ')}` : ''}`;
  return `${[head, '', ...entries.flatMap((entry) => linesOf(entry, startedAt))].join('\n')}\n`;
}

const MOST_DIFF_LINES = 60;
const INDENT = ' '.repeat(20);

function linesOf(entry: AuditEntry, startedAt: number): string[] {
  const { at, agent, subagent, verdict, tool, target, risk, by, scope, reason, effect } = entry;
  const what = `${oneLine(tool)}${target === '' ? '' : ` ${oneLine(target)}`}`;
  const who =
    by === null
      ? ''
      : `by ${by}${scope === null ? '' : `, ${scope === 'once' ? 'once' : `for ${scope === 'always' ? 'always' : `the ${scope}`}`}`}`;
  const origin = entry.parent === undefined ? '' : 'from code';
  const name = subagent === undefined ? oneLine(agent) : `${oneLine(agent)} ▸ ${oneLine(subagent)}`;
  const did = subagent === undefined ? EFFECTS[effect] : 'what came of it is in the subagent’s own log';
  const why = [origin, who, risk === null ? '' : `risk ${risk}`, did].filter(Boolean).join('; ');
  return [
    `${seconds(Math.max(0, at - startedAt)).padStart(8)}  ${WORDS[verdict].padEnd(8)} ${name}: ${what}`,
    `${INDENT}${why}`,
    ...(reason === '' ? [] : [`${INDENT}${oneLine(reason)}`]),
    ...entry.hooks.map((text) => `${INDENT}${oneLine(text)}`),
    ...diffLines(entry.diff, MOST_DIFF_LINES).map((line) => `${INDENT}${line}`),
  ];
}
