import type { EventData, EventType, RunEvent } from './event.ts';
import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

/** An event of a type that this version does not know. It stays in the log, counts in `seq`, and folds skip it. */
export interface UnknownEvent {
  v: 1;
  seq: number;
  at: number;
  run: string;
  attempt: number;
  epoch: number;
  agent?: string;
  cause?: number;
  type: string;
  data: JsonObject;
}

/** What a line of a log turned out to be. `error` says what is wrong with it, without its content. */
export type DecodedLine = { ok: RunEvent } | { unknown: UnknownEvent } | { error: string };

/** One event per line; JSON escapes every line break inside. Throws only for data that is no JSON, which is a bug. */
export function encodeEvent(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * Reads one line, with or without its line break. Never throws. The envelope is checked strictly; of `data` only
 * that it is an object, since the log is written by this program alone.
 */
export function decodeLine(line: string): DecodedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: 'it is no JSON' };
  }
  if (!isJsonObject(value)) return { error: 'it is no JSON object' };
  const wrong = findWrongField(value);
  if (wrong !== null) return { error: wrong };
  const type = value['type'] as string;
  return isEventType(type) ? { ok: value as unknown as RunEvent } : { unknown: value as unknown as UnknownEvent };
}

function findWrongField(value: JsonObject): string | null {
  if (value['v'] !== 1) {
    return typeof value['v'] === 'number' && value['v'] > 1
      ? `its version is ${value['v']}, and this program reads version 1`
      : '"v" is not 1';
  }
  if (!isCount(value['seq'], 1)) return '"seq" is no positive integer';
  if (typeof value['at'] !== 'number') return '"at" is no number';
  if (typeof value['run'] !== 'string' || value['run'] === '') return '"run" is no text';
  if (!isCount(value['attempt'], 1)) return '"attempt" is no positive integer';
  if (!isCount(value['epoch'], 1)) return '"epoch" is no positive integer';
  if (value['agent'] !== undefined && typeof value['agent'] !== 'string') return '"agent" is no text';
  if (value['cause'] !== undefined && !isCount(value['cause'], 1)) return '"cause" is no positive integer';
  if (typeof value['type'] !== 'string') return '"type" is no text';
  if (!isJsonObject(value['data'])) return '"data" is no object';
  return null;
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(TYPES, type);
}

/** A record, so that the compiler misses no type. */
const TYPES: Record<keyof EventData, true> = {
  'run.started': true,
  'run.resumed': true,
  'run.cancelled': true,
  'answer.evaluated': true,
  'approval.requested': true,
  'approval.decided': true,
  'tool.released': true,
  'risk.judged': true,
  'hook.finished': true,
  'question.asked': true,
  'question.answered': true,
  'action.proposed': true,
  'action.begun': true,
  'action.ended': true,
  'actions.left': true,
  'plan.changed': true,
  'subagent.started': true,
  'subagent.worked': true,
  'subagent.finished': true,
  'nested.counted': true,
  'changes.begun': true,
  'changes.proposed': true,
  'changes.decided': true,
  'changes.applied': true,
  'changes.undone': true,
  'answer.rated': true,
  'answer.graded': true,
  'attempt.started': true,
  'deadline.reached': true,
  'deadline.neared': true,
  'turn.limited': true,
  'preparation.started': true,
  'preparation.finished': true,
  'budget.warned': true,
  'budget.reached': true,
  'budget.unpriced': true,
  'drafting.closed': true,
  'message.sent': true,
  'message.delivered': true,
  'vote.added': true,
  'answer.vetoed': true,
  'vote.overridden': true,
  'run.finished': true,
  'turn.started': true,
  'turn.finished': true,
  'turn.interrupted': true,
  'context.added': true,
  'update.delivered': true,
  'request.delayed': true,
  'model.switched': true,
  'request.started': true,
  'text.appended': true,
  'reasoning.appended': true,
  'request.finished': true,
  'request.failed': true,
  'tool.started': true,
  'tool.progressed': true,
  'tool.finished': true,
  'builtin.used': true,
  'builtin.returned': true,
  'source.cited': true,
  'file.received': true,
  'call.refused': true,
  'answer.submitted': true,
  'tools.prepared': true,
  'snapshot.taken': true,
  'snapshot.restored': true,
  'ballot.cast': true,
  'agent.failed': true,
  'agent.abstained': true,
  'winner.chosen': true,
  'answer.presented': true,
};

/** Every event type that this version writes. */
export const EVENT_TYPES: readonly EventType[] = Object.keys(TYPES).filter(isEventType);
