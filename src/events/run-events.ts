import type { Exchange } from './exchange.ts';
import type { CoordinationSettings } from './settings.ts';
import type {
  AgentInfo,
  Alias,
  AnswerLabel,
  BudgetUse,
  InputFile,
  Preparation,
  PreparedText,
  RunOutcome,
} from './terms.ts';
import type { Usage } from './usage.ts';

/** What happens to a run as a whole: its begin and end, its limits, what the user does with it, its preparation. See EventData. */
export interface RunEvents {
  /** Always the first event. */
  'run.started': {
    question: string;
    team: string;
    agents: AgentInfo[];
    settings: CoordinationSettings;
    seed: number;
    /** Version of the program that wrote the log. */
    version: string;
    /** The earlier questions of the session, oldest first; absent where there are none. */
    history?: Exchange[];
    /** The session that the run belongs to. */
    session?: string;
    /** Folder of the files that came with the session's last answer, absolute; agents with a workspace may read it. */
    earlierFiles?: string;
    /** Files that go along with the question; absent where there are none. */
    inputs?: InputFile[];
    /** Points of view that agents have kept from an earlier run of the session; absent where there are none. */
    personas?: Record<Alias, PreparedText>;
    /** The run that this one branched off, and the last event that it took over. */
    parent?: { run: string; seq: number };
  };
  /**
   * Somebody went on with the run after a crash or a cancel. Turns that were open are void, and so are a
   * `run.cancelled` and a `run.finished` with the outcome `cancelled` before it.
   */
  'run.resumed': { epoch: number };
  'run.cancelled': { by: 'user' | 'signal' | 'caller' };
  'deadline.reached': { limitMs: number };
  /** The time limit of the run comes near: agents are told, then left with the workflow tools. */
  'deadline.neared': { stage: 'noticed' | 'closed'; leftMs: number };
  /** The envelope's `agent` says whose own budget it is; without one it is the run's. */
  'budget.warned': BudgetUse & { percent: 50 | 80 | 95 };
  /** Nothing more of it is spent. `used` may be beyond the limit by the model calls that were in flight. */
  'budget.reached': BudgetUse;
  /** A limit in USD may be passed, since what some calls cost is unknown. Said once. */
  'budget.unpriced': { model: string; message: string };
  /** Somebody wants the answer now: no further round, and no presenter. */
  'drafting.closed': { by: 'user' | 'signal' | 'caller' };
  /** The user says something to agents; each gets it at its next safe point. */
  'message.sent': { message: string; to: Alias[]; text: string };
  /** `message` may also be the id of a question: the agent hears what it was answered, or what was said in its name. */
  'message.delivered': { turn: string; message: string };
  /** The user's own ballot. Counts like an agent's, only while `view` is current. A later one replaces it. */
  'vote.added': { choice: AnswerLabel; view: AnswerLabel[] };
  /** The user does not want this answer: it cannot win, and ballots for it are void. */
  'answer.vetoed': { label: AnswerLabel; reason: string };
  /** The user has chosen the winner; no vote is taken. */
  'vote.overridden': { label: AnswerLabel };
  /** The last event of a run that ended; only a cancelled run may go on after it, with `run.resumed`. */
  'run.finished': { outcome: RunOutcome; reason: string };

  /** A model is asked to prepare something for all agents. */
  'preparation.started': { what: Preparation };
  /** Agents without a text work without it; `problem` says why there is none. */
  'preparation.finished': {
    what: Preparation;
    texts: Record<Alias, PreparedText>;
    problem: string | null;
    usage: Usage;
    costUsd: number | null;
    /** No model was asked: it was kept from an earlier run. */
    isKept?: true;
  };
}
