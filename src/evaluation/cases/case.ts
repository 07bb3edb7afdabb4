import type { JsonObject } from '../../events/json.ts';
import type { Random } from '../../events/random.ts';

/** One question of an evaluation, with what makes an answer to it right. */
export interface Case {
  /** Unique in its suite. */
  id: string;
  /** What sort of question it is, e.g. `arithmetic`; results are told by it. */
  kind: string;
  question: string;
  check: Check;
}

/** How an answer is judged. All but `judge` and `unit-tests` are exact and cost nothing. */
export type Check =
  /** The final answer is one of these; case, spaces and surrounding punctuation do not matter. */
  | { type: 'exact'; expected: string[] }
  /** The final answer is this number, up to `tolerance`. */
  | { type: 'numeric'; expected: number; tolerance: number }
  /** Searched for in the whole answer. */
  | { type: 'regex'; pattern: string; flags: string }
  /** The answer holds JSON, alone or in a code block, that follows the schema. */
  | { type: 'json-schema'; schema: JsonObject }
  /** The final answer says each name's value, such as `Ann: knight`. */
  | { type: 'assignment'; expected: Record<string, string> }
  /** The final answer is an expression that makes `target` of some of the numbers, each used at most as often as it is there. */
  | { type: 'countdown'; numbers: number[]; target: number }
  /** The answer holds a program; the tests run after it, in the sandbox, and end with exit code 0. */
  | { type: 'unit-tests'; language: 'javascript' | 'python'; tests: string }
  /** A model says whether the answer fulfils the rubric. */
  | { type: 'judge'; rubric: string };

/** Makes one case; `level` is 1 for easy ones and has no upper end. */
export type Generate = (random: Random, level: number) => Pick<Case, 'question' | 'check'>;
