import { isWhole } from '../coordination/turn-spending.ts';
import type { Alias, EventData, EventDraft, RunEvent, RunOutcome } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';

export interface SubagentEnd {
  outcome: RunOutcome;
  text: string;
  reason: string;
  /** Of the answer that it gave; null where it gave none. */
  label: string | null;
}

export interface FollowOptions {
  clock: Clock;
  /** Whose part it is. */
  alias: Alias;
  name: string;
  /** How many of its calls are counted already. */
  steps: number;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
  /** Told when it is to stop. */
  stop: AbortSignal;
  open: () => Promise<RunHandle>;
}

/**
 * Runs one part to its end and counts its calls, each once, whatever was counted before a crash. Resolves when all of
 * them are on disk. Rejects only if the log of the agent's own run cannot be written.
 */
export async function followSubagent(options: FollowOptions): Promise<SubagentEnd> {
  const { clock, alias, name, record, stop, open } = options;
  const opened = await open().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (opened instanceof Error) return { outcome: 'failed', text: '', reason: opened.message, label: null };
  const end: SubagentEnd = { outcome: 'failed', text: '', reason: 'It ended without an answer.', label: null };
  const written: Promise<void>[] = [];
  let failure: unknown = null;
  let seen = 0;
  let turns = 0;
  // The caller holds the clock; it lets go while a turn of the part is at work, which holds it itself.
  let lent: AbortController | null = null;
  const take = (): void => {
    lent?.abort(new Error('At work.'));
    lent = null;
  };
  const lend = (): void => {
    if (lent) return;
    lent = new AbortController();
    clock.sleep(Infinity, lent.signal).catch(() => undefined);
  };
  const unsubscribe = opened.subscribe((event) => {
    if (event.type === 'turn.started') turns += 1;
    if (event.type === 'turn.finished') turns -= 1;
    if (event.type === 'run.resumed') turns = 0;
    if (turns > 0) lend();
    else take();
    if (event.type === 'answer.presented') end.text = event.data.text;
    if (event.type === 'winner.chosen') end.label = event.data.label;
    if (event.type === 'run.finished') Object.assign(end, event.data);
    const step = stepOf(event);
    if (!step) return;
    seen += 1;
    if (seen <= options.steps) return;
    const data = { subagent: name, ...step };
    written.push(
      record({ type: 'subagent.worked', agent: alias, data }).catch((error: unknown) => void (failure ??= error)),
    );
  });
  const cancel = (): void => opened.send({ type: 'cancel', by: 'caller' });
  stop.addEventListener('abort', cancel, { once: true });
  if (stop.aborted) cancel();
  const trouble = await opened.ended.then(
    () => null,
    (error: unknown) => error,
  );
  stop.removeEventListener('abort', cancel);
  unsubscribe();
  take();
  await Promise.all(written);
  if (failure !== null) throw failure;
  if (trouble !== null)
    return { ...end, outcome: 'failed', reason: trouble instanceof Error ? trouble.message : 'The subagent failed.' };
  return end.outcome === 'answered' ? { ...end, reason: '' } : end;
}

type Step = Omit<EventData['subagent.worked'], 'subagent'>;

/** What of a part's log is counted in the agent's own. */
function stepOf(event: RunEvent): Step | null {
  switch (event.type) {
    case 'request.finished': {
      const { message, usage, costUsd } = event.data;
      return { text: message.text, tool: null, usage, costUsd, ...atLeast(event.data) };
    }
    case 'request.failed': {
      const { usage, costUsd } = event.data;
      return { text: '', tool: null, usage, costUsd, ...atLeast(event.data) };
    }
    case 'question.answered':
    case 'risk.judged':
    case 'preparation.finished':
      return { text: '', tool: null, usage: event.data.usage, costUsd: event.data.costUsd };
    case 'tool.started':
      return { text: '', tool: event.data.call.name, usage: NO_USAGE, costUsd: 0 };
    default:
      return null;
  }
}

function atLeast(call: Parameters<typeof isWhole>[0]): { isAtLeast?: true } {
  return isWhole(call) ? {} : { isAtLeast: true };
}
