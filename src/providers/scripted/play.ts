import type { AssistantMessage } from '../../events/message.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import type { Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEnd, ModelEvent } from '../provider.ts';
import { tokensOf } from './conversation.ts';

/** One event of a reply that is known in advance, and the time before it. */
export interface Step {
  waitMs: number;
  /** Null is silence only. */
  event: Exclude<ModelEvent, ModelEnd> | null;
}

/** How a reply ends once all its steps were played. */
export type Ending =
  /** `stopReason` null: `tool-calls` if there were any, else `end`. */
  | { type: 'finish'; stopReason: StopReason | null; native: AssistantMessage['native'] | null }
  | { type: 'fail'; error: ModelError };

export interface Performance {
  steps: readonly Step[];
  ending: Ending;
  /** Input tokens of the request. */
  input: number;
  /** Replaces the figures that are counted from the characters played. */
  usage?: Partial<Usage>;
}

/**
 * Plays a reply as a provider's stream. Never throws. An abort ends it with `failed` of kind `aborted`, with the
 * usage of what was played until then.
 */
export async function* play(performance: Performance, clock: Clock, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const message: AssistantMessage = { role: 'assistant', text: '', calls: [] };
  let reasoning = '';
  let argumentChars = 0;
  const usage = (): Usage => ({
    input: performance.input,
    output: tokensOf(message.text.length + reasoning.length + argumentChars),
    cachedInput: 0,
    cacheWrite: 0,
    reasoning: tokensOf(reasoning.length),
    ...performance.usage,
  });

  for (const { waitMs, event } of performance.steps) {
    if (!(await wait(clock, waitMs, signal))) return yield { type: 'failed', error: ABORTED, usage: usage() };
    if (event === null) continue;
    if (event.type === 'text' || event.type === 'refusal') message.text += event.text;
    if (event.type === 'reasoning') reasoning += event.text;
    if (event.type === 'tool-call') {
      message.calls.push(event.call);
      argumentChars += event.call.rawArgs.length;
    }
    yield event;
  }

  const { ending } = performance;
  if (signal.aborted) return yield { type: 'failed', error: ABORTED, usage: usage() };
  if (ending.type === 'fail') return yield { type: 'failed', error: ending.error, usage: usage() };
  if (reasoning) message.reasoning = reasoning;
  if (ending.native) message.native = ending.native;
  const stopReason = ending.stopReason ?? (message.calls.length > 0 ? 'tool-calls' : 'end');
  yield { type: 'finished', message, stopReason, usage: usage() };
}

const ABORTED: ModelError = { kind: 'aborted', message: 'The call was stopped.' };

/** False when the wait was cut short. */
async function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms <= 0) return true;
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}

/** Cuts a text into pieces of about `size` characters; a pair of surrogates is never torn apart. */
export function cut(text: string, size: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    piece += character;
    if (piece.length < size) continue;
    pieces.push(piece);
    piece = '';
  }
  if (piece) pieces.push(piece);
  return pieces;
}
