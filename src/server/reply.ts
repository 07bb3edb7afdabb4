import type { RunResult } from '../api/result.ts';
import type { Asked } from './asked.ts';
import { HttpRefusal } from './http-refusal.ts';

/** A reply that has begun. */
export interface ReplyHead {
  asked: Asked;
  runId: string;
  /** Seconds since 1970. */
  created: number;
}

/** A run that came to an answer, and its story. */
export interface Answered {
  text: string;
  progress: readonly string[];
  result: RunResult;
}

/** One endpoint's way to write a reply. Pure; everything it returns for a stream is whole server-sent events. */
export interface ReplyFormat {
  whole(head: ReplyHead, answered: Answered): object;
  stream(head: ReplyHead): ReplyStream;
}

export interface ReplyStream {
  begin(): string;
  progress(line: string): string;
  finish(answered: Answered): string;
  /** After it nothing follows. */
  fail(refusal: HttpRefusal): string;
}

/** The final answer; throws an HttpRefusal that says why there is none. A late answer is an answer. */
export function answerOf(result: RunResult): string {
  const { finalAnswer, outcome, reason, failures } = result;
  if (finalAnswer !== null) return finalAnswer;
  const why = failures.map(({ agent, message }) => `${agent}: ${message}`);
  const message = [reason, ...why].join(' ');
  switch (outcome) {
    case 'timed-out':
      throw new HttpRefusal(504, 'timed_out', message);
    case 'cancelled':
      throw new HttpRefusal(503, 'cancelled', message);
    case 'answered':
    case 'failed':
      throw new HttpRefusal(502, 'run_failed', message);
  }
}

/** What no endpoint of OpenAI has a place for, under a name of its own. */
export function extension({ runId, outcome, winner, notice, costUsd, isCostComplete, seed }: RunResult): object {
  return {
    run_id: runId,
    outcome,
    winner: winner?.agent ?? null,
    notice,
    cost_usd: costUsd,
    cost_is_complete: isCostComplete,
    seed,
  };
}

/** One server-sent event. */
export function sseEvent(data: object | '[DONE]', event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

const PIECE_CHARS = 400;

/** A text in pieces of whole characters, for clients that show text as it comes. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + PIECE_CHARS);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd8_00 && last <= 0xdb_ff) end += 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
