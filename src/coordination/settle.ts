import type { Alias, EventDraft, TurnOutcome } from '../events/event.ts';
import type { AssistantMessage } from '../events/message.ts';
import type { ModelError, StopReason } from '../events/model-error.ts';
import { CUT_NOTICE, judgeReply, type Refusal, type Verdict } from './protocol.ts';
import type { AgentState, OpenTurn, RunState } from './state.ts';
import { agentOf, answerByLabel, isCutShort } from './views.ts';

/** A turn with the agent it belongs to. */
interface Seat {
  alias: Alias;
  turn: OpenTurn;
}

/**
 * What is to be recorded for a finished reply, after its ordinary tools have run. The turn is over if `turn.finished`
 * is among it; otherwise the model is to be asked again. Pure.
 */
export function settleReply(
  state: RunState,
  alias: Alias,
  reply: { message: AssistantMessage; stopReason: StopReason },
): EventDraft[] {
  const agent = agentOf(state, alias);
  if (!agent.turn) return [];
  const seat = { alias, turn: agent.turn };
  const { turn } = agent.turn;
  const verdict = judgeReply(state, agent, agent.turn, reply);
  if (seat.turn.isInterrupted && !isWelcomeLate(state, agent, verdict)) return settleInterruption(state, alias);
  switch (verdict.type) {
    case 'continue':
      if (seat.turn.refusals > state.settings.maxProtocolRetries)
        return giveUp(seat, [], 'It went on calling tools after its tool calls were used up.');
      if (seat.turn.rounds < state.settings.maxToolRounds) return [];
      return giveUp(seat, [], `It used tools for ${seat.turn.rounds} rounds without coming to an answer or a vote.`);
    case 'answer': {
      const answer: EventDraft = { type: 'answer.submitted', agent: alias, data: { turn, ...verdict.answer } };
      return [...refused(seat, verdict.refusals), answer, finished(seat, 'answered')];
    }
    case 'ballot': {
      const ballot: EventDraft = {
        type: 'ballot.cast',
        agent: alias,
        data: { turn, ballot: `ballot-${turn}`, ...verdict.ballot },
      };
      return [ballot, finished(seat, 'voted')];
    }
    case 'presented': {
      const { text, isCut } = verdict;
      // Part of an answer is worse than the whole one that was voted for.
      if (isCut && answerByLabel(state, state.winner?.label ?? '')?.isCut === false)
        return fail(seat, { kind: 'protocol', message: CUT_NOTICE });
      const notice = isCut ? CUT_NOTICE : null;
      const data = { text, source: 'presenter' as const, mode: state.settings.finalAnswer, notice };
      return [{ type: 'answer.presented', agent: alias, data }, finished(seat, 'presented')];
    }
    case 'evaluated':
      return [
        { type: 'answer.evaluated', agent: alias, data: { turn, ...verdict.evaluation } },
        finished(seat, 'evaluated'),
      ];
    case 'refused':
      return refuseOrGiveUp(state, seat, verdict.refusals, 'It did not follow the protocol');
  }
}

/**
 * The same for a reply that hands in what does not count, for a reason from outside of the run. `others` are the refusals
 * of its other calls. Pure.
 */
export function settleRefusal(
  state: RunState,
  alias: Alias,
  others: readonly Refusal[],
  refusal: Refusal,
): EventDraft[] {
  const { turn } = agentOf(state, alias);
  if (!turn) return [];
  if (turn.isInterrupted) return settleInterruption(state, alias);
  return refuseOrGiveUp(state, { alias, turn }, [...others, refusal], 'What it handed in was refused too often');
}

function refuseOrGiveUp(state: RunState, seat: Seat, refusals: readonly Refusal[], why: string): EventDraft[] {
  const { refusals: all, refusedRound, rounds } = seat.turn;
  // Other calls of the same reply may have been refused before.
  const before = refusedRound === rounds && all > 0 ? all - 1 : all;
  if (before < state.settings.maxProtocolRetries) return refused(seat, refusals);
  return giveUp(seat, refusals, `${why}: ${refusals.at(-1)?.message ?? ''}`);
}

/**
 * True for a reply that came while its round was being ended by a limit or by the user's wish for the answer: it is
 * paid for, so what it hands in counts.
 */
function isWelcomeLate(state: RunState, agent: AgentState, { type }: Verdict): boolean {
  if (!isCutShort(state) && agent.spent === null && agent.turn?.limit !== 'stopped') return false;
  return type === 'answer' || type === 'ballot' || type === 'presented';
}

/** What is to be recorded where a crash came between the last refusal that was allowed for and what follows from it. */
export function settleRefused(state: RunState, alias: Alias): EventDraft[] {
  const { turn } = agentOf(state, alias);
  if (!turn || turn.refusals <= state.settings.maxProtocolRetries) return [];
  return giveUp({ alias, turn }, [], 'It did not follow the protocol.');
}

/** What is to be recorded when an agent's model cannot be reached or cannot go on. */
export function settleFailure(state: RunState, alias: Alias, error: ModelError): EventDraft[] {
  const { turn } = agentOf(state, alias);
  return turn ? fail({ alias, turn }, error) : [];
}

/** What is to be recorded when an interrupted turn has come to its end. */
export function settleInterruption(state: RunState, alias: Alias): EventDraft[] {
  const { turn } = agentOf(state, alias);
  if (!turn) return [];
  const seat = { alias, turn };
  // A run that was cancelled can be taken up again, with a new turn that has time again.
  if (turn.limit !== 'stopped' || state.isCancelled) return [finished(seat, 'aborted')];
  return giveUp(seat, [], 'Its time for the round was over.');
}

/** An agent that cannot be brought to answer has failed; one that cannot be brought to vote abstains. */
function giveUp(seat: Seat, refusals: readonly Refusal[], reason: string): EventDraft[] {
  if (seat.turn.kind !== 'judge') return fail(seat, { kind: 'protocol', message: reason }, refusals);
  return [
    ...refused(seat, refusals),
    { type: 'agent.abstained', agent: seat.alias, data: { reason } },
    finished(seat, 'abstained'),
  ];
}

function fail(seat: Seat, error: ModelError, refusals: readonly Refusal[] = []): EventDraft[] {
  // A presenter that fails leaves the winning answer, which its agent has given in good standing.
  const out: EventDraft[] =
    seat.turn.kind === 'present' || seat.turn.kind === 'evaluate'
      ? []
      : [{ type: 'agent.failed', agent: seat.alias, data: { error } }];
  return [...refused(seat, refusals), ...out, finished(seat, 'failed')];
}

function refused({ alias, turn }: Seat, refusals: readonly Refusal[]): EventDraft[] {
  return refusals.map((refusal) => ({ type: 'call.refused', agent: alias, data: { turn: turn.turn, ...refusal } }));
}

function finished({ alias, turn }: Seat, outcome: TurnOutcome): EventDraft {
  return { type: 'turn.finished', agent: alias, data: { turn: turn.turn, outcome } };
}
