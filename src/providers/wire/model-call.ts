import type { BackendSpec } from '../../config/team.ts';
import type { AssistantMessage, ToolCall } from '../../events/message.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import type { Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEvent, ModelRequest, SentEnd } from '../provider.ts';
import { refusalError, streamError, type ErrorContext } from './classify-error.ts';
import { createIdleWatchdog } from './idle-watchdog.ts';
import { thrownError } from './thrown-error.ts';
import { safeMessage, secretsOf } from './secrets.ts';
import { createWatchedFetch, type Framing, type WireLog } from './watched-fetch.ts';

/** Events of a stream in progress. */
export type StreamedEvent = Exclude<ModelEvent, { type: 'finished' | 'failed' }>;

/** A reply that is complete. `calls` holds all calls; those not streamed yet are in `rest`. */
export interface Reply {
  rest: StreamedEvent[];
  message: AssistantMessage;
  stopReason: StopReason;
}

/**
 * Understands the events of one stream. Pure: no clock, no network. It takes events as anything, since a server may
 * send anything; what it does not know it ignores, so a newer server does not break it.
 */
export interface WireReader {
  read(event: unknown): StreamedEvent[];
  /** The provider's own terminal event came. */
  isComplete(log: WireLog): boolean;
  /** The provider said that the reply failed. The message is not yet safe to show. */
  failure(): ModelError | null;
  usage(): Usage;
  /** The end in the provider's own words, as far as it came. */
  sent(): SentEnd;
  /** Called once, when the stream is complete. */
  finish(): Reply;
}

/** One model call over HTTP. */
export interface WireCall {
  backend: BackendSpec;
  request: ModelRequest;
  clock: Clock;
  framing: Framing;
  reader: WireReader;
  /** Once the terminal event came, what follows is waited for only this long (usage, the end of the body). */
  drainMs: number;
  /** Sends the request. May throw anything. */
  open(fetchOnce: typeof fetch, signal: AbortSignal): Promise<AsyncIterable<unknown>>;
}

/** Runs a call and keeps the contract of `Provider.stream`: never throws, one terminal event, always last. */
export async function* runWireCall(call: WireCall): AsyncGenerator<ModelEvent> {
  const { backend, request, clock, reader } = call;
  const failed = (error: ModelError): ModelEvent => ({
    type: 'failed',
    error,
    usage: reader.usage(),
    sent: reader.sent(),
  });
  if (request.signal.aborted) return yield failed(ABORTED);

  const controller = new AbortController();
  let stoppedBy: 'caller' | 'silence' | null = null;
  const stop = (by: 'caller' | 'silence'): void => {
    stoppedBy ??= by;
    controller.abort();
  };
  const onAbort = (): void => stop('caller');
  request.signal.addEventListener('abort', onAbort, { once: true });
  const watchdog = createIdleWatchdog(clock, backend.idleTimeoutMs, () => stop('silence'));
  const { fetch: fetchOnce, log } = createWatchedFetch(call.framing, () => watchdog.touch());
  let thrown: unknown = null;
  try {
    const events = await call.open(fetchOnce, controller.signal);
    for await (const event of events) {
      if (controller.signal.aborted) break;
      const out = reader.read(event);
      if (out.length > 0) {
        watchdog.pause();
        for (const streamed of out) yield streamed;
        watchdog.resume();
      }
      if (reader.isComplete(log)) watchdog.limit(Math.min(call.drainMs, backend.idleTimeoutMs));
    }
  } catch (error) {
    thrown = error ?? new Error('The call failed without a reason.');
  } finally {
    watchdog.stop();
    request.signal.removeEventListener('abort', onAbort);
    // Also when the caller stops reading: the server must notice.
    controller.abort();
  }
  // The SDK kept this event to itself, and it may hold the usage.
  if (log.streamError) reader.read(log.streamError);
  const context = { secrets: secretsOf(backend), nowMs: clock.now() };
  const error = endOf({ stoppedBy, thrown, log, reader, backend, context });
  if (error) return yield failed(error);
  const reply = reader.finish();
  for (const streamed of reply.rest) yield streamed;
  const { message, stopReason } = reply;
  yield { type: 'finished', message, stopReason, usage: reader.usage(), sent: reader.sent() };
}

const ABORTED: ModelError = { kind: 'aborted', message: 'The model call was stopped.' };

interface Ending {
  stoppedBy: 'caller' | 'silence' | null;
  thrown: unknown;
  log: WireLog;
  reader: WireReader;
  backend: BackendSpec;
  context: ErrorContext;
}

/** Why the stream failed; null if it is complete. The server's own words come before what the SDK made of them. */
function endOf({ stoppedBy, thrown, log, reader, backend, context }: Ending): ModelError | null {
  if (stoppedBy === 'caller') return ABORTED;
  if (log.refusal) return refusalError(log.refusal, context);
  if (log.streamError) return streamError(log.streamError, context);
  const failure = reader.failure();
  if (failure) return { ...failure, message: safeMessage(failure.message, context.secrets) };
  // What breaks after the terminal event takes nothing away from the reply.
  if (reader.isComplete(log)) return null;
  if (stoppedBy === 'silence') {
    const seconds = Math.round(backend.idleTimeoutMs / 1000);
    return { kind: 'network', message: `The server sent nothing for ${seconds} s.` };
  }
  if (thrown !== null) return thrownError(thrown, backend.baseUrl, context.secrets);
  const where = log.isCut ? 'in the middle of an event' : 'before the model said that it was done';
  return { kind: 'protocol', message: `The stream ended ${where}.` };
}

/** The stop reason of a reply with calls: several servers say `stop` where they mean `tool_calls`. */
export function withCalls(reason: StopReason, calls: readonly ToolCall[]): StopReason {
  return calls.length > 0 && (reason === 'end' || reason === 'other') ? 'tool-calls' : reason;
}
