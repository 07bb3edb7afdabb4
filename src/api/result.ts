import type { RunState } from '../coordination/state.ts';
import { agentsOf, allAnswersOf, answerByLabel, elapsedMs, latestAnswer } from '../coordination/views.ts';
import type { EventData, RunOutcome } from '../events/event.ts';
import type { Usage } from '../events/usage.ts';
import { exitCodeOf } from '../headless/exit-code.ts';
import { authorId } from '../headless/winner-id.ts';
import type { ExitCode } from '../platform/errors.ts';

/** How a run ended, and everything that it came to. Agents stand under their ids in the config. */
export interface RunResult {
  outcome: RunOutcome;
  /** The outcome in a sentence. */
  reason: string;
  /** What the command would exit with. */
  exitCode: ExitCode;
  /** Null when there is none: nobody answered, or the run was cancelled before. */
  finalAnswer: string | null;
  /** Why the final answer is not what was asked for; null when it is. */
  notice: string | null;
  winner: WinnerReport | null;
  /** Every ballot that was cast, oldest first. */
  votes: VoteReport[];
  /** Every version of every answer, oldest first. */
  answers: AnswerReport[];
  /** The names that agents have among each other (`agent1`, `agent2` …), to ids. */
  aliasMap: Record<string, string>;
  /** Agents that went out, and why. */
  failures: { agent: string; kind: string; message: string }[];
  /** Sum over all model calls. */
  usage: Usage;
  /** In USD; without the calls whose price is unknown. */
  costUsd: number;
  /** False when a price was unknown, so `costUsd` is a lower bound. */
  isCostComplete: boolean;
  durationMs: number;
  /** Repeats what was left to chance in this run. */
  seed: number;
  runId: string;
  /** The run's folder, absolute: `run.jsonl`, `status.json`, the answers. */
  runDir: string;
  /** The session that the run is a turn of; null without one. */
  sessionId: string | null;
}

export interface WinnerReport {
  agent: string;
  /** The version of the answer that won, e.g. `agent2.1`. */
  label: string;
  rule: EventData['winner.chosen']['rule'];
  reason: string;
  tie: EventData['winner.chosen']['tie'];
}

export interface VoteReport {
  voter: string;
  /** The author of the answer voted for. */
  choice: string;
  label: string;
  /** Labels, best first. */
  ranking: string[];
  reason: string;
  /** False for a ballot that a newer answer made void. */
  counts: boolean;
}

export interface AnswerReport {
  label: string;
  agent: string;
  text: string;
  /** False when its author handed in a newer version. */
  isCurrent: boolean;
  /** The model ran out of tokens while it wrote. */
  isCut: boolean;
}

/** The result of a run that ended. Pure. */
export function toResult(state: RunState, { dir, session }: { dir: string; session: string | null }): RunResult {
  const authorOf = (label: string): string => authorId(state, label) ?? label;
  const { winner } = state;
  return {
    outcome: state.end?.outcome ?? 'failed',
    reason: state.end?.reason ?? 'The run did not end.',
    exitCode: exitCodeOf(state),
    finalAnswer: state.final?.text ?? null,
    notice: state.final?.notice ?? null,
    winner: winner && {
      agent: authorOf(winner.label),
      label: winner.label,
      rule: winner.rule,
      reason: winner.reason,
      tie: winner.tie,
    },
    votes: state.ballots.map((ballot) => ({
      voter: state.agents[ballot.voter]?.info.id ?? ballot.voter,
      choice: authorOf(ballot.choice),
      label: ballot.choice,
      ranking: [...ballot.ranking],
      reason: ballot.reason,
      counts: isCounting(state, ballot.id),
    })),
    answers: agentsOf(state)
      .flatMap(allAnswersOf)
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ label, alias, text, isCut }) => ({
        label,
        agent: state.agents[alias]?.info.id ?? alias,
        text,
        isCurrent: isCurrent(state, label),
        isCut,
      })),
    aliasMap: Object.fromEntries(agentsOf(state).map(({ info }) => [info.alias, info.id])),
    failures: agentsOf(state).flatMap(({ info, trouble }) =>
      trouble ? [{ agent: info.id, kind: trouble.kind, message: trouble.message }] : [],
    ),
    usage: state.usage,
    costUsd: state.cost.usd,
    isCostComplete: state.cost.isComplete,
    durationMs: elapsedMs(state, state.updatedAt),
    seed: state.seed,
    runId: state.run,
    runDir: dir,
    sessionId: session,
  };
}

/** Only the last ballot of a voter can count. */
function isCounting(state: RunState, id: string): boolean {
  return agentsOf(state).some(({ ballot }) => ballot !== null && ballot.id === id && ballot.voidedBy === null);
}

function isCurrent(state: RunState, label: string): boolean {
  const answer = answerByLabel(state, label);
  const author = answer && state.agents[answer.alias];
  return author !== null && author !== undefined && latestAnswer(author)?.label === label;
}
