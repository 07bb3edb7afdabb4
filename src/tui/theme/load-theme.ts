import { existsSync, readFileSync } from 'node:fs';
import { MassgenError } from '../../platform/errors.ts';
import { parseHex } from './color.ts';
import { GROUNDS, TOKENS, type Theme } from './tokens.ts';

export type ThemeName = 'dark' | 'light';

/**
 * Reads one of the themes that come with the program. They lie beside the sources and beside the built file.
 * Throws a MassgenError where the file is missing or not a theme.
 */
export function loadTheme(name: ThemeName): Theme {
  const places = ['../../../themes/', '../themes/', '../../themes/', './themes/'];
  for (const place of places) {
    const url = new URL(`${place}${name}.json`, import.meta.url);
    if (existsSync(url)) return parseTheme(readFileSync(url, 'utf8'), name);
  }
  throw new MassgenError('theme-missing', `The theme file themes/${name}.json is missing: install massgen again.`);
}

/** Checks that every token and ground has a colour and nothing else is there. `source` names the theme in messages. */
export function parseTheme(text: string, source: string): Theme {
  const bad = (what: string): MassgenError => new MassgenError('theme-invalid', `The theme ${source} ${what}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad('is not valid JSON');
  }
  if (typeof json !== 'object' || json === null) throw bad('is not a JSON object');
  const { name, isDark, tokens, grounds } = json as Record<string, unknown>;
  if (typeof name !== 'string') throw bad('has no "name"');
  if (typeof isDark !== 'boolean') throw bad('does not say whether it "isDark"');
  return { name, isDark, tokens: colors(tokens, TOKENS, bad), grounds: colors(grounds, GROUNDS, bad) };
}

function colors<K extends string>(
  value: unknown,
  keys: readonly K[],
  bad: (what: string) => MassgenError,
): Record<K, string> {
  const given = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const entries = keys.map((key): [K, string] => {
    const color: unknown = given.get(key);
    if (typeof color !== 'string' || parseHex(color) === null) throw bad(`needs a colour "#rrggbb" for "${key}"`);
    given.delete(key);
    return [key, color];
  });
  const [unknown] = given.keys();
  if (unknown !== undefined) throw bad(`has the unknown key "${unknown}"`);
  return Object.fromEntries(entries) as Record<K, string>;
}
