import type { BackendSpec } from '../../config/team.ts';
import type { ModelError } from '../../events/model-error.ts';
import { NO_USAGE } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEnd, ModelEvent, ModelRequest } from '../provider.ts';
import { createIdleWatchdog } from '../wire/idle-watchdog.ts';
import type { StreamedEvent } from '../wire/model-call.ts';
import { explainKey } from '../wire/refused-key.ts';
import { safeMessage, secretsOf } from '../wire/secrets.ts';
import { thrownError } from '../wire/thrown-error.ts';
import { AgentFailure } from './agent-failure.ts';
import { EventQueue } from './event-queue.ts';
import { refusedRequest } from './refused-request.ts';

/** Where an adapter puts what its agent says. */
export interface CallSink {
  emit(event: StreamedEvent): void;
  /** The agent gave a sign of life that is no event. */
  touch(): void;
  /** Resolves when all that was emitted is known to whoever reads the call. */
  told(): Promise<void>;
  /** Waits for something that may take long without a word from the agent; its silence does not count meanwhile. */
  hold<T>(work: Promise<T>): Promise<T>;
}

/** One call of an agent that is no model endpoint. */
export interface AgentCall {
  backend: BackendSpec;
  request: ModelRequest;
  clock: Clock;
  /** Further texts that must never be shown. */
  secrets?: readonly string[];
  /** Asks the agent and waits for its end. May throw anything; has to stop soon after `signal` is aborted. */
  run(sink: CallSink, signal: AbortSignal): Promise<ModelEnd>;
}

/** How long an agent may take to stop when it was told to. */
const GRACE_MS = 3_000;

/** Runs a call and keeps the contract of `Provider.stream`: never throws, one end, always last. */
export async function* runAgentCall(call: AgentCall): AsyncGenerator<ModelEvent> {
  const { request, clock, backend } = call;
  if (request.signal.aborted) return yield failed(ABORTED);
  const queue = new EventQueue<StreamedEvent>();
  const controller = new AbortController();
  const left = Promise.withResolvers<null>();
  let stoppedBy: 'caller' | 'silence' | null = null;
  let cancelGrace = (): void => undefined;
  const stop = (by: 'caller' | 'silence'): void => {
    if (stoppedBy !== null) return;
    stoppedBy = by;
    controller.abort(new Error('The call was stopped.'));
    cancelGrace = clock.after(GRACE_MS, () => left.resolve(null));
  };
  const onAbort = (): void => stop('caller');
  request.signal.addEventListener('abort', onAbort, { once: true });
  const watchdog = createIdleWatchdog(clock, backend.idleTimeoutMs, () => stop('silence'));
  const sink = createSink(queue, watchdog);
  const running = (async () => call.run(sink, controller.signal))().catch((error: unknown) =>
    failed(errorOf(call, error), error instanceof AgentFailure ? error.spent : null),
  );
  const ending = Promise.race([running, left.promise]).finally(() => queue.end());
  try {
    for await (const event of queue.read()) yield event;
    const end = await ending;
    if (end?.type === 'finished') yield end;
    // What it has told of its cost need not be all of it.
    else if (stoppedBy === 'caller') yield { ...failed(ABORTED, end), isCut: true };
    else if (stoppedBy === 'silence') yield { ...failed(silence(backend.idleTimeoutMs), end), isCut: true };
    else yield end ?? failed(ABORTED);
  } finally {
    watchdog.stop();
    cancelGrace();
    request.signal.removeEventListener('abort', onAbort);
    controller.abort(new Error('The call is over.'));
  }
}

function createSink(queue: EventQueue<StreamedEvent>, watchdog: ReturnType<typeof createIdleWatchdog>): CallSink {
  let held = 0;
  return {
    emit: (event) => {
      watchdog.touch();
      queue.push(event);
    },
    touch: () => watchdog.touch(),
    told: () => queue.drained(),
    hold: async (work) => {
      held += 1;
      watchdog.pause();
      try {
        return await work;
      } finally {
        held -= 1;
        if (held === 0) watchdog.resume();
      }
    },
  };
}

const ABORTED: ModelError = { kind: 'aborted', message: 'The call was interrupted.' };

function silence(idleTimeoutMs: number): ModelError {
  return { kind: 'network', message: `The agent said nothing for ${idleTimeoutMs / 1000} seconds.` };
}

type FailedEnd = Extract<ModelEnd, { type: 'failed' }>;

function failed(error: ModelError, spent: AgentFailure['spent'] | null = null): FailedEnd {
  const { usage = NO_USAGE, costUsd } = spent ?? {};
  return { type: 'failed', error, usage, ...(costUsd !== undefined && { costUsd }) };
}

function errorOf({ backend, clock, secrets = [] }: AgentCall, thrown: unknown): ModelError {
  const hidden = [...secretsOf(backend), ...secrets];
  if (thrown instanceof AgentFailure)
    return explainKey({ kind: thrown.kind, message: safeMessage(thrown.message, hidden) }, backend);
  const refused = refusedRequest(thrown, { secrets: hidden, nowMs: clock.now() });
  return refused ? explainKey(refused, backend) : thrownError(thrown, backend.baseUrl, hidden);
}
