import { LongText } from '../../platform/long-text.ts';

/**
 * Text that grows at its end, sanitized. `version` rises with every change; `replaced` counts the times when the text was
 * not extended but put in place anew, so that a reader knows when its wrapped rows are void.
 */
export class TextBlock {
  readonly kind: 'text' | 'reasoning' | 'answer';
  readonly id: number;
  /** Number of the event that began it. */
  readonly seq: number;
  version = 0;
  replaced = 0;
  #text = new LongText();
  #lines = new LineCount();

  constructor(kind: 'text' | 'reasoning' | 'answer', id: number, seq: number, text = '') {
    this.kind = kind;
    this.id = id;
    this.seq = seq;
    if (text !== '') this.append(text);
  }

  append(text: string): void {
    this.#text.append(text);
    this.#lines.append(text);
    this.version++;
  }

  replace(text: string): void {
    this.#text = new LongText();
    this.#lines = new LineCount();
    this.replaced++;
    this.append(text);
  }

  /** All of it, put together anew each time. */
  get text(): string {
    return this.#text.text;
  }

  get length(): number {
    return this.#text.length;
  }

  /** How many lines it has, blank ones at both ends left out; never less than one. */
  get lineCount(): number {
    return this.#lines.count;
  }

  /** What stands behind the first `offset` characters; quick where that is the newest part. */
  from(offset: number): string {
    return this.#text.from(offset);
  }
}

class LineCount {
  count = 1;
  #hasText = false;
  /** Line breaks since the last text: they count when more follows. */
  #breaks = 0;

  append(text: string): void {
    const begun = this.#hasText ? text : text.trimStart();
    const body = begun.trimEnd();
    if (body !== '') {
      this.count += this.#breaks + breaksIn(body);
      this.#breaks = 0;
      this.#hasText = true;
    }
    if (this.#hasText) this.#breaks += breaksIn(begun.slice(body.length));
  }
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
