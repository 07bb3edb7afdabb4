import { applyEvent } from '../coordination/apply.ts';
import { electionOf } from '../coordination/early-stop.ts';
import { gradeOf } from '../coordination/grades.ts';
import type { AskedQuestion, Ballot, RunState, Subagent } from '../coordination/state.ts';
import { agentsOf, allAnswersOf, countingBallots, elapsedMs, latestAnswer } from '../coordination/views.ts';
import type {
  Alias,
  AnswerLabel,
  EventData,
  PlannedTask,
  RunEvent,
  RunOutcome,
  TurnKind,
  TurnOutcome,
} from '../events/event.ts';
import type { Cost } from '../events/usage.ts';
import { measureAgreement, type Agreement } from '../voting/agreement.ts';
import { countWaste } from '../coordination/wasted-tokens.ts';
import { deedOf, messageDeeds, unfinishedTexts, type DeedReport, type UnfinishedText } from './run-deeds.ts';

/** Everything that `massgen inspect` tells of a run. Made from its log alone; times in milliseconds. */
export interface RunReport {
  run: string;
  question: string;
  team: string;
  startedAt: number;
  /** Null while the run is not over. */
  outcome: RunOutcome | null;
  reason: string | null;
  /** The run that it branched off, and the last event that it took over. */
  parent: { run: string; seq: number } | null;
  /** Why it had to be taken up again, each time. */
  resumedAfter: ('cancel' | 'cut-off')[];
  agents: AgentReport[];
  /** What agents asked each other and the user, oldest first. */
  asked: AskedQuestion[];
  /** Every turn of every agent, in the order in which they began. */
  turns: TurnReport[];
  /** Every version, oldest first. */
  answers: AnswerReport[];
  /** Every ballot ever cast, oldest first. */
  ballots: BallotReport[];
  /** What was done to the run beside that, oldest first. */
  deeds: DeedReport[];
  /** What models had said when they were stopped or cut off, oldest first. */
  unfinished: UnfinishedText[];
  winner: (EventData['winner.chosen'] & { id: string | null }) | null;
  final: EventData['answer.presented'] | null;
  /** What the user thinks of the final answer; null where nothing was said. */
  rating: 'up' | 'down' | null;
  /** What the grader of an evaluation says of the final answer; null where there was none. */
  grade: EventData['answer.graded'] | null;
  statistics: RunStatistics;
}

export interface AgentReport {
  alias: Alias;
  /** As in the config. */
  id: string;
  type: string;
  model: string;
  standing: 'active' | 'failed' | 'abstained';
  /** Why it is out; null while it is in. */
  trouble: string | null;
  turns: number;
  requests: number;
  answers: number;
  tokens: number;
  /** Null for a built-in agent: no model is called and nothing is paid. */
  cost: Cost | null;
  /** As it was last; empty where it made none. */
  plan: PlannedTask[];
  /** Those who worked on parts for it; what they used is part of its own. */
  subagents: SubagentReport[];
}

export interface SubagentReport {
  name: string;
  task: string;
  model: string;
  status: Subagent['status'];
  text: string;
  reason: string;
  tokens: number;
  cost: Cost | null;
  /** Of its own run, in the run's folder. */
  dir: string;
  startMs: number;
  /** Null for one that a crash cut off. */
  endMs: number | null;
}

export interface TurnReport {
  alias: Alias;
  id: string;
  kind: TurnKind;
  startMs: number;
  /** Null for a turn that is open. One that a crash has cut off ends there, without an outcome. */
  endMs: number | null;
  outcome: TurnOutcome | null;
}

export interface AnswerReport {
  label: AnswerLabel;
  id: string;
  /** Since the start of the run. */
  atMs: number;
  text: string;
  isCut: boolean;
  /** The latest of its author. */
  isCurrent: boolean;
  isWinner: boolean;
  /** What the grader of an evaluation says of it. */
  grade: EventData['answer.graded'] | null;
}

