import type { BackendSpec } from '../../config/team.ts';
import type { AssistantMessage, ToolCall } from '../../events/message.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import type { Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEnd, ModelEvent, ModelRequest, SentEnd } from '../provider.ts';
import { refusalError, streamError, type ErrorContext } from './classify-error.ts';
import { createIdleWatchdog, type IdleWatchdog } from './idle-watchdog.ts';
import { joinText } from './join-text.ts';
import { blameParameter } from './refused-parameter.ts';
import { explainKey } from './refused-key.ts';
import { thrownError } from './thrown-error.ts';
import { safeMessage, secretsOf } from './secrets.ts';
import type { SseEvent } from './sse-parser.ts';
import { createWatchedFetch } from './watched-fetch.ts';
import type { WireLog } from './wire-log.ts';

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
  reader: WireReader;
  /** Once the terminal event came, what follows is waited for only this long (usage, the end of the body). */
  drainMs: number;
  /** Sends the request by the vendor's SDK. May throw anything. */
  send(fetchOnce: typeof fetch, signal: AbortSignal): Promise<unknown>;
}

/** Runs a call and keeps the contract of `Provider.stream`: never throws, one terminal event, always last. */
export function runWireCall(call: WireCall): AsyncIterable<ModelEvent> {
  return { [Symbol.asyncIterator]: () => iterate(call) };
}

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };
const NO_REASON = new Error('The call failed without a reason.');

/** Written out instead of as a generator, which would cost as much per event as reading the event does. */
function iterate(call: WireCall): AsyncIterator<ModelEvent, undefined> {
  const { reader } = call;
  let connection: Connection | null = null;
  /** Events to be handed out, and the next one of them. */
  let ready: readonly ModelEvent[] = [];
  let at = 0;
  let isEnded = false;
  let progress: Progress = 'none';
  /** The terminal event is there. */
  let isDraining = false;
  let thrown: unknown = null;

  const handOut = (events: readonly ModelEvent[]): IteratorResult<ModelEvent, undefined> => {
    const [first] = events;
    if (first === undefined) return DONE;
    ready = events;
    at = 1;
    return { value: first, done: false };
  };

  const advance = async (): Promise<IteratorResult<ModelEvent, undefined>> => {
    if (isEnded) return DONE;
    if (call.request.signal.aborted && !connection) {
      isEnded = true;
      return handOut([failed(reader, ABORTED)]);
    }
    connection ??= connect(call);
    const { watchdog, log } = connection;
    watchdog.resume();
    try {
      while (thrown === null) {
        const next = await connection.next();
        if (next.done === true) break;
        if (connection.isStopped()) {
          await connection.leave();
          break;
        }
        const out: StreamedEvent[] = [];
        try {
          for (const { event, data } of next.value) {
            if (event === 'ping' || data.trim() === '') continue;
            out.push(...reader.read(JSON.parse(data)));
            if (progress === 'none') progress = 'begun';
          }
        } catch (error) {
          // What came before it in the same piece is told first. An end mark behind it in that piece ends nothing whole.
          thrown = error ?? NO_REASON;
          connection.log.isDone = false;
        }
        if (reader.isComplete(log) !== isDraining) {
          // What looks like the end of some servers is none where more follows.
          isDraining = !isDraining;
          const { idleTimeoutMs } = call.backend;
          watchdog.limit(isDraining ? Math.min(call.drainMs, idleTimeoutMs) : idleTimeoutMs);
        }
        if (out.length > 0) {
          watchdog.pause();
          progress = 'told';
          return handOut(joinText(out));
        }
      }
    } catch (error) {
      thrown = error ?? NO_REASON;
    }
    isEnded = true;
    connection.close();
    return handOut(endEvents(call, connection, thrown, progress));
  };

  return {
    next() {
      const event = ready[at];
      if (event === undefined) return advance();
      at += 1;
      return Promise.resolve({ value: event, done: false });
    },
    async return() {
      isEnded = true;
      ready = [];
      // The caller stops reading: the server must notice.
      connection?.close();
      await connection?.leave();
      return DONE;
    },
  };
}

