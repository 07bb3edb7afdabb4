import { actionsOf, leftActions } from './actions.ts';
import type { Alias, AnswerLabel, EventDraft, Preparation, TurnKind } from '../events/event.ts';
import { seededRandom } from '../events/random.ts';
import { tally } from '../voting/tally.ts';
import { budgetEvent, limitText } from './budget.ts';
import { isDivided, isReady, joinedParts, mergerOf, neededAnswers, owesPart } from './division.ts';
import { CUT_NOTICE } from './protocol.ts';
import { nextPreparation } from './preparation.ts';
import { electionOf, whySettled } from './early-stop.ts';
import { nextChange } from './file-changes.ts';
import type { AgentState, OpenTurn, RunState } from './state.ts';
import {
  agentsOf,
  answerByLabel,
  countingBallots,
  currentAnswers,
  hasCountingBallot,
  isActive,
  isCutShort,
  isDraftingOver,
  mayAnswer,
  textToEvaluate,
} from './views.ts';

/**
 * The next thing to do. Starting or interrupting a turn is recorded at once, so each of them changes the state, and
 * doing what `decide` says until it says null always ends.
 */
export type Effect =
  | { do: 'record'; event: EventDraft }
  | { do: 'prepare'; what: Preparation }
  | { do: 'start-turn'; alias: Alias; kind: TurnKind; view: AnswerLabel[] }
  | { do: 'interrupt-turn'; alias: Alias; turn: string }
  | { do: 'change-files'; step: 'propose' | 'apply' };

/**
 * What follows from the state, or null when the run waits for an agent, or is over. Pure, and a function of the
 * state alone: whoever folds the same log, at whatever moment and in whatever process, decides the same.
 */
export function decide(state: RunState): Effect | null {
  if (state.end) return null;
  if (state.isCancelled) return onceQuiet(state, () => finish('cancelled', 'The run was cancelled.'));
  const budget = state.final && !isEvaluating(state) ? null : budgetEvent(state);
  if (budget) return { do: 'record', event: budget };
  if (state.final) return afterPresenting(state);
  if (state.winner) return present(state);
  if (state.override !== null) return onceQuiet(state, () => chooseOverride(state));
  if (isOutOfTime(state)) return onceQuiet(state, () => decideEarly(state));
  const overdue = stopOverdue(state);
  if (overdue) return overdue;
  const retiring = retire(state);
  if (retiring) return retiring;
  if (state.order.length === 1) return decideAlone(state);
  if (!agentsOf(state).some(isActive)) return onceQuiet(state, () => decideWithoutAgents(state));
  if (state.settings.firstAnswerWins && !isDivided(state) && hasChoice(state))
    return onceQuiet(state, () => chooseFirst(state, 'No vote was wanted, so the first answer was taken.'));
  if (!isDraftingOver(state)) return draft(state);
  return isDivided(state) ? onceQuiet(state, () => chooseMerger(state, '')) : judge(state);
}

/** Limits end a run at once; the wish for the answer waits for the first one. */
function isOutOfTime(state: RunState): boolean {
  return isCutShort(state) && (!state.isClosed || state.isDeadlineReached || state.spent !== null || hasChoice(state));
}

function hasChoice(state: RunState): boolean {
  return currentAnswers(state).length > 0;
}

/** A turn whose time is over is stopped; what becomes of its agent is settled at its end. */
function stopOverdue(state: RunState): Effect | null {
  for (const { info, turn } of agentsOf(state)) {
    if (turn?.limit === 'stopped' && !turn.isInterrupted)
      return { do: 'interrupt-turn', alias: info.alias, turn: turn.turn };
  }
  return null;
}

/**
 * An agent whose own budget is used up stops, and is out unless nothing more is asked of it. What it has handed in
 * stays.
 */
