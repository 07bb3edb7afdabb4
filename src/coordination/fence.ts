import type { Alias, AnswerLabel } from '../events/event.ts';

/** An answer as it stands in a prompt. */
export interface FencedAnswer {
  label: AnswerLabel;
  alias: Alias;
  text: string;
}

/**
 * Writes peers' answers into a prompt as data. The boundary is random per prompt, so no answer can close its own
 * fence or forge another's; a boundary that occurs in a text is a bug of the caller, who must draw another one.
 */
export function fenceAnswers(answers: readonly FencedAnswer[], boundary: string): string {
  return answers
    .map(
      (a) =>
        `<answer agent="${a.alias}" version="${a.label}" fence="${boundary}">\n${a.text}\n</answer fence="${boundary}">`,
    )
    .join('\n\n');
}

/** Reads back what `fenceAnswers` wrote: how built-in agents, which are no language models, see their peers. */
export function readFencedAnswers(prompt: string): FencedAnswer[] {
  const found: FencedAnswer[] = [];
  const open = /<answer agent="([^"]+)" version="([^"]+)" fence="([^"]+)">\n/g;
  for (let match = open.exec(prompt); match; match = open.exec(prompt)) {
    const [, alias = '', label = '', boundary = ''] = match;
    const start = open.lastIndex;
    const end = prompt.indexOf(`\n</answer fence="${boundary}">`, start);
    if (end < 0) break;
    found.push({ alias, label, text: prompt.slice(start, end) });
    open.lastIndex = end;
  }
  return found;
}

/** Fences the user's question, for the same reasons. */
export function fenceQuestion(question: string, boundary: string): string {
  return `<question fence="${boundary}">\n${question}\n</question fence="${boundary}">`;
}

/** The first fenced question in a prompt; null if there is none. */
export function readFencedQuestion(prompt: string): string | null {
  const match = /<question fence="([^"]+)">\n/.exec(prompt);
  if (!match) return null;
  const start = match.index + match[0].length;
  const end = prompt.indexOf(`\n</question fence="${match[1]}">`, start);
  return end < 0 ? null : prompt.slice(start, end);
}
