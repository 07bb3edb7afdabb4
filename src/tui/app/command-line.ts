import { closest, distance } from 'fastest-levenshtein';
import { agentOf } from '../../coordination/views.ts';
import { KEYMAP, type ActionId } from '../input/keymap.ts';
import { numberOf } from '../store/run-store.ts';
import { commandsOf, nameOf, type PaletteCommand } from '../view/commands.ts';
import { keyWord } from '../view/key-of.ts';
import type { Model } from '../view/model.ts';

/** A line that begins with a slash, taken apart; null for any other text. */
export function commandLine(text: string): { word: string; rest: string } | null {
  const found = /^\/([a-z0-9-]+)(?:[ \t]+([^\n]*))?$/.exec(text.trim());
  if (!found) return null;
  const [word, rest] = [found[1] ?? '', (found[2] ?? '').trim()];
  // A word that picks one of several commands is written with a space as well: `/rate up`.
  return word === 'rate' && rest !== '' ? { word: `rate-${rest}`, rest: '' } : { word, rest };
}

/** Commands that something may follow. */
export const WITH_WORDS: ReadonlySet<ActionId> = new Set<ActionId>([
  'vote-answer',
  'veto-answer',
  'choose-answer',
  'message',
  'message-all',
  'context',
  'pick-theme',
  'inspect',
  'save',
  'search',
  'search-all',
]);

/** The command of that name, or why there is none: a sentence that names the nearest one. Pure. */
export function findCommand(model: Model, word: string): PaletteCommand | string {
  const commands = commandsOf(model);
  const command = commands.find(({ name }) => name === word);
  if (command) return command;
  if (KEYMAP.some(({ id }) => nameOf(id) === word)) {
    return `/${word} has nothing to do here: ${model.run ? 'not on this screen, or not now' : 'there is no run yet'}.`;
  }
  const names = commands.map(({ name }) => name);
  const near = names.length > 0 ? closest(word, names) : '';
  const isNear = near !== '' && distance(word, near) <= Math.max(2, Math.ceil(word.length / 2));
  return `There is no command /${word}${isNear ? `: /${near} comes nearest` : ''}. ${keyWord(model, 'palette')} lists all.`;
}

/** The agent that words mean: its number, alias or name; null where there is none. Pure. */
export function agentIndex(model: Model, words: string): number | null {
  const { run } = model;
  const state = run?.state;
  if (!run || !state) return null;
  const wanted = words.toLowerCase();
  const index = run.panes.findIndex((alias) =>
    [alias, String(numberOf(alias)), agentOf(state, alias).info.id.toLowerCase()].includes(wanted),
  );
  return index < 0 ? null : index;
}
