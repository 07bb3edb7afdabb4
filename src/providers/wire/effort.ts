const ORDER = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Efforts that OpenAI's models take. The first pattern that fits decides; a model that is not here takes any word. */
const TAKEN: readonly (readonly [pattern: RegExp, efforts: readonly string[]])[] = [
  [/^o\d/, ['low', 'medium', 'high']],
  [/^gpt-5-pro/, ['high']],
  [/^gpt-5-codex/, ['low', 'medium', 'high']],
  [/^gpt-5(?:-(?:mini|nano))?(?:-\d{4}|$)/, ['minimal', 'low', 'medium', 'high']],
  [/^gpt-5\.1-codex-max/, ['none', 'low', 'medium', 'high', 'xhigh']],
  [/^gpt-5\.1/, ['none', 'low', 'medium', 'high']],
  [/^gpt-5\.\d+-pro/, ['medium', 'high', 'xhigh']],
  [/^gpt-5\.\d/, ['none', 'low', 'medium', 'high', 'xhigh']],
];

/** The effort in a word that the model takes: the nearest one, and of two the higher. */
export function takenEffort(model: string, effort: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return nearestEffort(effort, TAKEN.find(([pattern]) => pattern.test(name))?.[1] ?? ORDER);
}

/** A word that nobody knows stays what it is: the provider says what is wrong with it. */
export function nearestEffort(effort: string, taken: readonly string[]): string {
  const wanted = ORDER.indexOf(effort);
  if (wanted < 0) return effort;
  const far = (word: string): number => Math.abs(ORDER.indexOf(word) - wanted);
  return taken.reduce((best, word) => (far(word) <= far(best) ? word : best), taken[0] ?? effort);
}
