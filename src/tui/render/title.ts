type Env = Readonly<Record<string, string | undefined>>;

/** Keeps the terminal's title aside, and brings it back. A terminal that cannot do so gets an empty one, and shows its own. */
export const KEEP_TITLE = '\x1b[22;2t';
export const BACK_TITLE = '\x1b]2;\x1b\\\x1b[23;2t';

/** True where a title can be set without a trace: the Linux console would print it. `MASSGEN_TITLE=off` leaves it alone. */
export function canSetTitle(env: Env): boolean {
  const term = env['TERM'] ?? '';
  return term !== '' && !/^(?:linux|dumb|vt\d)/.test(term) && env['MASSGEN_TITLE'] !== 'off';
}

/** Sets the title. `text` is sanitized and on one line. */
export function titleSequence(text: string): string {
  return `\x1b]2;${text}\x1b\\`;
}
