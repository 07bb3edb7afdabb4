import { join } from 'node:path';
import { launch, resume, type Launch } from '../../src/cli/launch.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { readLaunchRecord } from '../../src/engine/launch-record.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { followRun } from '../../src/headless/follow-run.ts';
import type { Scenario } from './scenarios.ts';

export interface Life {
  scenario: Pick<Scenario, 'says' | 'isAttended'>;
  /** Holds `team.yaml`. */
  cwd: string;
  /** The run's folder, for one that goes on; null begins one. */
  dir: string | null;
  onEvent?: (event: RunEvent, handle: RunHandle) => void;
}

/** Begins a run, or goes on with one, with its user; resolves with its folder when it has ended. */
export async function live({ scenario, cwd, dir, onEvent }: Life): Promise<string> {
  const team = resolveTeam(await loadConfig(join(cwd, 'team.yaml'), { env: {}, cwd }), { env: {} });
  const request: Launch = {
    team,
    seed: 5,
    speed: Infinity,
    cwd,
    variables: { PATH: process.env['PATH'], HOME: cwd },
    version: '0.0.0',
    onProblem: () => undefined,
    isAttended: scenario.isAttended ?? false,
  };
  const { handle, files } =
    dir === null ? await launch(request, 'What is it?') : await resume(request, dir, await readLaunchRecord(dir));
  const told = new Set<string>();
  let isHere = dir === null;
  await followRun(handle, (event, state) => {
    isHere ||= event.type === 'run.resumed';
    // Whoever has said something says it once, and looks at what waits in every life.
    if (dir === null) say(scenario, handle, event, state);
    if (isHere && scenario.isAttended) settle(handle, state, told);
    onEvent?.(event, handle);
  });
  await files.settled;
  return handle.dir;
}

function say({ says }: Life['scenario'], handle: RunHandle, event: RunEvent, state: RunState): void {
  if (!says || event.type !== 'answer.submitted') return;
  const answers = Object.values(state.agents).flatMap((agent) => agent.answers);
  if (answers.length === 2) handle.send(says);
}

/** Allows, answers, rates and accepts everything that waits, once. */
function settle(handle: RunHandle, { approvals, questions, changes }: RunState, told: Set<string>): void {
  const once = (name: string, act: () => void): void => {
    if (told.has(name)) return;
    told.add(name);
    act();
  };
  for (const { request } of approvals)
    once(request, () =>
      handle.send({ type: 'decide', request, isAllowed: true, scope: 'once', by: 'user', reason: 'Do.' }),
    );
  for (const { question } of questions)
    once(question, () => handle.send({ type: 'reply', question, choices: [], text: 'To you.' }));
  if (changes?.state !== 'proposed') return;
  const paths = changes.files.map(({ path }) => path);
  once('rating', () => handle.send({ type: 'rate', rating: 'up' }));
  once('review', () => handle.send({ type: 'review', paths, comment: 'Good.' }));
}
