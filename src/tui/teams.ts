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
}

/** One line of the team picker. */
export interface TeamChoice {
  name: string;
  /** One sentence; empty where there is nothing to say. */
  description: string;
  agents: TeamAgent[];
  /** Why the team cannot run (a full sentence); null when it can. */
  trouble: string | null;
  /** Makes the team ready. Rejects with a MassgenError, which the picker shows. */
  select(): Promise<TeamSummary>;
}
