import process from 'node:process';
import type * as Zlib from 'node:zlib';

/** The engine keeps the pieces of a text apart until somebody reads it; this many are joined, or this many characters. */
const MAX_PIECES = 256;
const MAX_LOOSE_CHARS = 8_000;
/** From this length on, the beginning of a text is packed. */
const PACKED_CHARS = 32_000;
/** Every character takes one byte in memory, and may take one here. */
const NARROW = /^[\0-\xff]*$/;

interface Packed {
  bytes: Uint8Array;
  encoding: 'latin1' | 'utf16le';
}

/**
 * A text that grows at its end by many small pieces. All but its last part is kept packed, in a half to a third of its
 * room; reading that again takes a few milliseconds for a million characters. Any text comes out as it went in, half a
 * surrogate pair too.
 */
export class LongText {
  readonly #packed: Packed[] = [];
  #packedChars = 0;
  /** What follows the packed parts, in one piece as far as it was joined. */
  #joined = '';
  #loose: string[] = [];
  #looseChars = 0;

  append(piece: string): void {
    this.#loose.push(piece);
    this.#looseChars += piece.length;
    if (this.#loose.length >= MAX_PIECES || this.#looseChars >= MAX_LOOSE_CHARS) this.#join();
  }

  get length(): number {
    return this.#packedChars + this.#joined.length + this.#looseChars;
  }

  /** All of it. */
  get text(): string {
    return [...this.#packed.map(unpack), this.#joined, ...this.#loose].join('');
  }

  /** What stands behind the first `offset` characters; quick where that is the newest part. */
  from(offset: number): string {
    const looseAt = this.#packedChars + this.#joined.length;
    if (offset >= looseAt) return this.#loose.join('').slice(offset - looseAt);
    if (offset >= this.#packedChars) return [this.#joined.slice(offset - this.#packedChars), ...this.#loose].join('');
    return this.text.slice(offset);
  }

  #join(): void {
    this.#joined = [this.#joined, ...this.#loose].join('');
    this.#loose = [];
    this.#looseChars = 0;
    if (this.#joined.length < PACKED_CHARS) return;
    this.#packed.push(pack(this.#joined));
    this.#packedChars += this.#joined.length;
    this.#joined = '';
  }
}

function pack(text: string): Packed {
  const encoding = NARROW.test(text) ? 'latin1' : 'utf16le';
  const packed = zlib().deflateRawSync(Buffer.from(text, encoding), { level: 1 });
  // A copy: what comes back is a part of a larger buffer.
  return { bytes: new Uint8Array(packed), encoding };
}

function unpack({ bytes, encoding }: Packed): string {
  return zlib().inflateRawSync(bytes).toString(encoding);
}

/** Loading it takes two milliseconds, which the first picture need not wait for. */
const zlib = (): typeof Zlib => process.getBuiltinModule('node:zlib');
