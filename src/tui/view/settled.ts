/** Words and the spaces between them: nothing that comes after them can change how they look. */
const PLAIN = /(?:[^\s\\`*_~[\]<>!|&:@#]|[:!](?=\s)| )+/uy;
/** Code or bold text that is complete: the same is true of it. */
const MARKED = /`[^`\s\\]+(?: [^`\s\\]+)*`(?!`)|\*\*[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*\*\*(?!\*)/uy;
/** What may stand in front of code or bold text, and after it. */
const OUTSIDE = /[\s.,;()]/;

/** A stretch of a line whose look nothing that comes after it can change. */
export interface SettledPiece {
  kind: 'plain' | 'code' | 'bold';
  from: number;
  to: number;
}

/** The pieces of a line of Markdown, as far as nothing but settled text stands before them. */
export function settledPieces(line: string): SettledPiece[] {
  const pieces: SettledPiece[] = [];
  for (let from = 0; from < line.length;) {
    PLAIN.lastIndex = from;
    if (PLAIN.test(line)) {
      const to = PLAIN.lastIndex;
      pieces.push({ kind: 'plain', from, to });
      from = to;
      continue;
    }
    MARKED.lastIndex = from;
    if (!MARKED.test(line)) break;
    const to = MARKED.lastIndex;
    if (!(OUTSIDE.test(line[from - 1] ?? ' ') && OUTSIDE.test(line[to] ?? ''))) break;
    pieces.push({ kind: line[from] === '`' ? 'code' : 'bold', from, to });
    from = to;
  }
  return pieces;
}
