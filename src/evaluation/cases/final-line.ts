/** Told with every question, so that an exact check knows where the answer stands. */
export const FINAL_LINE = 'End with a line "Answer: …" that holds nothing but the answer.';

/**
 * What stands behind the last `Answer:`, up to the end of its line, without Markdown's signs around it; the last line
 * that is not empty where the word is missing.
 */
export function finalLine(text: string): string {
  const lines = text.split('\n').map(withoutMarks).filter(Boolean);
  const named = lines.findLast((line) => NAMED.test(line));
  return withoutMarks((named ?? lines.at(-1) ?? '').replace(NAMED, ''));
}

const NAMED = /^(?:the )?(?:final )?answer\s*(?::|=|is\b:?)\s*/i;

function withoutMarks(line: string): string {
  return line
    .replace(/^[\s>#*_`-]*(?=\S)/, (marks) => (marks.endsWith('-') ? '-' : ''))
    .replace(/(\*\*|__|`)/g, '')
    .replace(/\\boxed\{(.*)\}/, '$1')
    .replace(/^\$+|\$+$/g, '')
    .trim();
}
