import { closest } from 'fastest-levenshtein';
import { readYaml } from '../../config/source-document.ts';
import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { keysText, keyText, readKey } from './key-names.ts';
import { KEYMAP, type ActionId, type Context, type Keymap } from './keymap.ts';

/** Contexts in which plain characters are typed. */
const TYPED: ReadonlySet<Context> = new Set<Context>(['input', 'prompt', 'reply', 'any']);
/** Keys that tell a number, and the one that must always work. */
const FIXED: ReadonlySet<ActionId> = new Set(
  KEYMAP.filter(({ id, keys }) => id === 'interrupt' || (keys as readonly string[]).includes('1')).map(({ id }) => id),
);

/** The keys of a user's file: `action: key`, or a list of keys; an empty list takes them away. */
export interface UserKeys {
  keymap: Keymap;
  /** `file:line what is wrong`, in the order of the file. With any of them the keymap is the usual one. */
  problems: string[];
}

/** Reads a user's keys. Never throws: what is wrong is in `problems`. */
export function readUserKeys(text: string, file: string): UserKeys {
  const document = readYaml(text);
  const problems: string[] = [];
  const complain = (path: readonly (string | number)[], message: string): void => {
    const line = document.locate([...path], 'key')?.line ?? 1;
    problems.push(`${file}:${line} ${sanitizeLine(message)}`);
  };
  for (const problem of document.problems) {
    if (problem.severity === 'error')
      problems.push(`${file}:${problem.place?.line ?? 1} ${sanitizeLine(problem.message)}`);
  }
  if (problems.length > 0) return { keymap: KEYMAP, problems };
  const value = document.value ?? null;
  if (value === null) return { keymap: KEYMAP, problems };
  if (!isJsonObject(value)) {
    complain([], 'The file is no map of actions to keys, such as "zoom: z".');
    return { keymap: KEYMAP, problems };
  }
  const chosen = new Map<ActionId, string[]>();
  for (const [name, written] of Object.entries(value)) {
    const id = actionNamed(name, (message) => complain([name], message));
    const keys = id === null ? null : readKeys(id, written, (message) => complain([name], message));
    if (id !== null && keys !== null) chosen.set(id, keys);
  }
  const keymap = KEYMAP.map((binding) => {
    const keys = chosen.get(binding.id);
    if (!keys) return binding;
    return { ...binding, keys, label: keysText(keys) };
  });
  for (const { id, message } of conflicts(keymap, chosen)) complain([id], message);
  return problems.length > 0 ? { keymap: KEYMAP, problems } : { keymap, problems };
}

function actionNamed(name: string, complain: (message: string) => void): ActionId | null {
  const ids = KEYMAP.map(({ id }) => id);
  const id = ids.find((each) => each === name) ?? null;
  if (id === null) {
    complain(`There is no action ${name}: ${closest(name, ids)} comes nearest. docs/keys.md lists all.`);
  } else if (FIXED.has(id)) {
    complain(`The keys of ${id} cannot be changed.`);
    return null;
  }
  return id;
}

function readKeys(id: ActionId, written: JsonValue, complain: (message: string) => void): string[] | null {
  const list = Array.isArray(written) ? written : [written];
  const keys: string[] = [];
  const contexts: readonly Context[] = KEYMAP.find((binding) => binding.id === id)?.contexts ?? [];
  for (const each of list) {
    // An unquoted digit is a number to YAML.
    const text = typeof each === 'number' ? String(each) : each;
    if (typeof text !== 'string' || text === '') {
      complain(`The keys of ${id} are no text: write a key such as z or ctrl+z, or a list of them.`);
      return null;
    }
    const read = readKey(text);
    if ('trouble' in read) {
      complain(`${id}: ${text}: ${read.trouble}`);
      return null;
    }
    const isTyped = Array.from(read.key).length === 1 || read.key === 'space';
    if (isTyped && contexts.some((context) => TYPED.has(context))) {
      complain(`${id}: ${text} is a character that is typed there: take a chord such as ctrl+${text}.`);
      return null;
    }
    keys.push(read.key);
  }
  // The mouse is not for the keyboard's file to decide about.
  const wheel = (KEYMAP.find((binding) => binding.id === id)?.keys ?? []).filter((key) => key.startsWith('wheel'));
  return list.length === 0 ? [] : [...new Set([...keys, ...wheel])];
}

/** Keys that would mean two things in one place, because of what the user chose. */
function conflicts(keymap: Keymap, chosen: ReadonlyMap<ActionId, string[]>): { id: ActionId; message: string }[] {
  const found: { id: ActionId; message: string }[] = [];
  for (const [id, keys] of chosen) {
    const own = keymap.find((binding) => binding.id === id);
    for (const key of keys) {
      for (const other of keymap) {
        if (!own || other.id === id || !other.keys.includes(key)) continue;
        const place = own.contexts.find((context) => other.contexts.includes(context));
        const isAny = own.contexts.includes('any') || other.contexts.includes('any');
        if (place === undefined && !isAny) continue;
        // Both were chosen: said once.
        if (chosen.has(other.id) && [...chosen.keys()].indexOf(other.id) < [...chosen.keys()].indexOf(id)) continue;
        const where = place === undefined || place === 'any' ? 'everywhere' : `in ${place}`;
        found.push({ id, message: `${keyText(key)} is ${id} and ${other.id} ${where}: give one of them another key.` });
        break;
      }
    }
  }
  return found;
}
