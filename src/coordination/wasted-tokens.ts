import type { RunEvent } from '../events/event.ts';

/**
 * Tokens that were paid for and led to nothing: calls that failed, turns that were interrupted or failed, replies whose
 * workflow calls were refused, and turns that ended in a ballot which a later answer made void. Pure.
 */
export function countWaste(events: readonly RunEvent[]): number {
  const turns = new Map<string, { tokens: number; lastReply: number }>();
  /** Tokens of turns that ended in a ballot which counts so far. */
  let ballotTokens: number[] = [];
  let wasted = 0;
  for (const event of events) {
    switch (event.type) {
      case 'request.finished': {
        const turn = turns.get(event.data.turn) ?? { tokens: 0, lastReply: 0 };
        const tokens = event.data.usage.input + event.data.usage.output;
        turns.set(event.data.turn, { tokens: turn.tokens + tokens, lastReply: tokens });
        break;
      }
      case 'request.failed':
        wasted += event.data.usage.input + event.data.usage.output;
        break;
      case 'call.refused': {
        // Several refused calls of one reply are wasted once.
        const turn = turns.get(event.data.turn);
        if (!turn) break;
        wasted += turn.lastReply;
        turns.set(event.data.turn, { tokens: turn.tokens - turn.lastReply, lastReply: 0 });
        break;
      }
      case 'ballot.cast':
        ballotTokens.push(turns.get(event.data.turn)?.tokens ?? 0);
        break;
      case 'answer.submitted':
        wasted += ballotTokens.reduce((sum, tokens) => sum + tokens, 0);
        ballotTokens = [];
        break;
      case 'turn.finished':
        if (event.data.outcome === 'aborted' || event.data.outcome === 'failed' || event.data.outcome === 'abstained')
          wasted += turns.get(event.data.turn)?.tokens ?? 0;
        break;
      default:
        break;
    }
  }
  return wasted;
}
