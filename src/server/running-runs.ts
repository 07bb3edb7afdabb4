import type { RunStream } from '../api/run-stream.ts';
import { applyEvent } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import type { RunEvent } from '../events/event.ts';
import { toStatus, type RunStatus } from '../headless/status.ts';
import { MassgenError } from '../platform/errors.ts';
import { refusal } from './asked.ts';
import { HttpRefusal } from './http-refusal.ts';

interface Running {
  stream: RunStream;
  dir: string;
  state: RunState;
}

/** The runs that go on, for whoever wants to look at one or to step in. */
export class RunningRuns {
  readonly #runs = new Map<string, Running>();

  /** Starts a run and keeps it until it has ended. `start` gets the listener that the run is to tell its events. */
  begin(start: (onEvent: (event: RunEvent) => void) => RunStream, onEvent: (event: RunEvent) => void): RunStream {
    const known: { state?: RunState; dir?: string } = {};
    const keep = (): void => {
      const { state, dir } = known;
      if (state && dir !== undefined) this.#runs.set(state.run, { stream, dir, state });
      if (state?.end) this.#runs.delete(state.run);
    };
    const stream = start((event) => {
      known.state = applyEvent(known.state ?? null, event);
      if (known.dir !== undefined) keep();
      onEvent(event);
    });
    stream.started.then(
      ({ runDir }) => {
        known.dir = runDir;
        keep();
      },
      () => undefined,
    );
    // Also a run whose log could not be written to its end.
    const forget = (): void => void (known.state && this.#runs.delete(known.state.run));
    stream.result.then(forget, forget);
    return stream;
  }

  list(): RunStatus[] {
    return [...this.#runs.values()].map(statusOf);
  }

  /** Throws an HttpRefusal for a run that does not go on. */
  status(id: string): RunStatus {
    return statusOf(this.#find(id));
  }

  /** Rejects with an HttpRefusal that says what would be right. */
  async send(id: string, command: unknown): Promise<void> {
    try {
      await this.#find(id).stream.send(command);
    } catch (error) {
      if (error instanceof MassgenError && error.code === 'bad-command')
        throw refusal('command', error.message, 'invalid_command');
      throw error;
    }
  }

  #find(id: string): Running {
    const run = this.#runs.get(id);
    if (run) return run;
    throw new HttpRefusal(404, 'run_not_found', 'No run of that id goes on here; GET /v1/massgen/runs lists them.');
  }
}

function statusOf({ state, dir }: Running): RunStatus {
  return toStatus(state, { logDir: dir, now: state.updatedAt });
}
