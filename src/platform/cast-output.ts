import { openSync, writeSync } from 'node:fs';

/** Names a file that gets all that the app writes to its terminal, as an asciicast (version 2). */
export const CAST_VARIABLE = 'MASSGEN_CAST';

/**
 * A stream that does what this one does and keeps everything that is written in a new file, with the seconds since the
 * process began. Throws the system's error when the file cannot be made; what cannot be written later is left out.
 */
export function castOutput(stream: NodeJS.WriteStream, path: string): NodeJS.WriteStream {
  const file = openSync(path, 'wx', 0o600);
  const put = (value: unknown): void => {
    try {
      writeSync(file, `${JSON.stringify(value)}\n`);
    } catch {
      // The screen matters more than its copy.
    }
  };
  put({ version: 2, width: stream.columns, height: stream.rows });
  // A piece may end within a character.
  const decoder = new TextDecoder();
  const write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    put([Number((performance.now() / 1000).toFixed(4)), 'o', text]);
    return stream.write(chunk, ...rest);
  };
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === 'write') return write;
      // Who writes to the descriptor itself would not be heard.
      if (name === 'fd') return undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
