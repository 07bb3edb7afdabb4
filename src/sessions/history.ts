import { foldEvents } from '../coordination/apply.ts';
import { answerText } from '../coordination/remembered.ts';
import type { RunState } from '../coordination/state.ts';
import { agentOf, agentsOf, countingBallots, latestAnswer } from '../coordination/views.ts';
import type { Exchange } from '../events/exchange.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Session } from './session-store.ts';

/** Characters of earlier questions and answers that a prompt holds; the latest ones are kept whole. */
const MAX_HISTORY_CHARS = 120_000;
const SHORT_CHARS = 600;
/** Characters of the answers that one turn without a final answer leaves. */
const MAX_LEFT_CHARS = 60_000;

/** What was asked and answered in a session. Runs whose logs are gone or damaged are left out. Never rejects. */
export async function readHistory(session: Session): Promise<Exchange[]> {
  const states = await Promise.all(session.runs.map(({ dir }) => readAll(dir).then(foldEvents, () => null)));
  return shorten(states.flatMap((state) => (state ? exchangeOf(state) : [])));
}

export function exchangeOf(state: RunState): Exchange {
  const asked = state.asked.flatMap(({ text, answers }) =>
    answers.flatMap((each) =>
      each.by === 'user' && each.outcome === 'answered' ? [{ text, answer: answerText(each) }] : [],
    ),
  );
  return {
    question: state.question,
    answer: state.final?.text ?? null,
    outcome: state.end?.outcome ?? 'unfinished',
    ...(asked.length > 0 && { asked }),
    ...reviewOf(state),
    ...leftOf(state),
  };
}

/** What a run that came to no answer leaves to the next question. */
function leftOf(state: RunState): Pick<Exchange, 'left'> {
  if (state.final) return {};
  const answers = agentsOf(state).flatMap((agent) => latestAnswer(agent) ?? []);
  if (answers.length === 0) return {};
  const ids = new Map(answers.map(({ label, alias }) => [label, agentOf(state, alias).info.id]));
  const ballots = new Map(countingBallots(state).map(({ voter, choice }) => [voter, choice]));
  const limit = Math.max(SHORT_CHARS, Math.floor(MAX_LEFT_CHARS / answers.length));
  return {
    left: answers.map(({ label, alias, text }) => ({
      by: agentOf(state, alias).info.id,
      text: cut(text, limit),
      votedFor: ids.get(ballots.get(alias) ?? '') ?? null,
      isWinner: state.winner?.label === label,
    })),
  };
}

/** What was accepted stands beside the comment: without that, nobody knows what it is about. */
function reviewOf({ changes }: RunState): Pick<Exchange, 'review'> {
  if (changes?.comment === undefined) return {};
  const left = changes.files.filter(({ path }) => !changes.accepted.includes(path)).map(({ path }) => path);
  const told = [
    changes.accepted.length > 0
      ? `Accepted: ${changes.accepted.join(', ')}.`
      : 'None of the changed files was accepted.',
    changes.accepted.length > 0 && left.length > 0 ? `Not accepted: ${left.join(', ')}.` : '',
    `The user said: ${changes.comment}`,
  ];
  return { review: told.filter(Boolean).join(' ') };
}

/** Cuts the oldest texts to their beginnings until the whole fits; the last exchange is never cut. */
export function shorten(history: readonly Exchange[], limit = MAX_HISTORY_CHARS): Exchange[] {
  let length = history.reduce((sum, exchange) => sum + lengthOf(exchange), 0);
  return history.map((exchange, index) => {
    if (length <= limit || index === history.length - 1) return exchange;
    const { question, answer } = exchange;
    const review = exchange.review === undefined ? {} : { review: cut(exchange.review) };
    const asked = exchange.asked?.map((each) => ({ text: cut(each.text), answer: cut(each.answer) }));
    const left = exchange.left?.map((each) => ({ ...each, text: cut(each.text) }));
    const short = {
      ...exchange,
      question: cut(question),
      answer: answer === null ? null : cut(answer),
      ...(asked && { asked }),
      ...(left && { left }),
      ...review,
    };
    length -= lengthOf(exchange) - lengthOf(short);
    return short;
  });
}

function lengthOf({ question, answer, asked = [], review = '', left = [] }: Exchange): number {
  const texts = [
    question,
    answer ?? '',
    review,
    ...asked.flatMap((each) => [each.text, each.answer]),
    ...left.map(({ text }) => text),
  ];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function cut(text: string, limit = SHORT_CHARS): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).toWellFormed()} … (shortened)`;
}
