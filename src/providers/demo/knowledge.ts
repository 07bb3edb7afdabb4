import { readFencedQuestion } from '../../coordination/fence.ts';
import { NEW_ANSWER } from '../../coordination/protocol.ts';
import type { Message } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';
import { offeredTools, ownAlias, shownAnswers } from '../scripted/conversation.ts';
import { checkClaim, compareVerdicts, readClaim, type Claim, type Verdict } from './claim.ts';
import { parsePuzzle, type Puzzle } from './puzzle.ts';

/** An answer that the agent knows, with its claim. */
export interface KnownAnswer {
  alias: string;
  text: string;
  claim: Claim | null;
}

/** All that an agent knows, read from its conversation and nothing else. */
export interface Knowledge {
  puzzle: Puzzle;
  self: string | null;
  answers: KnownAnswer[];
  /** What the calculator said, by expression; null is an error. */
  checked: ReadonlyMap<string, number | null>;
  canCalculate: boolean;
  /** A new answer may be handed in, as far as the agent was told. */
  canAnswer: boolean;
}

export const CALCULATOR = 'calculator';

/** Null when the conversation asks no puzzle. */
export function readKnowledge(request: ModelRequest): Knowledge | null {
  const { messages } = request;
  const puzzle = parsePuzzle(readQuestion(messages));
  if (!puzzle) return null;
  const tools = offeredTools(request);
  return {
    puzzle,
    self: ownAlias(messages),
    answers: knownAnswers(messages),
    checked: calculations(messages),
    canCalculate: tools.has(CALCULATOR),
    canAnswer: tools.has(NEW_ANSWER) && !isAnswerRefused(messages),
  };
}

/** The first fenced question, since nothing before it can be anybody's forgery; else what the user said last. */
function readQuestion(messages: readonly Message[]): string {
  const said = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  for (const text of said) {
    const question = readFencedQuestion(text);
    if (question !== null) return question;
  }
  return said.findLast((text) => parsePuzzle(text) !== null) ?? said.at(-1) ?? '';
}

/** Answers shown, the own one replaced by what was handed in since. */
function knownAnswers(messages: readonly Message[]): KnownAnswer[] {
  const answers = shownAnswers(messages).map(({ alias, text }) => ({ alias, text, claim: readClaim(text) }));
  const own = acceptedAnswer(messages);
  const self = ownAlias(messages) ?? 'me';
  if (own === null) return answers;
  const known = { alias: self, text: own, claim: readClaim(own) };
  return answers.some((answer) => answer.alias === self)
    ? answers.map((answer) => (answer.alias === self ? known : answer))
    : [...answers, known];
}

/** The last answer that the agent handed in itself in this conversation, and that was not refused. */
function acceptedAnswer(messages: readonly Message[]): string | null {
  const refused = new Set(
    messages.flatMap((message) => (message.role === 'tool' && message.isError ? [message.callId] : [])),
  );
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.calls : []));
  const content = calls.findLast((call) => call.name === NEW_ANSWER && !refused.has(call.id))?.args?.['content'];
  return typeof content === 'string' ? content : null;
}

function calculations(messages: readonly Message[]): Map<string, number | null> {
  const expressions = new Map<string, string>();
  const values = new Map<string, number | null>();
  for (const message of messages) {
    if (message.role === 'assistant') {
      for (const call of message.calls) {
        const expression = call.args?.['expression'];
        if (call.name === CALCULATOR && typeof expression === 'string') expressions.set(call.id, expression);
      }
    }
    const expression = message.role === 'tool' ? expressions.get(message.callId) : undefined;
    if (message.role === 'tool' && expression !== undefined) {
      values.set(expression, message.isError ? null : wholeValue(message.output));
    }
  }
  return values;
}

function wholeValue(output: string): number | null {
  const match = /^\s*(-?\d+)\s*$/.exec(output);
  return match ? Number(match[1]) : null;
}

/** Since the last word of the user, a new answer was refused; or that word says that there may be no more. */
function isAnswerRefused(messages: readonly Message[]): boolean {
  const last = messages.findLastIndex((message) => message.role === 'user');
  const word = messages[last];
  if (word?.role === 'user' && /you have handed in all/i.test(word.text)) return true;
  return messages
    .slice(last + 1)
    .some((message) => message.role === 'tool' && message.name === NEW_ANSWER && message.isError);
}

export interface JudgedAnswer extends KnownAnswer {
  verdict: Verdict;
}

/** The known answers, best first. Uses what the calculator said; what it was not asked is computed in the head. */
export function judgeAnswers({ answers, puzzle, checked }: Knowledge): JudgedAnswer[] {
  return answers
    .map((answer): JudgedAnswer => ({ ...answer, verdict: verdictOf(answer.claim, puzzle, checked) }))
    .toSorted(
      (a, b) => compareVerdicts(a.verdict, b.verdict) || a.alias.localeCompare(b.alias, 'en', { numeric: true }),
    );
}

function verdictOf(claim: Claim | null, puzzle: Puzzle, checked: ReadonlyMap<string, number | null>): Verdict {
  if (claim) return checkClaim(claim, puzzle, checked.get(claim.expression));
  return {
    value: null,
    distance: Infinity,
    ops: Infinity,
    peak: Infinity,
    isTrue: false,
    fault: 'it has no expression that can be checked',
  };
}
