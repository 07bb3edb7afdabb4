import type { AgentSpec, TeamSpec } from '../config/team.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import { randomSeed } from '../platform/entropy.ts';
import { createPacedClock } from '../platform/paced-clock.ts';
import { createProvider } from '../providers/create.ts';
import { createRunLog } from '../runlog/create-run-log.ts';
import { createRedactor, type Redactor } from '../runlog/redact.ts';
import { calculator } from '../tools/calculator.ts';
import type { Tool } from '../tools/tool.ts';
import { startRun } from './start-run.ts';

/** A team and everything that its run is made from. The command, the API and the server all start runs with it. */
export interface TeamLaunch {
  team: TeamSpec;
  /** Undefined draws one. */
  seed: number | undefined;
  /** Pace of built-in agents; models keep their own. */
  speed: number;
  /** Absolute; the run gets a folder of its own in it. */
  runsDir: string;
  /** The whole environment, so that no secret of it is ever logged. */
  variables: Readonly<Record<string, string | undefined>>;
  version: string;
}

export interface LaunchedTeam {
  handle: RunHandle;
  /** The wall clock, also for a run whose agents live in paced time. */
  clock: Clock;
  /** Hides this run's secrets, for what is told of the run outside of its log. */
  redact: Redactor;
}

/** True for a team without any model: nothing is paid, and time is the program's own. */
export function isBuiltIn(team: TeamSpec): boolean {
  return team.agents.every(isBuiltInAgent);
}

function isBuiltInAgent({ backend }: AgentSpec): boolean {
  return backend.protocol === 'demo' || backend.protocol === 'scripted';
}

/** Starts a run on a new log. Rejects with a MassgenError when no log can be made. */
export async function launchTeam(
  { team, seed = randomSeed(), speed, runsDir, variables, version }: TeamLaunch,
  question: string,
): Promise<LaunchedTeam> {
  const real = createRealClock();
  const clock: Clock = isBuiltIn(team) ? createPacedClock({ startAt: real.now(), speed, real }) : real;
  const redact = createRedactor({ secrets: secretsOf(team, variables) });
  const log = await createRunLog({ runsDir, clock, redact });
  const handle = startRun({
    question,
    team: team.name,
    agents: team.agents,
    settings: team.settings,
    seed,
    version,
    log,
    clock,
    createProvider: (agent) => createProvider(agent.backend, { clock }),
    toolsOf: (agent): readonly Tool[] => (isBuiltInAgent(agent) ? [calculator] : []),
  });
  return { handle, clock: real, redact };
}

const SECRET_NAME = /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
const SECRET_HEADER = /(authorization|key|token|secret|cookie)/i;

/** Everything that must never be written down: keys of this team, and whatever the environment calls a secret. */
export function secretsOf(team: TeamSpec, variables: TeamLaunch['variables']): string[] {
  const named = Object.entries(variables).flatMap(([name, value]) => (value && SECRET_NAME.test(name) ? [value] : []));
  const used = team.agents.flatMap(({ backend }) => [
    ...(backend.apiKey === null ? [] : [backend.apiKey]),
    ...Object.entries(backend.headers).flatMap(([name, value]) =>
      SECRET_HEADER.test(name) ? [value, value.replace(/^\w+ /, '')] : [],
    ),
  ]);
  return [...new Set([...named, ...used])];
}
