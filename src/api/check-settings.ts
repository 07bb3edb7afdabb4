import { isJsonObject } from '../events/json.ts';
import { DEFAULT_SETTINGS, NO_LIMITS, type CoordinationSettings } from '../events/settings.ts';
import { MassgenError } from '../platform/errors.ts';

type Key = keyof CoordinationSettings;

const STRICTNESS = ['lenient', 'balanced', 'strict'];

/** What settings that are words may say. */
export const WORDS: Partial<Record<Key, readonly string[]>> = {
  votingRule: ['copeland', 'borda', 'plurality', 'approval'],
  tieBreak: ['earliest-answer', 'registration', 'fewest-tokens', 'random'],
  updates: ['inject', 'restart', 'finish-then-judge'],
  finalAnswer: ['present', 'reuse', 'synthesize'],
  earlyStop: ['safe', 'ballots', 'probable', 'never'],
  novelty: STRICTNESS,
  sensitivity: STRICTNESS,
  broadcast: ['off', 'agents', 'human'],
  broadcastSensitivity: ['low', 'medium', 'high'],
  responseDepth: ['low', 'medium', 'high'],
};

/** Numbers that may be missing, besides those that are by default. */
const NULLABLE: readonly Key[] = ['timeoutMs', 'maxAnswersPerAgent', 'broadcastTimeoutMs'];

/**
 * The settings that a program gave, without those that are undefined. Throws a MassgenError that says which one is
 * wrong: not every program is checked by a compiler, and a run by a rule that does not exist would never end.
 */
export function checkSettings(settings: Partial<CoordinationSettings>): Partial<CoordinationSettings> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    const wanted = wantedOf(key, value);
    if (wanted !== null) throw new MassgenError('usage', `settings.${key}: ${wanted}`);
  }
  // A program that limits money only need not say that nothing else is limited.
  const whole = given.map(([key, value]) => [key, key === 'limits' ? { ...NO_LIMITS, ...(value as object) } : value]);
  return Object.fromEntries(whole) as Partial<CoordinationSettings>;
}

/** What would be right; null when it is. */
function wantedOf(key: string, value: unknown): string | null {
  if (!isKey(key)) return `there is no such setting. There are: ${Object.keys(DEFAULT_SETTINGS).join(', ')}.`;
  const words = WORDS[key];
  if (words) return words.includes(value as string) ? null : `it must be one of ${words.join(', ')}.`;
  const usual = DEFAULT_SETTINGS[key];
  if (typeof usual === 'boolean') return typeof value === 'boolean' ? null : 'it must be true or false.';
  if (usual !== null && typeof usual === 'object') {
    const isLimits = isJsonObject(value) && Object.entries(value).every(([name, limit]) => isLimit(usual, name, limit));
    return isLimits ? null : `it must be an object with ${Object.keys(usual).join(', ')}: numbers from 0, or null.`;
  }
  const mayBeNull = usual === null || NULLABLE.includes(key);
  if (mayBeNull && value === null) return null;
  const isNumber = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  return isNumber ? null : `it must be a number from 0${mayBeNull ? ', or null' : ''}.`;
}

function isLimit(usual: object, name: string, limit: unknown): boolean {
  return Object.hasOwn(usual, name) && (limit === null || (typeof limit === 'number' && limit >= 0));
}

function isKey(key: string): key is Key {
  return Object.hasOwn(DEFAULT_SETTINGS, key);
}