function retire(state: RunState): Effect | null {
  for (const agent of agentsOf(state)) {
    if (!isActive(agent) || agent.spent === null || hasCountingBallot(agent)) continue;
    const { alias } = agent.info;
    if (agent.turn && !agent.turn.isInterrupted) return { do: 'interrupt-turn', alias, turn: agent.turn.turn };
    if (agent.turn || (state.order.length === 1 && agent.answers.length > 0)) continue;
    const reason = `Its budget of ${limitText(agent.spent)} is used up.`;
    const event: EventDraft =
      agent.answers.length > 0
        ? { type: 'agent.abstained', agent: alias, data: { reason } }
        : { type: 'agent.failed', agent: alias, data: { error: { kind: 'quota', message: reason } } };
    return { do: 'record', event };
  }
  return null;
}

function decideAlone(state: RunState): Effect | null {
  const [agent] = agentsOf(state);
  if (!agent || agent.turn) return null;
  if (agent.answers.length > 0) return chooseOnlyAnswer(state);
  return isActive(agent) ? { do: 'start-turn', alias: agent.info.alias, kind: 'solo', view: [] } : finishFailed(state);
}

function draft(state: RunState): Effect | null {
  const preparation = nextPreparation(state);
  if (preparation !== null) return preparation === 'wait' ? null : { do: 'prepare', what: preparation };
  const idle = agentsOf(state).find(
    (agent) =>
      !agent.turn && (isDivided(state) ? isPartDue(state, agent) : isActive(agent) && agent.answers.length === 0),
  );
  if (!idle) return null;
  const { alias } = idle.info;
  return { do: 'start-turn', alias, kind: 'draft', view: neededAnswers(state, alias) };
}

function isPartDue(state: RunState, agent: AgentState): boolean {
  return owesPart(state, agent) && isReady(state, agent.info.alias);
}

/** Where the work was divided no vote is taken: all parts belong to the answer. */
function chooseMerger(state: RunState, preface: string): Effect | null {
  const answer = mergerOf(state);
  if (!answer) return finishFailed(state);
  const scores = currentAnswers(state).map(({ label }) => ({ label, score: 0, firstChoices: 0 }));
  const reason = join(preface, 'The work was divided, and its author puts the parts together.');
  const data = { label: answer.label, rule: 'division' as const, scores, tie: null, ballots: 0, reason };
  return { do: 'record', event: { type: 'winner.chosen', agent: answer.alias, data } };
}

function judge(state: RunState): Effect | null {
  const answers = currentAnswers(state);
  if (answers.length === 1) return onceQuiet(state, () => chooseOnlyAnswer(state));
  const stale = agentsOf(state).find((agent) => isRestartDue(state, agent));
  if (stale?.turn) return { do: 'interrupt-turn', alias: stale.info.alias, turn: stale.turn.turn };
  const judges = agentsOf(state).filter(isActive);
  const drafting = judges.find(({ turn }) => turn?.kind === 'draft' && !turn.isInterrupted);
  if (drafting?.turn) return { do: 'interrupt-turn', alias: drafting.info.alias, turn: drafting.turn.turn };
  const enough = whyEnough(state);
  if (enough !== null) return onceQuiet(state, () => chooseByVote(state, enough));
  const undecided = judges.find((agent) => !agent.turn && !hasCountingBallot(agent));
  if (undecided) return isPoolMoving(state) ? null : startJudging(state, undecided);
  if (judges.some((agent) => agent.turn)) return null;
  return chooseByVote(state, '');
}

/** Why the vote may end before everybody has voted; null when it may not. */
function whyEnough(state: RunState): string | null {
  const { quorum } = state.settings;
  const owing = agentsOf(state).some((agent) => isActive(agent) && !hasCountingBallot(agent));
  if (!owing) return null;
  if (quorum !== null && countingBallots(state).length >= quorum) return `The quorum of ${quorum} was reached.`;
  return whySettled(state);
}

/**
 * True while a turn that began before the latest answer could still bring another one. Asking anybody to judge
 * now would be paid for twice, so it waits.
 */
function isPoolMoving(state: RunState): boolean {
  const latest = Math.max(...currentAnswers(state).map((answer) => answer.seq));
  return agentsOf(state).some(
    (agent) =>
      agent.turn !== null &&
      agent.turn.seq < latest &&
      !agent.turn.isInterrupted &&
      isActive(agent) &&
      mayAnswer(state, agent),
  );
}

