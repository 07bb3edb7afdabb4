const LIMIT = 80;

/**
 * Text from a config as it may stand in a message: control characters, line breaks, direction marks and other
 * invisible characters are written as escapes, and what is long is cut.
 */
export function printable(text: string, limit: number = LIMIT): string {
  let out = '';
  let count = 0;
  for (const char of text) {
    if (count === limit) return `${out}…`;
    out += /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u.test(char) ? escape(char) : char;
    count += 1;
  }
  return out;
}

function escape(char: string): string {
  if (char === '\n') return String.raw`\n`;
  if (char === '\t') return String.raw`\t`;
  return String.raw`\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
