import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MassgenError } from '../../platform/errors.ts';
import { contrast, NAMED_COLORS, parseColor, parseHex } from './color.ts';
import { GROUNDS, TOKENS, type Theme } from './tokens.ts';

/** The themes that come with the program, in the order in which the key for the next one goes through them. */
export const BUILT_IN_THEMES = ['dark', 'light', 'high-contrast', 'mono', 'terminal-16'] as const;
/** A built-in one, or a file of the user without its `.json`. */
export type ThemeName = string;

/** What WCAG 2 asks for text. */
export const LEAST_CONTRAST = 4.5;
const USER_NAME = /^[\w-]+$/;

type Env = Readonly<Record<string, string | undefined>>;

/** Where a user's own themes lie; null where the environment knows no home. Nobody has to have made the folder. */
export function userThemesFolder(env: Env): string | null {
  const config = env['XDG_CONFIG_HOME'] || (env['HOME'] && join(env['HOME'], '.config'));
  return config ? join(config, 'massgen', 'themes') : null;
}

/** All names that `loadTheme` takes: the built-in ones, then the user's in alphabetical order. Never throws. */
export function listThemes(userFolder: string | null): ThemeName[] {
  const builtIn: readonly string[] = BUILT_IN_THEMES;
  const own = userFiles(userFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -5))
    .filter((name) => USER_NAME.test(name) && !builtIn.includes(name));
  return [...builtIn, ...own.toSorted()];
}

/**
 * Reads a theme and what it inherits. Throws a MassgenError where there is none of that name or where it, or one that
 * it inherits from, is not a theme.
 */
export function loadTheme(name: ThemeName, userFolder: string | null = null): Theme {
  return parseTheme(readTheme(name, userFolder), name, (parent, path) => {
    if (path.includes(parent)) {
      throw new MassgenError('theme-invalid', `The themes ${[...path, parent].join(' → ')} inherit from each other.`);
    }
    return readTheme(parent, userFolder);
  });
}

/**
 * Checks that every token and ground has a colour, its own or an inherited one, and that nothing else is there.
 * `source` names the theme in messages; `readParent` gives the text of a theme that is inherited from, and is told which
 * themes led there. Throws a MassgenError that says what is wrong and where.
 */
export function parseTheme(
  text: string,
  source: string,
  readParent?: (name: string, path: readonly string[]) => string,
  path: readonly string[] = [source],
): Theme {
  const bad = (what: string): MassgenError => new MassgenError('theme-invalid', `The theme ${source} ${what}.`);
  const json = readObject(text, bad);
  const unknown = Object.keys(json).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw bad(`has the unknown key "${unknown}"`);
  const { inherits } = json;
  if (inherits !== undefined && typeof inherits !== 'string') throw bad('"inherits" from something that is no name');
  const parent =
    inherits === undefined || !readParent
      ? null
      : parseTheme(readParent(inherits, path), inherits, readParent, [...path, inherits]);
  const { name = parent ? source : undefined, isDark = parent?.isDark, tokens, grounds } = json;
  if (typeof name !== 'string') throw bad('has no "name"');
  if (typeof isDark !== 'boolean') throw bad('does not say whether it "isDark"');
  return {
    name,
    isDark,
    tokens: colors(tokens, TOKENS, parent?.tokens, false, bad),
    grounds: colors(grounds, GROUNDS, parent?.grounds, true, bad),
  };
}

/** Pairs that are hard to read, in words. Colours that the terminal decides on are not judged. */
export function palePairs(theme: Theme, least = LEAST_CONTRAST): string[] {
  return GROUNDS.flatMap((ground) =>
    TOKENS.flatMap((token) => {
      const [front, back] = [parseHex(theme.tokens[token]), parseHex(theme.grounds[ground])];
      if (!front || !back || contrast(front, back) >= least) return [];
      return [`"${token}" on "${ground}" has a contrast of ${contrast(front, back).toFixed(1)}, less than ${least}`];
    }),
  );
}

const KEYS = new Set(['name', 'isDark', 'inherits', 'tokens', 'grounds', '$schema']);
const COLOR_WORDS = '"#rrggbb", or a name such as "red" or "bright-blue"';
const GROUND_WORDS = '"#rrggbb", "default" or "reverse"';

function readObject(text: string, bad: (what: string) => MassgenError): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad('is not valid JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('is not a JSON object');
  return json as Record<string, unknown>;
}

function colors<K extends string>(
  value: unknown,
  keys: readonly K[],
  parent: Record<K, string> | undefined,
  isGround: boolean,
  bad: (what: string) => MassgenError,
): Record<K, string> {
  const given = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const isColor = (color: unknown): color is string =>
    typeof color === 'string' &&
    (parseHex(color) !== null || (isGround ? color === 'default' || color === 'reverse' : parseColor(color) !== null));
  const entries = keys.map((key): [K, string] => {
    const color: unknown = given.has(key) ? given.get(key) : parent?.[key];
    if (!isColor(color)) throw bad(`needs a colour for "${key}": ${isGround ? GROUND_WORDS : COLOR_WORDS}`);
    given.delete(key);
    return [key, color];
  });
  const [unknown] = given.keys();
  if (unknown !== undefined) throw bad(`has the unknown key "${unknown}"`);
  return Object.fromEntries(entries) as Record<K, string>;
}

function readTheme(name: string, userFolder: string | null): string {
  const builtIn: readonly string[] = BUILT_IN_THEMES;
  if (builtIn.includes(name)) return readBuiltIn(name);
  const path = userFolder !== null && USER_NAME.test(name) ? join(userFolder, `${name}.json`) : null;
  try {
    if (path !== null) return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not readable: the message below says what there is.
  }
  const known = listThemes(userFolder).join(', ');
  throw new MassgenError('theme-unknown', `There is no theme "${name}". There are: ${known}.`);
}

/** They lie beside the sources and beside the built file. */
function readBuiltIn(name: string): string {
  const places = ['../../../themes/', '../themes/', '../../themes/', './themes/'];
  for (const place of places) {
    const url = new URL(`${place}${name}.json`, import.meta.url);
    if (existsSync(url)) return readFileSync(url, 'utf8');
  }
  throw new MassgenError('theme-missing', `The theme file themes/${name}.json is missing: install massgen again.`);
}

function userFiles(folder: string | null): string[] {
  try {
    return folder === null ? [] : readdirSync(folder);
  } catch {
    return [];
  }
}

/** For messages and documents. */
export const COLOR_NAMES: readonly string[] = Object.keys(NAMED_COLORS);
