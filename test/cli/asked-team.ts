import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine, type Ended } from './command-process.ts';

export interface AskedTeam extends Ended {
  events: RunEvent[];
  /** `id: text` of every answer, and the ids of those who voted, in alphabetical order. */
  answers: string[];
  voters: string[];
}

/** Asks the team of `team.yaml` in that folder, as a user does, and reads what stands in its log. */
export async function askTeam(cwd: string): Promise<AskedTeam> {
  const args = ['--config', 'team.yaml', '--seed', '3', 'Why is the sky blue?'];
  const ended = await runCommandLine(args, { cwd });
  const runs = join(cwd, '.massgen', 'runs');
  const [run = ''] = await readdir(runs).catch(() => []);
  const events = await readAll(join(runs, run));
  const state = foldEvents(events);
  const id = (alias: string | undefined): string => state?.agents[alias ?? '']?.info.id ?? '';
  const answers = events.flatMap((event) =>
    event.type === 'answer.submitted' ? [`${id(event.agent)}: ${event.data.text}`] : [],
  );
  const voters = events.flatMap((event) => (event.type === 'ballot.cast' ? [id(event.agent)] : []));
  return { ...ended, events, answers: answers.toSorted(), voters: voters.toSorted() };
}
