/**
 * The door for text that somebody else wrote: models, tools, peers, file names, error messages. What comes out holds
 * printable characters, `\n` and `\t`, and nothing that a terminal could obey or that could hide or reorder text.
 *
 * One `Sanitizer` per stream: an escape sequence, a CR LF or a surrogate pair may be cut anywhere between chunks, and
 * the result is the same as for the whole text at once.
 */
export class Sanitizer {
  #state: 'text' | 'escape' | 'csi' | 'string' | 'string-escape' = 'text';
  /** Characters swallowed by the sequence that is open. */
  #swallowed = 0;
  #high = '';
  #afterCr = false;
  /** Class of the last emitted character; decides whether a joiner may follow. */
  #canJoin = false;

  push(chunk: string): string {
    const text = this.#high === '' ? chunk : this.#high + chunk;
    this.#high = '';
    if (this.#state === 'text' && !this.#afterCr && PLAIN.test(text)) {
      if (text !== '') this.#canJoin = false;
      return text;
    }
    let out = '';
    for (let i = 0; i < text.length;) {
      const cp = codePointOf(text, i);
      const size = cp > 0xffff ? 2 : 1;
      if (cp >= 0xd800 && cp <= 0xdbff && i === text.length - 1) {
        this.#high = text.charAt(i);
        break;
      }
      out += this.#take(cp, text.slice(i, i + size));
      i += size;
    }
    return out;
  }

  /** Ends the stream: an open sequence is dropped, half a character becomes U+FFFD. */
  end(): string {
    const rest = this.#high === '' ? '' : REPLACEMENT;
    this.#state = 'text';
    this.#high = '';
    this.#afterCr = false;
    this.#canJoin = false;
    return rest;
  }

  #take(cp: number, ch: string): string {
    switch (this.#state) {
      case 'text':
        return this.#takeText(cp, ch);
      case 'escape':
        return this.#takeEscape(cp, ch);
      case 'csi':
        return this.#takeCsi(cp, ch);
      case 'string':
      case 'string-escape':
        return this.#takeString(cp, ch);
    }
  }

  #takeText(cp: number, ch: string): string {
    const afterCr = this.#afterCr;
    this.#afterCr = false;
    if (cp === 0x1b) {
      this.#open('escape');
      return '';
    }
    if (cp === 0x0d) {
      this.#afterCr = true;
      this.#canJoin = false;
      return '\n';
    }
    if (cp === 0x0a && afterCr) return '';
    if (cp === ZWJ || cp === ZWNJ) return this.#canJoin ? ch : '';
    if (isVariationSelector(cp)) return this.#canJoin || cp === 0xfe0f || cp === 0xfe0e ? ch : '';
    const clean = cleanCodePoint(cp, ch);
    if (clean !== '') this.#canJoin = cp > 0x7f && JOINABLE.test(clean);
    return clean;
  }

  #takeEscape(cp: number, ch: string): string {
    if (cp === 0x5b) return this.#open('csi');
    if (cp === 0x5d || cp === 0x50 || cp === 0x58 || cp === 0x5e || cp === 0x5f) return this.#open('string');
    if (cp >= 0x20 && cp <= 0x2f) return this.#stay();
    return this.#close(cp >= 0x30 && cp <= 0x7e ? '' : ch, cp);
  }

  #takeCsi(cp: number, ch: string): string {
    if (cp >= 0x20 && cp <= 0x3f) return this.#stay();
    return this.#close(cp >= 0x40 && cp <= 0x7e ? '' : ch, cp);
  }

  #takeString(cp: number, ch: string): string {
    if (this.#state === 'string-escape') {
      // `ESC \` ends the string; any other ESC begins a new sequence.
      this.#state = 'escape';
      return cp === 0x5c ? this.#close('', cp) : this.#takeEscape(cp, ch);
    }
    if (cp === 0x1b) {
      this.#state = 'string-escape';
      return '';
    }
    if (cp === 0x07 || cp === 0x9c) return this.#close('', cp);
    if (cp === 0x0a || cp === 0x0d) return this.#close(ch, cp);
    return this.#stay();
  }

  #open(state: 'escape' | 'csi' | 'string'): string {
    this.#state = state;
    this.#swallowed = 0;
    return '';
  }

  /** A sequence that never ends must not swallow the rest of an answer. */
  #stay(): string {
    if (++this.#swallowed >= LONGEST_SEQUENCE) this.#state = 'text';
    return '';
  }

  #close(rest: string, cp: number): string {
    this.#state = 'text';
    return rest === '' ? '' : this.#takeText(cp, rest);
  }
}

/** A whole text at once. Never throws. */
export function sanitize(text: string): string {
  if (PLAIN.test(text)) return text;
  const door = new Sanitizer();
  return door.push(text) + door.end();
}

/** For names and other one-liners: line breaks and tabs become spaces. */
export function sanitizeLine(text: string): string {
  return sanitize(text)
    .replace(/[\n\t ]+/g, ' ')
    .trim();
}

const LONGEST_SEQUENCE = 1024;
const REPLACEMENT = '\ufffd';
const ZWNJ = 0x200c;
const ZWJ = 0x200d;

const PLAIN = /^[\n\t\x20-\x7e]*$/;

/** After these a joiner is part of a cluster: emoji, marks, and the scripts that shape with joiners. */
const JOINABLE =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}\p{Script=Mongolian}]/u;

/** Controls, format characters (bidi, zero-width, tags, soft hyphen), fillers and noncharacters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
/** Format characters that are visible: Arabic and other number signs. */
const VISIBLE_FORMAT = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

/**
 * `codePointAt`, which cannot be trusted here: on a slice that ends inside a pair, V8 of Node 24 comes to read the
 * other half from beyond the end of the slice once the code is hot.
 */
function codePointOf(text: string, index: number): number {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff || index + 1 >= text.length) return high;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff ? (high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000 : high;
}

function isVariationSelector(cp: number): boolean {
  return cp >= 0xfe00 && cp <= 0xfe0f;
}

function cleanCodePoint(cp: number, ch: string): string {
  if (cp === 0x0a || cp === 0x09) return ch;
  if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f)) return '';
  if (cp < 0x7f) return ch;
  if (cp === 0x2028 || cp === 0x2029) return '\n';
  if (cp >= 0xd800 && cp <= 0xdfff) return REPLACEMENT;
  return INVISIBLE.test(ch) && !VISIBLE_FORMAT.test(ch) ? '' : ch;
}