/** With restarting updates, an agent that judges answers which are no longer current begins anew. */
function isRestartDue(state: RunState, { turn }: AgentState): boolean {
  return (
    state.settings.updates === 'restart' && turn?.kind === 'judge' && !turn.isInterrupted && !hasSeenAll(state, turn)
  );
}

/** True when the agent's view holds every current answer. */
function hasSeenAll(state: RunState, turn: OpenTurn): boolean {
  return currentAnswers(state).every((answer) => turn.view.includes(answer.label));
}

/** True at a safe point of an agent that is to hear now of answers which it has not seen. */
export function isUpdateDue(state: RunState, turn: OpenTurn): boolean {
  const { updates, maxUpdatesPerTurn } = state.settings;
  if (turn.kind !== 'judge' || updates !== 'inject') return false;
  return (maxUpdatesPerTurn === null || turn.updates < maxUpdatesPerTurn) && !hasSeenAll(state, turn);
}

function startJudging(state: RunState, agent: AgentState): Effect {
  return { do: 'start-turn', alias: agent.info.alias, kind: 'judge', view: viewFor(state, agent.info.alias) };
}

/**
 * The current answers in the order in which this agent is to see them. Every agent has its own order, drawn anew
 * for each view, since models favour the first and the last place.
 */
export function viewFor(state: RunState, alias: Alias): AnswerLabel[] {
  const labels = currentAnswers(state).map((answer) => answer.label);
  return seededRandom(`${state.seed}/view/${alias}/${labels.join()}`).shuffle(labels);
}

function chooseOnlyAnswer(state: RunState): Effect | null {
  const [answer] = currentAnswers(state);
  if (!answer) return finishFailed(state);
  return {
    do: 'record',
    event: {
      type: 'winner.chosen',
      agent: answer.alias,
      data: {
        label: answer.label,
        rule: 'only-answer',
        scores: [{ label: answer.label, score: 0, firstChoices: 0 }],
        tie: null,
        ballots: 0,
        reason:
          state.order.length === 1
            ? 'It is the answer of the only agent.'
            : Object.keys(state.vetoes).length > 0
              ? 'It is the only answer that was not vetoed; no vote was needed.'
              : 'It is the only answer; no vote was needed.',
      },
    },
  };
}

/** `preface` says why the vote is taken before everybody has voted. */
function chooseByVote(state: RunState, preface: string): Effect | null {
  const result = tally(electionOf(state));
  if (!result) return chooseFallback(state, preface);
  const winner = answerByLabel(state, result.label);
  return {
    do: 'record',
    event: {
      type: 'winner.chosen',
      ...(winner && { agent: winner.alias }),
      data: { ...result, reason: join(preface, result.reason) },
    },
  };
}

function chooseFallback(state: RunState, preface: string): Effect | null {
  return chooseFirst(state, join(preface, 'No ballot counts, so the earliest of the current answers was taken.'));
}

function chooseFirst(state: RunState, reason: string): Effect | null {
  const [first] = currentAnswers(state).toSorted((a, b) => a.seq - b.seq);
  if (!first) return finishFailed(state);
  return {
    do: 'record',
    event: {
      type: 'winner.chosen',
      agent: first.alias,
      data: {
        label: first.label,
        rule: 'fallback',
        scores: currentAnswers(state).map(({ label }) => ({ label, score: 0, firstChoices: 0 })),
        tie: null,
        ballots: 0,
        reason,
      },
    },
  };
}

/** The user's word; the agents were not asked. */
function chooseOverride(state: RunState): Effect | null {
  const answer = answerByLabel(state, state.override ?? '');
  if (!answer) return finishFailed(state);
  const scores = currentAnswers(state).map(({ label }) => ({ label, score: 0, firstChoices: 0 }));
  const ballots = countingBallots(state).length;
  const reason = 'The user chose this answer.';
  const data = { label: answer.label, rule: 'override' as const, scores, tie: null, ballots, reason };
  return { do: 'record', event: { type: 'winner.chosen', agent: answer.alias, data } };
}

