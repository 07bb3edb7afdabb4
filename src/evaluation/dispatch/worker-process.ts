import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../platform/clock.ts';
import { EXIT, MassgenError } from '../../platform/errors.ts';
import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import type { SharedRates } from '../../providers/limits/shared-rates.ts';
import type { FromChild, RatesFromChild, ToChild } from './child-messages.ts';
import type { TrialHome } from './dispatcher.ts';
import { RatesDesk } from './parent-rates.ts';

/** What says how far the worker is. */
type EndFromChild = Exclude<FromChild, RatesFromChild>;

/** How long a worker may take to stop a trial, or to leave, before it is killed. */
const GRACE_MS = 5_000;
const KEPT_CHARS = 2_000;

/** One worker process, seen from the process that gives it trials. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #gone: Promise<void>;
  readonly #desk: RatesDesk;
  #isGone = false;
  #isReady = false;
  #errors = '';
  #receive: (message: EndFromChild) => void = () => undefined;

  /** `child` was forked with a channel and a pipe for its errors. `rates` count for all workers. */
  constructor(child: ChildProcess, clock: Clock, rates: SharedRates) {
    this.#child = child;
    this.#clock = clock;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-KEPT_CHARS);
    });
    this.#desk = new RatesDesk(rates, (message) => this.#send(message));
    child.on('message', (message) => this.#hear(message as FromChild));
    this.#gone = new Promise((resolve) => {
      const leave = (): void => {
        this.#isGone = true;
        resolve();
      };
      child.once('exit', leave);
      child.once('error', leave);
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Resolves when the worker takes trials. Rejects with a MassgenError that holds its last words when it cannot start. */
  async ready(): Promise<void> {
    if (this.#isReady) return;
    const first = await this.#nextMessage();
    if (first?.type !== 'ready') {
      const words = this.#errors.trim();
      throw new MassgenError('worker-start', `A worker process ended before it took a trial. ${words}`.trim(), {
        exitCode: EXIT.execution,
      });
    }
    this.#isReady = true;
  }

  /**
   * Runs a trial there. Null when the process has died over it. Rejects as the trial does; when the signal is aborted,
   * after the trial has stopped or the process was killed.
   */
  async run(trial: Trial, home: Pick<TrialHome, 'folder' | 'runId'>, signal: AbortSignal): Promise<TrialRecord | null> {
    signal.throwIfAborted();
    let stopKilling = (): void => undefined;
    const cancel = (): void => {
      this.#send({ type: 'cancel' });
      stopKilling = this.#clock.after(GRACE_MS, () => this.#child.kill('SIGKILL'));
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const next = this.#nextMessage();
      this.#send({ type: 'trial', trial, home });
      const message = await next;
      signal.throwIfAborted();
      if (message?.type === 'record') return message.record;
      if (message?.type !== 'rejected') return null;
      throw message.code === null
        ? new Error(message.message)
        : new MassgenError(message.code, message.message, { exitCode: message.exitCode });
    } finally {
      this.#desk.forget();
      stopKilling();
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Lets the process go, and kills it when it stays. Never rejects. */
  async close(): Promise<void> {
    if (this.#isGone) return;
    if (this.#child.connected) this.#child.disconnect();
    const stopKilling = this.#clock.after(GRACE_MS, () => this.#child.kill('SIGKILL'));
    await this.#gone;
    stopKilling();
  }

  #hear(message: FromChild): void {
    if (message.type === 'ready' || message.type === 'record' || message.type === 'rejected') this.#receive(message);
    else void this.#desk.receive(message);
  }

  /** Null when the process ends before. */
  #nextMessage(): Promise<EndFromChild | null> {
    const message = new Promise<EndFromChild>((resolve) => (this.#receive = resolve));
    return Promise.race([message, this.#gone.then(() => null)]);
  }

  #send(message: ToChild): void {
    // Whether it arrived shows in what comes back: a process that is gone is told of by its end.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
