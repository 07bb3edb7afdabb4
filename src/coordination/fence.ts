import type { Alias, AnswerLabel } from '../events/event.ts';
import type { Exchange, LeftAnswer } from '../events/exchange.ts';
import { aliasOfLabel } from './protocol.ts';

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
  return answers.map(({ label, text }) => fence(`answer ${label}`, text, boundary)).join('\n');
}

/**
 * A text of somebody else, marked as such. There are no quotation marks in the fence, and its end does not repeat the
 * name: every call sends all fences again, and in JSON a quotation mark costs twice.
 */
export function fence(name: string, text: string, boundary: string): string {
  return `<${name} ${boundary}>\n${text}\n</${boundary}>`;
}

/** Stands in a prompt for the reader's own answer, whose words are in its conversation already. */
export const OWN_ANSWER = '(yours, as handed in above)';

/** Reads back what `fenceAnswers` wrote: how built-in agents, which are no language models, see their peers. */
export function readFencedAnswers(prompt: string): FencedAnswer[] {
  const found: FencedAnswer[] = [];
  const open = /<answer (\S+) (\S+)>\n/g;
  for (let match = open.exec(prompt); match; match = open.exec(prompt)) {
    const [, label = '', boundary = ''] = match;
    const start = open.lastIndex;
    const end = prompt.indexOf(`\n</${boundary}>`, start);
    if (end < 0) break;
    found.push({ alias: aliasOfLabel(label), label, text: prompt.slice(start, end) });
    open.lastIndex = end;
  }
  return found;
}

/** Fences the user's question, for the same reasons. */
export function fenceQuestion(question: string, boundary: string): string {
  return fence('question', question, boundary);
}

/** Fences the earlier questions of a session with their answers, oldest first; empty where there are none. */
export function fenceHistory(history: readonly Exchange[], boundary: string): string {
  return history
    .map(({ question, answer, outcome, asked = [], review, left = [] }, index) => {
      const open = `turn="${index + 1}" fence="${boundary}"`;
      const posed = `<earlier-question ${open}>\n${question}\n</earlier-question fence="${boundary}">`;
      const told = asked
        .map((each) => `\n\n${fence('user-was-asked', `${each.text}\n\nThe user said: ${each.answer}`, boundary)}`)
        .join('');
      const reviewed = review === undefined ? '' : `\n\n${fence('user-review', review, boundary)}`;
      const note = [`(This turn ${UNANSWERED[outcome]}, so it has no answer.)`, ...leftLines(left, boundary)].join(
        '\n\n',
      );
      return answer === null
        ? `${posed}${told}\n\n${note}${reviewed}`
        : `${posed}${told}\n\n<earlier-answer ${open}>\n${answer}\n</earlier-answer fence="${boundary}">${reviewed}`;
    })
    .join('\n\n');
}

/** Agents by letters: their names would tell who is who, and aliases are dealt anew in every run. */
function leftLines(left: readonly LeftAnswer[], boundary: string): string[] {
  const letters = new Map(left.map(({ by }, index) => [by, String.fromCharCode(65 + index)]));
  const letter = (by: string): string => letters.get(by) ?? 'another agent';
  const votes = left.flatMap(({ by, votedFor }) =>
    votedFor === null ? [] : [`${letter(by)} for that of ${letter(votedFor)}`],
  );
  const winner = left.find(({ isWinner }) => isWinner);
  return [
    ...(left.length > 0 ? ['What agents had handed in by then:'] : []),
    ...left.map(({ by, text }) => fence(`unfinished-answer of ${letter(by)}`, text, boundary)),
    ...(votes.length > 0 ? [`Votes by then: ${votes.join(', ')}.`] : []),
    ...(winner ? [`The answer of ${letter(winner.by)} had won and was not presented yet.`] : []),
  ];
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
  const match = /<question (\S+)>\n/.exec(prompt);
  if (!match) return null;
  const start = match.index + match[0].length;
  const end = prompt.indexOf(`\n</${match[1]}>`, start);
  return end < 0 ? null : prompt.slice(start, end);
}
