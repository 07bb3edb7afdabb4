import type { Alias, EventOf, Preparation, PreparedText } from '../events/event.ts';
import { isJsonObject, type JsonValue } from '../events/json.ts';
import { isReached } from './reach.ts';
import { spend } from './spending.ts';
import type { RunState } from './state.ts';

/** What a run prepares before anybody drafts, in this order; nothing for one agent alone. */
function wantedPreparations({ order, settings }: RunState): Preparation[] {
  if (order.length < 2) return [];
  return [
    ...(settings.subtasks === 'asked-for' ? (['subtasks'] as const) : []),
    ...(settings.personas ? (['personas'] as const) : []),
    ...(settings.rewording ? (['rewording'] as const) : []),
  ];
}

/** The next one to begin, `wait` while one is under way, null when all are there. They run side by side. */
export function nextPreparation(state: RunState): Preparation | 'wait' | null {
  const wanted = wantedPreparations(state);
  const next = wanted.find((what) => !state.preparing.includes(what) && !state.prepared[what]);
  if (next) return next;
  return state.preparing.length > 0 ? 'wait' : null;
}

/** Folds the beginning or end of a preparation. Whoever goes on with a run begins those anew that were under way. */
export function applyPreparation(
  state: RunState,
  event: EventOf<'preparation.started' | 'preparation.finished'>,
): RunState {
  const { what } = event.data;
  const others = state.preparing.filter((each) => each !== what);
  if (event.type === 'preparation.started') return { ...state, preparing: [...others, what] };
  const { texts, usage, costUsd } = event.data;
  return {
    ...spend(state, 'preparation', usage, costUsd),
    preparing: others,
    prepared: { ...state.prepared, [what]: texts },
  };
}

/** What was prepared for that agent; null where there is nothing. */
export function preparedFor(state: RunState, what: Preparation, alias: Alias): PreparedText | null {
  return state.prepared[what]?.[alias] ?? null;
}

const MAX_TEXT_CHARS = 4_000;

/**
 * What a model has said for each agent: `{agents: [{agent, text, depends_on?}]}`. Names that are no agents, empty texts
 * and second texts for the same agent are left out; so are dependencies on nobody, on itself, and those that would close
 * a circle. Never throws, whatever the value is.
 */
export function readTexts(value: JsonValue, order: readonly Alias[]): Record<Alias, PreparedText> {
  const entries = isJsonObject(value) && Array.isArray(value['agents']) ? value['agents'] : [];
  const texts: Record<Alias, PreparedText> = {};
  for (const entry of entries) {
    if (!isJsonObject(entry)) continue;
    const { agent, text, depends_on } = entry;
    if (typeof agent !== 'string' || typeof text !== 'string' || !order.includes(agent)) continue;
    if (Object.hasOwn(texts, agent) || text.trim() === '') continue;
    texts[agent] = { text: cut(text), dependsOn: namesIn(depends_on) };
  }
  return withoutCircles(texts, order);
}

/** Variants that mean the same as the question, one for each agent in turn; empty when none is left. */
export function readVariants(
  value: JsonValue,
  order: readonly Alias[],
  question: string,
  { count, threshold }: { count: number; threshold: number },
): Record<Alias, PreparedText> {
  const entries = isJsonObject(value) && Array.isArray(value['variants']) ? value['variants'] : [];
  const variants = entries.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry['text'] !== 'string') return [];
    const { text, likeness } = entry;
    if (threshold > 0 && (typeof likeness !== 'number' || likeness < threshold)) return [];
    return text.trim() === '' || text.trim() === question.trim() ? [] : [cut(text)];
  });
  return shareWordings([...new Set(variants)].slice(0, count), order);
}

/** One of the wordings for each agent in turn; empty where there is none. */
export function shareWordings(wordings: readonly string[], order: readonly Alias[]): Record<Alias, PreparedText> {
  return Object.fromEntries(
    order.flatMap((alias, index): [Alias, PreparedText][] => {
      const text = wordings[index % Math.max(1, wordings.length)];
      return text === undefined ? [] : [[alias, { text, dependsOn: [] }]];
    }),
  );
}

/** Keeps every dependency that does not close a circle with those before it, in the order of the agents. */
export function withoutCircles(
  texts: Readonly<Record<Alias, PreparedText>>,
  order: readonly Alias[],
): Record<Alias, PreparedText> {
  const kept = new Map<Alias, Alias[]>();
  for (const alias of order) {
    for (const other of new Set(texts[alias]?.dependsOn)) {
      if (texts[other] && !isReached(other, alias, kept)) kept.set(alias, [...(kept.get(alias) ?? []), other]);
    }
  }
  return Object.fromEntries(
    order.flatMap((alias): [Alias, PreparedText][] => {
      const text = texts[alias];
      return text ? [[alias, { ...text, dependsOn: kept.get(alias) ?? [] }]] : [];
    }),
  );
}

function namesIn(value: JsonValue | undefined): Alias[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function cut(text: string): string {
  return text.trim().slice(0, MAX_TEXT_CHARS).toWellFormed();
}