/** A limit was reached, or the user wants the answer now: what counts decides, else a stated fallback. */
function decideEarly(state: RunState): Effect | null {
  const answers = currentAnswers(state);
  const why = whyCutShort(state);
  if (answers.length === 0)
    return (
      presentPrevious(state) ?? finish(state.isDeadlineReached ? 'timed-out' : 'failed', join(why, whyNoAnswer(state)))
    );
  if (isDivided(state)) return chooseMerger(state, why);
  return answers.length === 1 ? chooseOnlyAnswer(state) : chooseByVote(state, why);
}

function whyNoAnswer(state: RunState): string {
  return hasAnyAnswer(state) ? 'Every answer was vetoed.' : 'No agent had answered before.';
}

/** Also one that was vetoed. */
function hasAnyAnswer(state: RunState): boolean {
  return agentsOf(state).some((agent) => agent.answers.length > 0);
}

/** A sentence that says why no further round begins. */
function whyCutShort(state: RunState): string {
  if (state.isDeadlineReached) return 'The time limit was reached.';
  return state.spent
    ? `The run's budget of ${limitText(state.spent)} is used up.`
    : 'The answer was asked for before the vote was over.';
}

function decideWithoutAgents(state: RunState): Effect | null {
  const answers = currentAnswers(state);
  if (answers.length === 0) return finishFailed(state);
  if (isDivided(state)) return chooseMerger(state, '');
  return answers.length === 1 ? chooseOnlyAnswer(state) : chooseByVote(state, '');
}

/** After the winner is known: at most one presenter, and the winning answer where there is none or it fails. */
function present(state: RunState): Effect | null {
  const overdue = stopOverdue(state);
  if (overdue) return overdue;
  const presenter = agentsOf(state).find((agent) => agent.turn?.kind === 'present');
  if (presenter && presenter.spent === null && !isCutShort(state)) return null;
  return onceQuiet(state, () => presentNow(state));
}

function presentNow(state: RunState): Effect | null {
  const label = state.winner?.label ?? '';
  const winner = agentsOf(state).find((agent) => agent.answers.some((answer) => answer.label === label));
  if (!winner) return finishFailed(state);
  const { alias } = winner.info;
  const notice = noticeOf(state, winner);
  if (notice === undefined) return { do: 'start-turn', alias, kind: 'present', view: viewFor(state, alias) };
  const own = winner.answers.find((answer) => answer.label === label);
  // The user's choice is one answer, also where each is a part.
  const text = state.winner?.rule === 'division' ? joinedParts(state) : (own?.text ?? '');
  const said = join(notice ?? '', own?.isCut ? CUT_NOTICE : '') || null;
  const data = { text, source: 'winning-answer' as const, mode: state.settings.finalAnswer, notice: said };
  return { do: 'record', event: { type: 'answer.presented', agent: alias, data } };
}

/** Why the winning answer itself is the final one; null when that is what was asked for, undefined when a presenter is due. */
function noticeOf(state: RunState, winner: AgentState): string | null | undefined {
  if (state.order.length === 1) return null;
  if (state.spent) return `${whyCutShort(state)} This is the winning answer as it was submitted.`;
  // What was planned is done by the presenter, so that one is due.
  const isPlanned = actionsOf(state, state.winner?.label ?? '').length > 0;
  if (state.settings.finalAnswer === 'reuse' && !isPlanned) return null;
  if (state.isDeadlineReached) return 'The time limit was reached, so this is the winning answer as it was submitted.';
  if (state.isClosed) return 'The answer was asked for at once, so this is the winning answer as it was submitted.';
  if (winner.spent)
    return `The winning agent has used up its budget of ${limitText(winner.spent)}, so this is its answer as it was submitted.`;
  if (state.hasPresenter) return 'The presenter did not finish, so this is the winning answer as it was submitted.';
  if (!isActive(winner)) return 'The winning agent is no longer available, so this is its answer as it was submitted.';
  return undefined;
}

