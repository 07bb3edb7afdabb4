import type { EventDraft } from '../events/event.ts';
import type { HookReport } from '../events/hook-report.ts';

/** Whether an event may come after the end of the run. */
export function mayFollowEnd({ type, data }: EventDraft): boolean {
  return type === 'run.resumed' || (type === 'hook.finished' && data.turn === null);
}

const POINTS: Record<HookReport['point'], string> = {
  pre_tool: 'before a tool',
  post_tool: 'after a tool',
  answer: 'on an answer',
  vote: 'on a vote',
  run_end: 'at the end',
};

const OUTCOMES: Record<Exclude<HookReport['outcome'], 'passed'>, string> = {
  allowed: 'allows it',
  denied: 'says no',
  asked: 'wants you to decide',
  changed: 'changes it',
  failed: 'failed',
};

/** What people are told of a hook; null for one that had nothing to say. */
export function hookText({ point, hook, tool, outcome, reason }: HookReport): string | null {
  if (outcome === 'passed') return null;
  const about = tool === null ? '' : ` ${tool}`;
  return `hook ${POINTS[point]}${about} ${OUTCOMES[outcome]} (${hook})${reason === '' ? '' : `: ${reason}`}`;
}