export interface BallotReport {
  voter: Alias;
  voterId: string;
  choice: AnswerLabel;
  choiceId: string | null;
  ranking: AnswerLabel[];
  reason: string;
  view: AnswerLabel[];
  atMs: number;
  /** The answer that made it void; null while it counts. */
  voidedBy: AnswerLabel | null;
  isSelfVote: boolean;
}

/** What it took to come to a point of the run. */
export interface Milestone {
  afterMs: number;
  tokens: number;
  /** Null where no model is called. */
  cost: Cost | null;
}

export interface RunStatistics {
  durationMs: number;
  tokens: number;
  /** Null where no model is called. */
  cost: Cost | null;
  answers: number;
  /** Answers beyond the first one of each agent. */
  revisions: number;
  ballots: number;
  voidBallots: number;
  refusedCalls: number;
  failedRequests: number;
  /** See `wasted-tokens.ts`. */
  wastedTokens: number;
  /** Of the ballots that count; null where no winner was voted for. */
  agreement: Agreement | null;
  tieBrokenBy: string | null;
  firstAnswer: Milestone | null;
  consensus: Milestone | null;
  finalAnswer: Milestone | null;
}

function reportSubagent(each: Subagent, startedAt: number, isPaid: boolean): SubagentReport {
  const { name, task, model, status, text, reason, usage, cost, dir } = each;
  return {
    name,
    task,
    model,
    status,
    text,
    reason,
    tokens: usage.input + usage.output,
    cost: isPaid ? cost : null,
    dir,
    startMs: each.startedAt - startedAt,
    endMs: each.finishedAt === null ? null : each.finishedAt - startedAt,
  };
}

function parentOf([first]: readonly RunEvent[]): RunReport['parent'] {
  return first?.type === 'run.started' ? (first.data.parent ?? null) : null;
}

/** Null for a log without an event. Pure; the events are those of one log, in order. */
export function reportRun(events: readonly RunEvent[]): RunReport | null {
  let state: RunState | null = null;
  let firstAnswer: Milestone | null = null;
  let consensus: Milestone | null = null;
  let finalAnswer: Milestone | null = null;
  let refusedCalls = 0;
  let failedRequests = 0;
  const turns = new Map<string, TurnReport>();
  const resumedAfter: RunReport['resumedAfter'] = [];
  const deeds: DeedReport[] = [];
  for (const event of events) {
    // A branch begins with going on from where it branched off: nothing was cut off there.
    const isBranching = event.type === 'run.resumed' && event.seq - 1 === parentOf(events)?.seq;
    if (event.type === 'run.resumed' && !isBranching) resumedAfter.push(state?.isCancelled ? 'cancel' : 'cut-off');
    state = applyEvent(state, event);
    if (event.type === 'answer.submitted') firstAnswer ??= milestoneOf(state);
    if (event.type === 'winner.chosen') consensus = milestoneOf(state);
    if (event.type === 'answer.presented') finalAnswer = milestoneOf(state);
    if (event.type === 'call.refused') refusedCalls += 1;
    if (event.type === 'request.failed') failedRequests += 1;
    noteTurn(turns, event, state);
    const deed = isBranching ? null : deedOf(event, state);
    if (deed) deeds.push(deed);
  }
  if (!state) return null;
  const answers = answersOf(state);
  const agents = agentsOf(state);
  const { startedAt, updatedAt, usage, ballots, winner, final, end } = state;
  return {
    run: state.run,
    question: state.question,
    team: state.team,
    startedAt,
    outcome: end?.outcome ?? null,
    reason: end?.reason ?? null,
    parent: parentOf(events),
    resumedAfter,
    agents: agents.map((agent) => ({
      alias: agent.info.alias,
      id: agent.info.id,
      type: agent.info.type,
      model: agent.info.model,
      standing: agent.standing,
      trouble: agent.trouble?.message ?? null,
      turns: agent.turns,
      requests: agent.requests,
      answers: allAnswersOf(agent).length,
      tokens: agent.usage.input + agent.usage.output,
      cost: agent.info.isModel ? agent.cost : null,
      plan: agent.plan,
      subagents: agent.subagents.map((each) => reportSubagent(each, state.startedAt, agent.info.isModel)),
    })),
    asked: state.asked,
    turns: [...turns.values()],
    answers,
    ballots: ballots.map((ballot) => reportBallot(state, ballot)),
    deeds: [...deeds, ...messageDeeds(state)].toSorted((a, b) => a.atMs - b.atMs),
    unfinished: unfinishedTexts(events, state),
    winner: winner && { ...winner, id: authorOf(state, winner.label)?.id ?? null },
    final: final && { text: final.text, source: final.source, mode: final.mode, notice: final.notice },
    rating: state.rating,
    grade: gradeOf(state, null),
    statistics: {
      durationMs: elapsedMs(state, updatedAt),
      tokens: usage.input + usage.output,
      cost: costOf(state),
      answers: answers.length,
      revisions: agents.reduce((sum, agent) => sum + Math.max(0, allAnswersOf(agent).length - 1), 0),
      ballots: ballots.length,
      voidBallots: ballots.filter((ballot) => ballot.voidedBy !== null).length,
      refusedCalls,
      failedRequests,
      wastedTokens: countWaste(events),
      agreement: agreementOf(state),
      tieBrokenBy: winner?.tie?.decidedBy ?? null,
      firstAnswer,
      consensus,
      finalAnswer,
    },
  };
}

