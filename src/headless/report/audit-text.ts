import type { AuditEntry } from '../../sessions/run-audit.ts';
import { count, seconds } from '../figures.ts';
import { oneLine, plainText } from '../plain-text.ts';

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

function diffLines(diff: string | null): string[] {
  if (diff === null || diff === '') return [];
  const lines = plainText(diff).replace(/\n$/, '').split('\n');
  const more = lines.length - MOST_DIFF_LINES;
  const shown = lines.slice(0, MOST_DIFF_LINES).map((line) => `                    | ${line.replaceAll('\t', '    ')}`);
  return more > 0 ? [...shown, `                    [${count(more, 'more line')}]`] : shown;
}

function linesOf(entry: AuditEntry, startedAt: number): string[] {
  const { at, agent, verdict, tool, target, risk, by, scope, reason, effect } = entry;
  const what = `${oneLine(tool)}${target === '' ? '' : ` ${oneLine(target)}`}`;
  const who =
    by === null
      ? ''
      : `by ${by}${scope === null ? '' : `, ${scope === 'once' ? 'once' : `for ${scope === 'always' ? 'always' : `the ${scope}`}`}`}`;
  const origin = entry.parent === undefined ? '' : 'from code';
  const why = [origin, who, risk === null ? '' : `risk ${risk}`, EFFECTS[effect]].filter(Boolean).join('; ');
  return [
    `${seconds(Math.max(0, at - startedAt)).padStart(8)}  ${WORDS[verdict].padEnd(8)} ${oneLine(agent)}: ${what}`,
    `                    ${why}`,
    ...(reason === '' ? [] : [`                    ${oneLine(reason)}`]),
    ...entry.hooks.map((text) => `                    ${oneLine(text)}`),
    ...diffLines(entry.diff),
  ];
}
