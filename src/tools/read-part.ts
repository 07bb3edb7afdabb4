/** Below what a model gets of any tool, so that the text is not cut in its middle. */
export const MAX_PART_CHARS = 25_000;

/** A part of a text from a character on, counted from 1, and the first one after it; null at the end. Cuts no character in two. */
export function partFrom(text: string, character: number): { part: string; next: number | null } {
  const from = character - 1;
  let end = Math.min(text.length, from + MAX_PART_CHARS);
  if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
  return { part: text.slice(from, end).toWellFormed(), next: end < text.length ? end + 1 : null };
}
