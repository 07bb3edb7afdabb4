import { closest, distance } from 'fastest-levenshtein';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { BACKEND_TYPES, BACKEND_TYPE_NAMES } from './catalogue.ts';
import { printable } from './printable.ts';

/** MassGen's own table; its exact names come before any rule. */
const EXACT: Readonly<Record<string, readonly string[]>> = {
  openai: [
    'gpt-5',
    'gpt-5-mini',
    'gpt-5-nano',
    'gpt-5-codex',
    'gpt-4.1',
    'gpt-4.1-mini',
    'gpt-4.1-nano',
    'gpt-4o',
    'gpt-4o-mini',
    ...['o3', 'o3-mini', 'o4-mini'].flatMap((m) => [m, `${m}-low`, `${m}-medium`, `${m}-high`]),
  ],
  claude: [
    'claude-sonnet-4-5-20250929',
    'claude-opus-4-1-20250805',
    'claude-opus-4-20250514',
    'claude-sonnet-4-20250514',
    'claude-3-5-sonnet-latest',
    'claude-3-5-haiku-latest',
    'claude-3-5-sonnet-20250114',
    'claude-3-5-haiku-20241022',
    'claude-3-opus-20240229',
  ],
  gemini: ['gemini-2.5-flash', 'gemini-2.5-pro'],
  grok: ['grok-3-mini', 'grok-3', 'grok-4'],
  zai: ['glm-4.5', 'glm-4.5-air'],
};

/** The first rule that fits decides. A name with a slash could be anybody's, so no rule has one. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^gpt-oss/, ''],
  [/^(gpt-|chatgpt-|codex-|computer-use-|o[1-9](-|$))/, 'openai'],
  [/^claude-/, 'claude'],
  [/^gemini-/, 'gemini'],
  [/^grok-/, 'grok'],
  [/^glm-/, 'zai'],
  [/^deepseek-/, 'deepseek'],
  [/^(mistral|magistral|ministral|codestral|devstral|pixtral|open-mi)/, 'mistral'],
  [/^(kimi-|moonshot-)/, 'moonshot'],
  [/^qwen-/, 'qwen'],
];

/** The backend type that serves this model; null if the name does not tell. */
export function findTypeOfModel(model: string): string | null {
  const name = model.trim().toLowerCase();
  for (const [type, models] of Object.entries(EXACT)) if (models.includes(name)) return type;
  const rule = RULES.find(([pattern]) => pattern.test(name));
  return rule === undefined || rule[1] === '' || name.includes('/') ? null : rule[1];
}

/** As `findTypeOfModel`; throws a MassgenError that names the nearest model and the way out. */
export function inferType(model: string): string {
  const type = findTypeOfModel(model);
  if (type !== null) return type;
  const known = [...new Set([...BACKEND_TYPES.flatMap((t) => t.models), ...Object.values(EXACT).flat()])];
  const name = model.trim().toLowerCase();
  const nearest = closest(name, known);
  const hint = distance(name, nearest) <= Math.max(2, name.length / 3) ? ` Did you mean ${nearest}?` : '';
  throw new MassgenError(
    'unknown-model',
    `Cannot tell which provider serves the model ${printable(model)}.${hint} ` +
      `Name the provider with --backend TYPE, one of: ${BACKEND_TYPE_NAMES.join(', ')}.`,
    { exitCode: EXIT.config },
  );
}
