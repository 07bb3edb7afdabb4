import type { RunEvent } from '../events/event.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import type { PastTurn } from './past-turn.ts';
import type { SurroundingsOptions } from './surroundings.ts';
import type { TeamSource } from './team-source.ts';

/** Which team answers, how, and who is told. */
export interface RunOptions extends TeamSource, SurroundingsOptions {
  /** Aborting it cancels the run, as `cancel()` does. */
  signal?: AbortSignal | undefined;
  /** Called with every event, in order. Must not throw: the run is cancelled then, and `result` rejects with it. */
  onEvent?: ((event: RunEvent) => void) | undefined;
  /** Told, in a full sentence, what went wrong beside the run, e.g. that `status.json` could not be written. */
  onProblem?: ((message: string) => void) | undefined;
  /**
   * True for a program that answers what agents ask (`decide`, `reply`, `decline` of a RunStream); else questions are
   * declined and calls that need leave denied at once.
   */
  isAttended?: boolean | undefined;
  /** Where the run's folder is made; `.massgen/runs` in `cwd` if left out. */
  runsDir?: string | undefined;
  /** Makes everything that is left to chance repeatable. */
  seed?: number | undefined;
  /** Rules of the run; they win over the config's. */
  settings?: Partial<CoordinationSettings> | undefined;
  /** Told to every agent after its own system message. */
  systemMessage?: string | undefined;
  /** Earlier turns of the conversation, oldest first. */
  history?: readonly PastTurn[] | undefined;
  /**
   * Makes the run a turn of a session, which knows what was said in it: an id, begun if it is not there, or true for a
   * new one (its id is in the result). Sessions are kept in `~/.massgen/sessions`.
   */
  session?: string | true | undefined;
  /** Virtual seconds per real one for built-in agents; they do not wait at all if left out. Models keep their own pace. */
  speed?: number | undefined;
}
