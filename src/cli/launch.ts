import type { AgentSpec, TeamSpec } from '../config/team.ts';
import { startRun } from '../engine/start-run.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { keepRunFiles, type RunFiles } from '../headless/run-files.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import { randomSeed } from '../platform/entropy.ts';
import { createPacedClock } from '../platform/paced-clock.ts';
import { runsFolder } from '../platform/paths.ts';
import { createProvider } from '../providers/create.ts';
import { createRunLog } from '../runlog/create-run-log.ts';
import { createRedactor } from '../runlog/redact.ts';
import { calculator } from '../tools/calculator.ts';
import type { Tool } from '../tools/tool.ts';

/** A team and how it is to be run. */
export interface Launch {
  team: TeamSpec;
  /** Undefined draws one. */
  seed: number | undefined;
  /** Pace of built-in agents; models keep their own. */
  speed: number;
  cwd: string;
  /** The whole environment, so that no secret of it is ever logged. */
  variables: Readonly<Record<string, string | undefined>>;
  version: string;
  /** Told, in a full sentence, what went wrong beside the run. */
  onProblem: (message: string) => void;
}

export interface LaunchedRun {
  handle: RunHandle;
  files: RunFiles;
}

/** True for a team without any model: nothing is paid, and time is the program's own. */
export function isBuiltIn(team: TeamSpec): boolean {
  return team.agents.every(isBuiltInAgent);
}

function isBuiltInAgent({ backend }: AgentSpec): boolean {
  return backend.protocol === 'demo' || backend.protocol === 'scripted';
}

/** Starts a run on a new log. Rejects with a MassgenError when no log can be made. */
export async function launch(
  { team, seed = randomSeed(), speed, cwd, variables, version, onProblem }: Launch,
  question: string,
): Promise<LaunchedRun> {
  const real = createRealClock();
  const clock: Clock = isBuiltIn(team) ? createPacedClock({ startAt: real.now(), speed, real }) : real;
  const redact = createRedactor({ secrets: secretsOf(team, variables) });
  const log = await createRunLog({ runsDir: runsFolder(cwd), clock, redact });
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
  return { handle, files: keepRunFiles(handle, { clock: real, onProblem }) };
}

const SECRET_NAME = /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
const SECRET_HEADER = /(authorization|key|token|secret|cookie)/i;

/** Everything that must never be written down: keys of this team, and whatever the environment calls a secret. */
export function secretsOf(team: TeamSpec, variables: Launch['variables']): string[] {
  const named = Object.entries(variables).flatMap(([name, value]) => (value && SECRET_NAME.test(name) ? [value] : []));
  const used = team.agents.flatMap(({ backend }) => [
    ...(backend.apiKey === null ? [] : [backend.apiKey]),
    ...Object.entries(backend.headers).flatMap(([name, value]) =>
      SECRET_HEADER.test(name) ? [value, value.replace(/^\w+ /, '')] : [],
    ),
  ]);
  return [...new Set([...named, ...used])];
}
