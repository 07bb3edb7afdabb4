/**
 * Reads a stream to its end as UTF-8. Resolves with null when nothing at all comes within `patienceMs`, so that a
 * standard input which nobody writes to, and nobody closes, does not hang the program.
 */
export function readText(stream: NodeJS.ReadableStream, patienceMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (text: string | null): void => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('error', onEnd);
      stream.pause();
      resolve(text);
    };
    const onData = (chunk: Buffer | string): void => {
      clearTimeout(timer);
      chunks.push(Buffer.from(chunk));
    };
    const onEnd = (): void => finish(Buffer.concat(chunks).toString('utf8'));
    const timer = setTimeout(() => finish(null), patienceMs);
    stream.on('data', onData).on('end', onEnd).on('error', onEnd);
  });
}
