/** Of each output; what is between the beginning and the end of a longer one is thrown away while it comes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const HALF = MAX_OUTPUT_BYTES / 2;
/** A program that writes byte by byte would fill memory with what belongs to each piece. */
const MAX_PIECES = 1_000;

/** Keeps the first and the last half megabyte of an output. */
export class CappedOutput {
  #head: Buffer[] = [];
  #headBytes = 0;
  /** Where the end is kept, round and round; none before the beginning is full. */
  #ring: Buffer | null = null;
  /** All that came after the beginning. */
  #laterBytes = 0;

  add(chunk: Buffer): void {
    const room = HALF - this.#headBytes;
    if (room > 0) {
      const piece = chunk.subarray(0, room);
      this.#head.push(piece);
      this.#headBytes += piece.length;
      if (this.#head.length > MAX_PIECES) this.#head = [Buffer.concat(this.#head)];
    }
    if (chunk.length > room) this.#addLater(chunk.subarray(room));
  }

  #addLater(bytes: Buffer): void {
    this.#ring ??= Buffer.allocUnsafe(HALF);
    const kept = bytes.subarray(-HALF);
    const at = (this.#laterBytes + bytes.length - kept.length) % HALF;
    const copied = kept.copy(this.#ring, at);
    kept.copy(this.#ring, 0, copied);
    this.#laterBytes += bytes.length;
  }

  text(): string {
    const head = Buffer.concat(this.#head).toString('utf8');
    if (!this.#ring) return head;
    const dropped = this.#laterBytes - HALF;
    if (dropped <= 0) return Buffer.concat([...this.#head, this.#ring.subarray(0, this.#laterBytes)]).toString('utf8');
    const at = this.#laterBytes % HALF;
    const tail = Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]).toString('utf8');
    return `${head}\n[… ${dropped} bytes left out …]\n${tail}`;
  }
}
