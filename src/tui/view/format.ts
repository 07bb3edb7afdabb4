import type { AgentState } from '../../coordination/state.ts';
import type { Cost } from '../../events/usage.ts';

/** `03:41`, `1:02:07`. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** `950`, `1.2k`, `184k`, `2.1M`. */
export function formatCount(n: number): string {
  if (n < 1000) return String(n);
  if (n < 10_000) return `${trim((n / 1000).toFixed(1))}k`;
  if (n < 999_500) return `${Math.round(n / 1000)}k`;
  return `${trim((n / 1_000_000).toFixed(1))}M`;
}

/** `$0.83`; below a cent four digits. A sum with unknown parts is a lower bound: `$0.83+`, or `price unknown`. Null where nothing is paid. */
export function formatCost(cost: Cost | null): string {
  if (cost === null) return 'no model is called';
  if (!cost.isComplete && cost.usd === 0) return 'price unknown';
  // Little is not nothing.
  const isTiny = cost.usd > 0 && cost.usd < 0.00005;
  const digits = cost.usd > 0 && cost.usd < 0.01 ? 4 : 2;
  return `${isTiny ? '<$0.0001' : `$${cost.usd.toFixed(digits)}`}${cost.isComplete ? '' : '+'}`;
}

/** As `formatCost`, to the millionth of a dollar, so that rows can be added up: `$0.004158`. */
export function formatExactCost(cost: Cost): string {
  const isSmall = cost.usd === 0 || cost.usd < 0.000_000_5;
  return isSmall ? formatCost(cost) : `$${cost.usd.toFixed(6)}${cost.isComplete ? '' : '+'}`;
}

/** Tokens that were used and not told: agents with a model of their own may keep them to themselves. */
export function isUntold({ usage, cost, answers, ballot, turn }: AgentState): boolean {
  const hasReplied = answers.length > 0 || ballot !== null || (turn?.rounds ?? 0) > 0;
  return hasReplied && usage.input + usage.output === 0 && !cost.isComplete;
}

/** `0.4 s`, `12 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function trim(number: string): string {
  return number.replace(/\.0$/, '');
}
