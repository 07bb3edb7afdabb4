import type { Clock } from '../platform/clock.ts';
import { onNextBeat } from './delta-beat.ts';

export type DeltaType = 'text.appended' | 'reasoning.appended';

/** Long enough to make few events of a fast stream, short enough to look like typing. */
const MAX_AGE_MS = 50;
const MAX_CHARS = 2_000;

/**
 * Joins the small pieces of a stream into fewer, larger ones, in order. A piece waits for at most 50 ms or 2,000
 * characters, and streams on one clock give theirs at the same moment, which makes one write to the disk of many. Call
 * `flush` before recording anything that comes after the text.
 */
export class DeltaBuffer {
  readonly #clock: Clock;
  readonly #emit: (type: DeltaType, text: string) => void;
  #type: DeltaType = 'text.appended';
  /** Joined at the end: the engine would keep a sum of small pieces as a tree of them. */
  #pieces: string[] = [];
  #chars = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, emit: (type: DeltaType, text: string) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  add(type: DeltaType, text: string): void {
    if (text === '') return;
    if (type !== this.#type) this.flush();
    this.#type = type;
    this.#pieces.push(text);
    this.#chars += text.length;
    if (this.#chars >= MAX_CHARS) this.flush();
    else this.#cancelTimer ??= onNextBeat(this.#clock, MAX_AGE_MS, () => this.flush());
  }

  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#chars === 0) return;
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#chars = 0;
    this.#emit(this.#type, text);
  }
}
