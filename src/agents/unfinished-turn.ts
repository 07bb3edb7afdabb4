import type { Alias, AnswerLabel, RunEvent, TurnKind } from '../events/event.ts';
import type { AssistantMessage } from '../events/message.ts';
import type { StopReason } from '../events/model-error.ts';

/** What a turn had come to when it was cut off by a crash or a cancel, so that the next one goes on from there. */
export interface UnfinishedTurn {
  kind: TurnKind;
  /** The answers that its conversation shows. */
  view: readonly AnswerLabel[];
  /** Its prompt is in the conversation. */
  isOpened: boolean;
  /** A reply that is paid for and that nothing has come of yet; null when there is none. */
  reply: UnsettledReply | null;
}

export interface UnsettledReply {
  message: AssistantMessage;
  stopReason: StopReason;
  /** Ids of its calls that have a result. */
  doneCalls: ReadonlySet<string>;
  /** Ids of its calls that were begun; those without a result may or may not have taken effect. */
  begunCalls: ReadonlySet<string>;
  /** Ids of begun calls that wait for leave, or for the moment after it: they have done nothing yet. */
  heldCalls: ReadonlySet<string>;
}

/** The last turn of every agent, where it was cut off. Pure; the events are those of the log, in order. */
export function unfinishedTurns(events: Iterable<RunEvent>): Map<Alias, UnfinishedTurn> {
  const turns = new Map<Alias, OpenRecord>();
  for (const event of events) if (event.agent !== undefined) note(turns, event.agent, event);
  return new Map(
    [...turns].map(([alias, { kind, view, isOpened, reply }]) => [alias, { kind, view, isOpened, reply }]),
  );
}

interface OpenRecord {
  kind: TurnKind;
  view: readonly AnswerLabel[];
  /** Delivered, but its message may be torn off. */
  nextView: readonly AnswerLabel[] | null;
  isOpened: boolean;
  reply: (Pick<UnsettledReply, 'message' | 'stopReason'> & Record<CallSets, Set<string>>) | null;
}

type CallSets = 'doneCalls' | 'begunCalls' | 'heldCalls';

function note(turns: Map<Alias, OpenRecord>, alias: Alias, event: RunEvent): void {
  if (event.type === 'turn.started') {
    const { kind, view } = event.data;
    const before = turns.get(alias);
    // A turn that went on with an earlier one has no prompt of its own.
    const isSequel = before !== undefined && goesOn(before, kind, view);
    turns.set(alias, isSequel ? before : { kind, view, nextView: null, isOpened: false, reply: null });
    return;
  }
  const turn = turns.get(alias);
  if (!turn) return;
  switch (event.type) {
    case 'update.delivered':
      turn.nextView = event.data.view;
      return;
    case 'context.added':
      turn.isOpened = true;
      turn.view = turn.nextView ?? turn.view;
      turn.nextView = null;
      turn.reply = null;
      return;
    case 'request.finished': {
      const { message, stopReason } = event.data;
      turn.reply = { message, stopReason, doneCalls: new Set(), begunCalls: new Set(), heldCalls: new Set() };
      return;
    }
    case 'tool.started':
      turn.reply?.begunCalls.add(event.data.call.id);
      return;
    case 'approval.requested':
      // A subagent's call is in a log of its own.
      if (event.data.subagent === undefined) turn.reply?.heldCalls.add(event.data.callId);
      return;
    case 'risk.judged':
      turn.reply?.heldCalls.add(event.data.callId);
      return;
    case 'tool.released':
      turn.reply?.heldCalls.delete(event.data.callId);
      return;
    case 'tool.finished':
      turn.reply?.doneCalls.add(event.data.callId);
      return;
    case 'call.refused': {
      const { callId } = event.data;
      if (callId !== null) turn.reply?.doneCalls.add(callId);
      // Others of its calls may still run, or hand something in.
      const isOver = callId === null || turn.reply?.message.calls.every(({ id }) => turn.reply?.doneCalls.has(id));
      if (isOver) turn.reply = null;
      return;
    }
    case 'request.started':
      turn.reply = null;
      return;
    case 'answer.submitted':
    case 'ballot.cast':
    case 'answer.presented':
    case 'agent.failed':
    case 'agent.abstained':
      turns.delete(alias);
      return;
    case 'turn.finished':
      if (event.data.outcome !== 'aborted') turns.delete(alias);
      return;
    default:
      return;
  }
}

/** True when a turn of that kind, with that view, can go on from the unfinished one. */
export function goesOn(
  unfinished: Pick<UnfinishedTurn, 'kind' | 'view' | 'isOpened'>,
  kind: TurnKind,
  view: readonly AnswerLabel[],
): boolean {
  const isSameView = view.length === unfinished.view.length && view.every((label) => unfinished.view.includes(label));
  return unfinished.isOpened && unfinished.kind === kind && isSameView;
}
