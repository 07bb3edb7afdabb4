import type { Alias, Respondent } from '../events/event.ts';
import type { AskedQuestion, RunState } from './state.ts';

/** What came of an earlier question. */
export interface Remembered {
  by: Respondent;
  choices: string[];
  text: string;
}

/**
 * The answers to the same question of whichever agent, in this run or (the user's) in an earlier one of the session;
 * null where nobody has answered it. It is the same if its words are; case, spaces and signs do not count.
 */
export function rememberedAnswers(state: RunState, text: string, to: readonly Respondent[]): Remembered[] | null {
  const wanted = wordsOf(text);
  for (const asked of state.asked.toReversed()) {
    if (wordsOf(asked.text) !== wanted) continue;
    const given = asked.answers.filter(({ outcome, by }) => outcome === 'answered' && to.includes(by));
    if (to.every((who) => given.some(({ by }) => by === who))) return given;
  }
  if (to.length !== 1 || to[0] !== 'user') return null;
  const earlier = state.history.flatMap(({ asked = [] }) => asked).findLast((each) => wordsOf(each.text) === wanted);
  return earlier ? [{ by: 'user', choices: [], text: earlier.answer }] : null;
}

/** What counts when two questions are compared. */
export function wordsOf(text: string): string {
  return (
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? text
  );
}

/** How many questions the agent has asked in this run; those of its subagents are not counted. */
export function countAsked(state: RunState, alias: Alias): number {
  return state.asked.filter((asked) => asked.alias === alias && asked.subagent === undefined).length;
}

/** The questions that the agent is to hear of at its next safe point. */
export function untoldTo(state: RunState, alias: Alias): AskedQuestion[] {
  return state.asked.filter(({ untold }) => untold.includes(alias));
}

/** An answer in words. */
export function answerText({ choices, text }: { choices: readonly string[]; text: string }): string {
  return [choices.join(', '), text].filter(Boolean).join('; ');
}