/** How far a reply has come: nothing is there, the server has begun it, or something of it was handed out. */
type Progress = 'none' | 'begun' | 'told';

/** An open request, with all that watches over it. */
interface Connection {
  watchdog: IdleWatchdog;
  log: WireLog;
  /** Null while nobody has stopped it. */
  stoppedBy(): 'caller' | 'silence' | null;
  isStopped(): boolean;
  /** The events that came next. Rejects with what the SDK throws, and with what reading them throws. */
  next(): Promise<IteratorResult<readonly SseEvent[], undefined>>;
  close(): void;
  /** Lets the answer go. Never rejects. */
  leave(): Promise<void>;
}

function connect(call: WireCall): Connection {
  const { backend, request, clock } = call;
  const controller = new AbortController();
  let stoppedBy: 'caller' | 'silence' | null = null;
  const stop = (by: 'caller' | 'silence'): void => {
    stoppedBy ??= by;
    controller.abort();
  };
  const onAbort = (): void => stop('caller');
  request.signal.addEventListener('abort', onAbort, { once: true });
  const watchdog = createIdleWatchdog(clock, backend.idleTimeoutMs, () => stop('silence'));
  const watched = createWatchedFetch(() => watchdog.touch());
  let events: AsyncIterator<readonly SseEvent[], undefined> | null = null;
  const leave = async (): Promise<void> => {
    await events?.return?.().catch(() => undefined);
  };
  const send = async (): Promise<IteratorResult<readonly SseEvent[], undefined>> => {
    await call.send(watched.fetch, controller.signal);
    events = watched.events();
    return events.next();
  };
  return {
    watchdog,
    log: watched.log,
    stoppedBy: () => stoppedBy,
    isStopped: () => controller.signal.aborted,
    next: () => (events ? events.next() : send()),
    close() {
      watchdog.stop();
      request.signal.removeEventListener('abort', onAbort);
      controller.abort();
    },
    leave,
  };
}

function failed(reader: WireReader, error: ModelError): Failed {
  return { type: 'failed', error, usage: reader.usage(), sent: reader.sent() };
}

/** What is left to tell once the stream is over; its last event is the end. */
function endEvents(
  { backend, clock, reader }: WireCall,
  connection: Connection,
  thrown: unknown,
  progress: Progress,
): ModelEvent[] {
  const { log } = connection;
  // No reader saw this event, and it may hold the usage.
  if (log.streamError) reader.read(log.streamError);
  const context = { secrets: secretsOf(backend), nowMs: clock.now() };
  const stoppedBy = connection.stoppedBy();
  const error = endOf({ stoppedBy, thrown, log, reader, backend, context });
  if (error) {
    const end = failed(reader, explainKey(error, backend));
    return [isCut(end, { stoppedBy, log, reader, progress }) ? { ...end, isCut: true } : end];
  }
  const { rest, message, stopReason } = reader.finish();
  return [...rest, { type: 'finished', message, stopReason, usage: reader.usage(), sent: reader.sent() }];
}

const ABORTED: ModelError = { kind: 'aborted', message: 'The model call was stopped.' };

type Failed = Extract<ModelEnd, { type: 'failed' }>;

/** True when the model may have been at work on more than it has counted. */
function isCut(
  { sent }: Failed,
  { stoppedBy, log, reader, progress }: Pick<Ending, 'stoppedBy' | 'log' | 'reader'> & { progress: Progress },
): boolean {
  if (log.refusal || (reader.isComplete(log) && sent?.usage)) return false;
  if (stoppedBy !== null) return true;
  // A server that says itself that it failed has used nothing where nothing came.
  if (log.streamError || reader.failure()) return progress === 'told';
  return progress !== 'none';
}

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
  if (log.refusal) return blameParameter(refusalError(log.refusal, context), log.refusal.body, backend);
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
