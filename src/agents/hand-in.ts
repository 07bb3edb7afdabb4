import { aliasOfLabel, NEW_ANSWER, VOTE, type Refusal } from '../coordination/protocol.ts';
import { settleRefusal } from '../coordination/settle.ts';
import type { EventDraft } from '../events/event.ts';
import type { JsonObject } from '../events/json.ts';
import type { TurnContext } from './turn-context.ts';

/** What a reply hands in, as its hooks see it. */
interface HandedIn {
  point: 'answer' | 'vote';
  about: JsonObject;
  callId: string | null;
  /** Of the tool that it was handed in with; null for text. */
  name: string | null;
}

/**
 * Asks the hooks about what a settled reply hands in. Resolves with what is to be recorded in place of it where it does
 * not count, worked out from the state as it is then; null where it counts, or there is nothing to ask about.
 */
export async function askHooks(
  context: TurnContext,
  settled: readonly EventDraft[],
): Promise<(() => EventDraft[]) | null> {
  const { hooks, alias, kind, asks } = context;
  const handed = hooks && settled.map(handedIn).find((each) => each !== null);
  if (!handed) return null;
  const view = context.state().agents[alias]?.turn?.view ?? [];
  const { signal, close } = untilCancelled(context);
  const occasion = { signal, turn: { kind, view }, ...(asks && { asks }) };
  const reason = await hooks.refuse(handed.point, handed.about, occasion).finally(close);
  if (reason === null) return null;
  const what = handed.point === 'vote' ? 'This vote does not count' : 'This answer does not count';
  const refusal: Refusal = { callId: handed.callId, name: handed.name, code: 'hook', message: `${what}: ${reason}` };
  return () => settleRefusal(context.state(), alias, settled.flatMap(refusalIn), refusal);
}

function handedIn({ type, data }: EventDraft): HandedIn | null {
  switch (type) {
    case 'answer.submitted': {
      const { label, text, callId } = data;
      const name = callId === null ? null : NEW_ANSWER;
      return { point: 'answer', about: { answer: label, text, is_final: false }, callId, name };
    }
    case 'answer.presented':
      return { point: 'answer', about: { answer: null, text: data.text, is_final: true }, callId: null, name: null };
    case 'ballot.cast': {
      const { choice, ranking, reason, callId } = data;
      const about = { choice, choice_agent: aliasOfLabel(choice), ranking, reason };
      return { point: 'vote', about, callId, name: VOTE };
    }
    default:
      return null;
  }
}

function refusalIn({ type, data }: EventDraft): Refusal[] {
  if (type !== 'call.refused') return [];
  const { turn: _, ...refusal } = data;
  return [refusal];
}

/** What is handed in as a round is ended still counts, so its hooks are still asked; a run that was cancelled ends at once. */
function untilCancelled(context: TurnContext): { signal: AbortSignal; close: () => void } {
  const { signal } = context;
  const stop = new AbortController();
  const look = (): void => {
    if (context.state().isCancelled) stop.abort(new Error('The run was cancelled.'));
  };
  signal.addEventListener('abort', look);
  if (signal.aborted) look();
  return { signal: stop.signal, close: () => signal.removeEventListener('abort', look) };
}
