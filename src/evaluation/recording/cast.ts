import type { TerminalSize } from './terminal-size.ts';

/** What the app wrote to its terminal, with the times: the text of an asciicast, version 2. */
export interface Cast {
  size: TerminalSize;
  /** In order. `at` is in milliseconds since the process began. */
  outputs: { at: number; text: string }[];
}

/** Reads a cast; what is no event of output, and a torn last line, are left out. Null when it is no cast. */
export function parseCast(source: string): Cast | null {
  const [first = '', ...lines] = source.split('\n');
  const header = parse(first);
  if (typeof header !== 'object' || header === null || !('version' in header) || header.version !== 2) return null;
  const { width, height } = header as { width?: unknown; height?: unknown };
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  const outputs = lines.flatMap((line) => {
    const event = parse(line);
    if (!Array.isArray(event)) return [];
    const [seconds, kind, text] = event as unknown[];
    return typeof seconds === 'number' && kind === 'o' && typeof text === 'string'
      ? [{ at: seconds * 1000, text }]
      : [];
  });
  return { size: { cols: width, rows: height }, outputs };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
