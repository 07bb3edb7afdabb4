import type { Alias, AnswerLabel } from '../events/event.ts';
import type { Exchange } from '../events/exchange.ts';

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

/** Stands in a prompt for the reader's own answer, whose words are in its conversation already. */
export const OWN_ANSWER = '(Your own, as you handed it in above.)';

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

/** Fences the earlier questions of a session with their answers, oldest first; empty where there are none. */
export function fenceHistory(history: readonly Exchange[], boundary: string): string {
  return history
    .map(({ question, answer, outcome }, index) => {
      const open = `turn="${index + 1}" fence="${boundary}"`;
      const asked = `<earlier-question ${open}>\n${question}\n</earlier-question fence="${boundary}">`;
      const note = `(This turn ${UNANSWERED[outcome]}, so it has no answer.)`;
      return answer === null
        ? `${asked}\n\n${note}`
        : `${asked}\n\n<earlier-answer ${open}>\n${answer}\n</earlier-answer fence="${boundary}">`;
    })
    .join('\n\n');
}

const UNANSWERED: Record<Exchange['outcome'], string> = {
  answered: 'ended',
  failed: 'failed',
  'timed-out': 'ran out of time',
  cancelled: 'was cancelled by the user',
  unfinished: 'was cut off',
};

/** The first fenced question in a prompt; null if there is none. */
export function readFencedQuestion(prompt: string): string | null {
  const match = /<question fence="([^"]+)">\n/.exec(prompt);
  if (!match) return null;
  const start = match.index + match[0].length;
  const end = prompt.indexOf(`\n</question fence="${match[1]}">`, start);
  return end < 0 ? null : prompt.slice(start, end);
}
