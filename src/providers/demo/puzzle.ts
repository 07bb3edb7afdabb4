/** A *Countdown* numbers game: reach the target with some of the numbers, each used at most once. */
export interface Puzzle {
  target: number;
  numbers: number[];
  /** The expression is to stand on a line of its own, as questions of an evaluation ask for it: `Answer: …`. */
  isMarked?: true;
}

/** What the built-in agents can be asked, for people who asked something else. */
export const PUZZLE_HELP =
  'The built-in agents only solve number puzzles: ask, for example, "Make 952 from 25 50 75 100 3 6".';

const MAX_NUMBERS = 8;
const MAX_NUMBER = 10_000;
const MAX_TARGET = 1_000_000;

/** How far from a number the words may stand that say what it is. */
const REACH = 60;

interface Token {
  value: number;
  start: number;
  end: number;
}

const BETWEEN_NUMBERS = /^[\s,;|&+]{0,20}(?:and\s{1,20})?$/i;
const MAKE =
  /(?:make|makes|making|reach|reaches|get|gets|getting|hit|form|obtain|produce|build|create|compute|total|equals?|target|goal|to|be|=+|->|=>|→|⇒)\s*(?:(?:up|exactly|the|number|value|of|is|be|:|=|a|an|total|target)\s*)*$/i;
const STRONG = /(?:target|goal)\W*(?:\w+\W+){0,2}$/i;
const FROM = /^\W{0,3}(?:from|using|with|out of|by using|given|by|of)\b/i;

/**
 * Finds a puzzle in free text: the longest list of numbers is what may be used, and a number that is called a target
 * ("make 952", "target: 952", "= 952", "952 from …") is the target. Null when the text has no such pair, or when its
 * numbers are not whole and positive, more than eight, or too large for the agents.
 */
export function parsePuzzle(text: string): Puzzle | null {
  const tokens = [...text.slice(0, 10_000).matchAll(/\d+(?:\.\d+)?/g)].map((match): Token => ({
    value: Number(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const lists = listsOf(tokens, text);
  const longest = lists.toSorted((a, b) => b.length - a.length)[0];
  if (!longest || longest.length < 2) return null;
  const found = splitPuzzle(longest, tokens, text);
  if (!found || !isPlayable(found)) return null;
  return text.includes('"Answer: …"') ? { ...found, isMarked: true } : found;
}

function splitPuzzle(list: readonly Token[], tokens: readonly Token[], text: string): Puzzle | null {
  const others = tokens.filter((token) => !list.includes(token));
  const target =
    others.find((token) => STRONG.test(before(token, text))) ??
    others.find((token) => MAKE.test(before(token, text))) ??
    others.find((token) => FROM.test(text.slice(token.end, token.end + REACH)));
  const numbers = list.map((token) => token.value);
  if (target) return { target: target.value, numbers };
  // "Make 952 25 50 75": the list has swallowed its target.
  const [first, ...rest] = list;
  if (first && rest.length >= 2 && MAKE.test(before(first, text))) {
    return { target: first.value, numbers: rest.map((token) => token.value) };
  }
  return null;
}

/** The words that lead up to a number. */
function before(token: Token, text: string): string {
  return text.slice(Math.max(0, token.start - REACH), token.start);
}

/** Numbers that only separators stand between. */
function listsOf(tokens: readonly Token[], text: string): Token[][] {
  const lists: Token[][] = [];
  let last: Token | null = null;
  for (const token of tokens) {
    const list = lists.at(-1);
    if (list && last && BETWEEN_NUMBERS.test(text.slice(last.end, token.start))) list.push(token);
    else lists.push([token]);
    last = token;
  }
  return lists;
}

function isPlayable({ target, numbers }: Puzzle): boolean {
  const isGood = (n: number, max: number): boolean => Number.isInteger(n) && n >= 1 && n <= max;
  return numbers.length <= MAX_NUMBERS && isGood(target, MAX_TARGET) && numbers.every((n) => isGood(n, MAX_NUMBER));
}