/**
 * Where restarts are allowed, an agent other than the author says whether the answer is good enough, and the work
 * begins anew if it is not. Whoever cannot be asked, or says nothing usable, leaves the answer as it is.
 */
function afterPresenting(state: RunState): Effect | null {
  if (isCutShort(state)) return onceQuiet(state, () => finishPresented(state));
  const overdue = stopOverdue(state);
  if (overdue) return overdue;
  if (agentsOf(state).some((agent) => agent.turn)) return null;
  const { attempt, evaluation } = state;
  if (attempt > state.settings.maxRestarts || evaluation?.isGood) return finishPresented(state);
  if (evaluation) {
    const { reason, instructions } = evaluation;
    const feedback = { reason, instructions, previous: textToEvaluate(state) };
    const data = { attempt: attempt + 1, feedback, ...(evaluation.keep && { kept: evaluation.keep }) };
    return { do: 'record', event: { type: 'attempt.started', data } };
  }
  const alias = state.hasEvaluator ? null : evaluatorOf(state);
  return alias === null ? finishPresented(state) : { do: 'start-turn', alias, kind: 'evaluate', view: [] };
}

/** Anybody but the author; the author itself only where nobody else is left. */
function evaluatorOf(state: RunState): Alias | null {
  const active = agentsOf(state).flatMap((agent) => (isActive(agent) && agent.spent === null ? agent.info.alias : []));
  const author = answerByLabel(state, state.winner?.label ?? '')?.alias;
  const others = active.filter((alias) => alias !== author);
  const [first] = seededRandom(`${state.seed}/evaluator/${state.attempt}`).shuffle(others.length > 0 ? others : active);
  return first ?? null;
}

function isEvaluating(state: RunState): boolean {
  return agentsOf(state).some((agent) => agent.turn?.kind === 'evaluate');
}

/** What an attempt without any answer falls back to: nothing that was presented is lost. */
function presentPrevious({ feedback, attempt, settings }: RunState): Effect | null {
  if (!feedback) return null;
  const notice = `Attempt ${attempt} came to no answer, so this is the answer of the attempt before it.`;
  const data = { text: feedback.previous, source: 'winning-answer' as const, mode: settings.finalAnswer, notice };
  return { do: 'record', event: { type: 'answer.presented', data } };
}

function finishPresented(state: RunState): Effect | null {
  const left = leftActions(state);
  if (left) return { do: 'record', event: left };
  const change = nextChange(state);
  if (change !== null) return change === 'wait' ? null : change;
  if (state.isDeadlineReached)
    return finish('timed-out', 'The time limit was reached; the best answer so far was presented.');
  if (state.spent) return finish('answered', `${whyCutShort(state)} The best answer so far was presented.`);
  return finish('answered', 'The final answer was presented.');
}

function finishFailed(state: RunState): Effect | null {
  return onceQuiet(state, () => {
    const reasons = agentsOf(state).flatMap((agent) =>
      agent.trouble ? [`${agent.info.id}: ${agent.trouble.message}`] : [],
    );
    return (
      presentPrevious(state) ??
      finish('failed', join(hasAnyAnswer(state) ? whyNoAnswer(state) : 'No agent could answer.', ...reasons))
    );
  });
}

function finish(outcome: 'answered' | 'failed' | 'timed-out' | 'cancelled', reason: string): Effect {
  return { do: 'record', event: { type: 'run.finished', data: { outcome, reason } } };
}

/** Does the next thing when no turn is open any more; until then interrupts the open ones and waits for their end. */
function onceQuiet(state: RunState, next: () => Effect | null): Effect | null {
  const open = agentsOf(state).flatMap((agent) => (agent.turn ? [{ alias: agent.info.alias, turn: agent.turn }] : []));
  const running = open.find(({ turn }) => !turn.isInterrupted);
  if (running) return { do: 'interrupt-turn', alias: running.alias, turn: running.turn.turn };
  return open.length > 0 ? null : next();
}

function join(...sentences: string[]): string {
  return sentences.filter(Boolean).join(' ');
}