function noteTurn(turns: Map<string, TurnReport>, event: RunEvent, state: RunState): void {
  const atMs = elapsedMs(state, event.at);
  if (event.type === 'run.resumed') {
    for (const [name, turn] of turns) if (turn.endMs === null) turns.set(name, { ...turn, endMs: atMs });
  }
  if (event.type === 'turn.started' && event.agent !== undefined) {
    const id = state.agents[event.agent]?.info.id ?? event.agent;
    const { turn, kind } = event.data;
    turns.set(turn, { alias: event.agent, id, kind, startMs: atMs, endMs: null, outcome: null });
  }
  if (event.type === 'turn.finished') {
    const turn = turns.get(event.data.turn);
    if (turn) turns.set(event.data.turn, { ...turn, endMs: atMs, outcome: event.data.outcome });
  }
}

function milestoneOf(state: RunState): Milestone {
  const { input, output } = state.usage;
  return { afterMs: elapsedMs(state, state.updatedAt), tokens: input + output, cost: costOf(state) };
}

function costOf(state: RunState): Cost | null {
  return agentsOf(state).some((agent) => agent.info.isModel) ? state.cost : null;
}

function answersOf(state: RunState): AnswerReport[] {
  return agentsOf(state)
    .flatMap((agent) => allAnswersOf(agent).map((answer) => ({ agent, answer })))
    .toSorted((a, b) => a.answer.seq - b.answer.seq)
    .map(({ agent, answer }) => ({
      label: answer.label,
      id: agent.info.id,
      atMs: elapsedMs(state, answer.at),
      text: answer.text,
      isCut: answer.isCut,
      isCurrent: latestAnswer(agent)?.label === answer.label,
      isWinner: state.winner?.label === answer.label,
      grade: gradeOf(state, answer.label),
    }));
}

function reportBallot(state: RunState, ballot: Ballot): BallotReport {
  const author = authorOf(state, ballot.choice);
  return {
    voter: ballot.voter,
    voterId: state.agents[ballot.voter]?.info.id ?? ballot.voter,
    choice: ballot.choice,
    choiceId: author?.id ?? null,
    ranking: ballot.ranking,
    reason: ballot.reason,
    view: ballot.view,
    atMs: elapsedMs(state, ballot.at),
    voidedBy: ballot.voidedBy,
    isSelfVote: author?.alias === ballot.voter,
  };
}

function authorOf(state: RunState, label: AnswerLabel): { id: string; alias: Alias } | null {
  const agent = agentsOf(state).find((candidate) => allAnswersOf(candidate).some((answer) => answer.label === label));
  return agent ? { id: agent.info.id, alias: agent.info.alias } : null;
}

/** Measured on the ballots that decided, or would decide now. */
function agreementOf(state: RunState): Agreement | null {
  return countingBallots(state).length === 0 ? null : measureAgreement(electionOf(state));
}
