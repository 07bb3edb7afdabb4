import type { EventType } from '../../src/events/event.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { undoRunChanges } from '../../src/sessions/run-changes.ts';
import { live } from './one-life.ts';
import type { Scenario } from './scenarios.ts';

/** What the program is told, in JSON. */
export interface Fate {
  scenario: Pick<Scenario, 'says' | 'isAttended'>;
  /** A run to go on with, or null. */
  dir: string | null;
  /** It dies at the event of this type that comes as the `nth`. */
  type: EventType;
  nth: number;
}

/**
 * A program of its own: begins a run of `team.yaml` in the current folder, or goes on with one, and kills itself, as
 * nobody can prepare for, the moment a certain event is on disk. `node killed-run.ts FATE`
 */
const { scenario, dir, type, nth } = JSON.parse(process.argv[2] ?? '') as Fate;
let seen = 0;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const run = await live({
  scenario,
  cwd: process.cwd(),
  dir,
  onEvent: (event) => {
    if (event.type === type && ++seen === nth) die();
  },
});
if (type === 'changes.undone') {
  await undoRunChanges(run, createRealClock());
  die();
}
