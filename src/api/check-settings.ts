import { DEFAULT_SETTINGS, NO_LIMITS, type CoordinationSettings } from '../events/settings.ts';
import { MassgenError } from '../platform/errors.ts';
import { isObject, number, oneOf, orNull, shape, SWITCH, TEXT, whole, type Wanted } from './wanted.ts';

const LIMIT = orNull(number(0));
const STRICTNESS = oneOf('lenient', 'balanced', 'strict');
const DEGREE = oneOf('low', 'medium', 'high');
const ROUND_LIMITS = shape({}, { firstMs: LIMIT, laterMs: LIMIT, graceMs: number(0) });

const WANTED: Record<keyof CoordinationSettings, Wanted> = {
  votingRule: oneOf('copeland', 'borda', 'plurality', 'approval'),
  tieBreak: oneOf('earliest-answer', 'registration', 'fewest-tokens', 'random'),
  countSelfVotes: SWITCH,
  updates: oneOf('inject', 'restart', 'finish-then-judge'),
  maxUpdatesPerTurn: orNull(whole(0)),
  maxAnswersPerAgent: orNull(whole(1)),
  maxProtocolRetries: whole(0),
  maxToolRounds: whole(1),
  finalAnswer: oneOf('present', 'reuse', 'synthesize'),
  maxRestarts: whole(0),
  restartMode: oneOf('selective', 'full'),
  novelty: STRICTNESS,
  sensitivity: STRICTNESS,
  peerAnswerChars: orNull(whole(0)),
  peerSummaries: SWITCH,
  timeoutMs: LIMIT,
  roundLimits: ROUND_LIMITS,
  personas: orNull(
    shape(
      {
        strategy: oneOf('complementary', 'diverse', 'specialized', 'adversarial'),
        diversity: oneOf('perspective', 'implementation'),
        guidelines: TEXT,
      },
      { persists: { is: (value) => value === true, words: 'true' } },
    ),
  ),
  rewording: orNull(
    shape(
      {
        variants: whole(1),
        strategy: oneOf('balanced', 'diverse', 'conservative', 'adaptive'),
        threshold: number(0, 1),
        thinks: SWITCH,
      },
      {
        isCached: { is: (value) => value === true, words: 'true' },
        temperatures: { is: isRange, words: 'two numbers from 0, the lower one first' },
      },
    ),
  ),
  subtasks: orNull(oneOf('given', 'asked-for')),
  maxAnswersTotal: orNull(whole(1)),
  quorum: orNull(whole(1)),
  earlyStop: oneOf('safe', 'ballots', 'probable', 'never'),
  earlyStopProbability: number(0.5, 1),
  firstAnswerWins: SWITCH,
  evaluatedInstead: orNull(TEXT),
  limits: shape({}, { usd: LIMIT, tokens: LIMIT, seconds: LIMIT, toolCalls: LIMIT }),
  planning: orNull(shape({ instruction: TEXT }, { isPart: { is: (value) => value === true, words: 'true' } })),
  taskPlanning: SWITCH,
  maxTasksPerPlan: whole(1),
  subagents: orNull(
    shape(
      {
        timeoutMs: number(1),
        maxAtOnce: whole(1),
        maxPerAgent: whole(1),
        maxPerRun: whole(1),
        roundLimits: ROUND_LIMITS,
      },
      { kinds: { is: isTexts, words: 'an object of texts' } },
    ),
  ),
  broadcast: oneOf('off', 'agents', 'human'),
  broadcastTimeoutMs: LIMIT,
  broadcastWait: SWITCH,
  maxBroadcastsPerAgent: whole(0),
  broadcastSensitivity: DEGREE,
  responseDepth: DEGREE,
  applyChanges: orNull(oneOf('ask', 'auto', 'never')),
};

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
  return Object.fromEntries(given.map(([key, value]) => [key, completed(key, value)])) as Partial<CoordinationSettings>;
}

/** A program that limits money only need not say that nothing else is limited. */
function completed(key: string, value: unknown): unknown {
  if (key === 'limits') return { ...NO_LIMITS, ...(value as object) };
  if (key === 'roundLimits') return { ...DEFAULT_SETTINGS.roundLimits, ...(value as object) };
  return value;
}

/** What would be right; null when it is. */
function wantedOf(key: string, value: unknown): string | null {
  if (!isKey(key)) return `there is no such setting. There are: ${Object.keys(WANTED).join(', ')}.`;
  const { is, words } = WANTED[key];
  return is(value) ? null : `it must be ${words}.`;
}

function isKey(key: string): key is keyof CoordinationSettings {
  return Object.hasOwn(WANTED, key);
}

function isRange(value: unknown): boolean {
  const [low, high, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return more.length === 0 && typeof low === 'number' && typeof high === 'number' && low >= 0 && high >= low;
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string');
}
