import { MassgenError } from '../platform/errors.ts';
import type { RunOptions } from './run-options.ts';
import { isObject, OBJECT, SWITCH, TEXT, whole, type Wanted } from './wanted.ts';

const CALLBACK: Wanted = { is: (value) => typeof value === 'function', words: 'a function' };
const HISTORY: Wanted = {
  is: (value) => Array.isArray(value) && value.every(isPastTurn),
  words: 'a list of { question, answer }, where an answer is a text or null',
};

const WANTED: Record<keyof RunOptions, Wanted> = {
  config: TEXT,
  configObject: OBJECT,
  model: TEXT,
  models: { is: isTexts, words: 'a list of texts, at least one' },
  agents: { is: (value) => typeof value === 'number' || Array.isArray(value), words: 'a list of agents, or a number' },
  demo: SWITCH,
  backend: TEXT,
  baseUrl: TEXT,
  cwd: TEXT,
  env: OBJECT,
  signal: { is: isSignal, words: 'an AbortSignal' },
  onEvent: CALLBACK,
  onProblem: CALLBACK,
  isAttended: SWITCH,
  runsDir: TEXT,
  seed: whole(0),
  settings: OBJECT,
  systemMessage: TEXT,
  history: HISTORY,
  session: { is: (value) => value === true || typeof value === 'string', words: 'an id, or true for a new one' },
  speed: { is: (value) => typeof value === 'number' && value > 0, words: 'a number above 0' },
};

/**
 * What is wrong with options, since not every program is checked by a compiler: a name that is none would be ignored,
 * and another team be asked. Null when nothing is.
 */
export function wrongOption(options: unknown): MassgenError | null {
  if (!isObject(options)) return new MassgenError('usage', 'The options must be an object.');
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!isOption(name))
      return new MassgenError(
        'usage',
        `There is no option ${name.slice(0, 80)}. There are: ${Object.keys(WANTED).join(', ')}.`,
      );
    const { is, words } = WANTED[name];
    if (!is(value)) return new MassgenError('usage', `${name} must be ${words}.`);
  }
  return null;
}

function isOption(name: string): name is keyof RunOptions {
  return Object.hasOwn(WANTED, name);
}

/** Of another realm, or of a package that fills in for it, too. */
function isSignal(value: unknown): boolean {
  return isObject(value) && 'aborted' in value && 'addEventListener' in value && 'removeEventListener' in value;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}

function isPastTurn(value: unknown): boolean {
  if (!isObject(value) || !('question' in value)) return false;
  const { question, answer } = value as { question: unknown; answer?: unknown };
  return typeof question === 'string' && (typeof answer === 'string' || answer === null);
}
