import type { Cost } from '../events/usage.ts';

/** What the screens say about a team before it runs. */
export interface TeamSummary {
  /** For people: the file's name, `demo team`. */
  name: string;
  agents: TeamAgent[];
}

export interface TeamAgent {
  id: string;
  model: string;
  /** False for built-in agents: no model is called and nothing is paid. */
  isModel: boolean;
  /** What it may do beside answering, a word or two each. */
  tools?: string[];
}

/** One line of the team picker. */
export interface TeamChoice {
  name: string;
  /** One sentence; empty where there is nothing to say. */
  description: string;
  agents: TeamAgent[];
  /** Why the team cannot run (full sentences, a line each); null when it can. */
  trouble: string | null;
  /** Where it comes from: `this folder`, `.massgen`, `yours`, `ready`, `built in`. */
  origin?: string;
  /** Keys that are missing: the variables that would do, and the agents that wait for them. */
  missing?: readonly { variables: readonly string[]; agents: readonly string[] }[];
  /** How the team works, a line each. */
  settings?: readonly string[];
  /** What a question may cost; null where nothing is paid. Never rejects. */
  estimate?: () => Promise<Cost | null>;
  /** Makes the team ready. Rejects with a MassgenError, which the picker shows. */
  select(): Promise<TeamSummary>;
}
