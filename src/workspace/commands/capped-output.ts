/** Of each output; what is between the beginning and the end of a longer one is thrown away while it comes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Keeps the first and the last half megabyte of an output. */
export class CappedOutput {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #dropped = 0;

  add(chunk: Buffer): void {
    const half = MAX_OUTPUT_BYTES / 2;
    const room = Math.max(0, half - this.#headBytes);
    if (room > 0) {
      this.#head.push(chunk.subarray(0, room));
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length <= room) return;
    const rest = chunk.subarray(room);
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tail[0] && this.#tailBytes - this.#tail[0].length >= half) {
      this.#dropped += this.#tail[0].length;
      this.#tailBytes -= this.#tail[0].length;
      this.#tail.shift();
    }
  }

  text(): string {
    const head = Buffer.concat(this.#head).toString('utf8');
    const tail = Buffer.concat(this.#tail).toString('utf8');
    return this.#dropped > 0 ? `${head}\n[… ${this.#dropped} bytes left out …]\n${tail}` : head + tail;
  }
}
