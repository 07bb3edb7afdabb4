import { evenlySpaced } from './pick-frames.ts';
import { textOf, type Screen } from './replay-cast.ts';

/** More screens are no transcript any more, but a film. */
const MOST_SCREENS = 40;
/** A screen that is looked at stays at least so long. */
const STILL_MS = 300;

/** The screens of a recording as text: those that stood still for a moment, each with its time. */
export class Transcript {
  readonly #texts: { at: number; text: string }[] = [];
  #last: { at: number; text: string } | null = null;

  add(screen: Screen): void {
    const text = textOf(screen).join('\n').trimEnd();
    const last = this.#last;
    if (last && screen.at - last.at >= STILL_MS && last.text !== this.#texts.at(-1)?.text) this.#texts.push(last);
    this.#last = { at: screen.at, text };
  }

  toString(): string {
    const texts = this.#last ? [...this.#texts, this.#last] : this.#texts;
    return evenlySpaced(texts.length, MOST_SCREENS)
      .flatMap((index) => texts[index] ?? [])
      .map(({ at, text }) => `──── ${(at / 1000).toFixed(1)} s ────\n${text}\n`)
      .join('\n');
  }
}
