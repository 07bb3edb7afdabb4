import { Run, type RunOptions } from './run.ts';
import type { AgentInfo } from '../events/event.ts';
import { seededRandom } from '../events/random.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { AgentSpec } from '../config/team.ts';

export interface StartOptions extends Omit<RunOptions, 'agents'> {
  question: string;
  agents: AgentSpec[];
  /** Name of the team, for people. */
  team: string;
  /** Version of the program, recorded in the log. */
  version: string;
}

/** Begins a run on a new, empty log and returns at once; everything else is told by the handle. */
export function startRun(options: StartOptions): RunHandle {
  const { question, team, settings, seed, version } = options;
  const aliases = seededRandom(`${seed}/aliases`).shuffle(options.agents.map((_, index) => `agent${index + 1}`));
  const infos = options.agents.map(({ id, backend }, index): AgentInfo => ({
    alias: aliases[index] ?? id,
    id,
    type: backend.type,
    model: backend.model,
    isModel: backend.protocol !== 'demo' && backend.protocol !== 'scripted',
  }));
  const agents = new Map(options.agents.map((spec, index) => [aliases[index] ?? spec.id, spec]));
  const run = new Run({ ...options, agents });
  run.begin({ question, team, agents: infos, settings, seed, version });
  return run;
}
