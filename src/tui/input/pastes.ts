/** Longer pastes would bury the question: a mark stands for them. */
const MAX_CHARS = 2000;
const MAX_LINES = 10;

/** The mark that stands for a long paste, and the pastes with it; null for one that is short enough to be shown. */
export function collapsePaste(pastes: readonly string[], text: string): { mark: string; pastes: string[] } | null {
  // The break at the end of the last line begins no further one.
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (text.length <= MAX_CHARS && lines <= MAX_LINES) return null;
  const size = lines > 1 ? `${lines} lines` : `${text.length} characters`;
  return { mark: `[paste ${pastes.length + 1}: ${size}]`, pastes: [...pastes, text] };
}

/** The text with the pastes in the places of their marks. Other text in brackets stays as it is. */
export function expandPastes(text: string, pastes: readonly string[]): string {
  return text.replaceAll(
    /\[paste (\d+): \d+ (?:lines|characters)\]/g,
    (mark, number) => pastes[Number(number) - 1] ?? mark,
  );
}
