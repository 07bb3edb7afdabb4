/** A Markdown fence that is longer than any row of backticks in the text, so that the text cannot end it. */
export function codeFence(text: string): string {
  let longest = 2;
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  return '`'.repeat(longest + 1);
}
