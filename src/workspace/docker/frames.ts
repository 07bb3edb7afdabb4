/**
 * Takes apart what a command in a container writes: frames of a kind (1 output, 2 error output), three zeros, a length of
 * four bytes, and so many bytes. They come in pieces of any size, and are told as they come. What does not look like
 * that is told as output.
 */
export function frameReader(onOutput: (chunk: Buffer, isError: boolean) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(8);
  let headerBytes = 0;
  let left = 0;
  let isError = false;
  let isRaw = false;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (isRaw) return onOutput(chunk.subarray(at), false);
      if (left === 0) {
        const taken = Math.min(header.length - headerBytes, chunk.length - at);
        chunk.copy(header, headerBytes, at, at + taken);
        headerBytes += taken;
        at += taken;
        if (headerBytes < header.length) return;
        headerBytes = 0;
        isRaw = (header[0] ?? 3) > 2 || header.readUIntBE(1, 3) !== 0;
        if (isRaw) onOutput(Buffer.from(header), false);
        isError = header[0] === 2;
        left = header.readUInt32BE(4);
      } else {
        const part = chunk.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        onOutput(part, isError);
      }
    }
  };
}
