import type { ActionId, Context } from '../input/keymap.ts';
import { numberOf } from '../store/run-store.ts';
import { bestMatches } from '../text/fuzzy.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { isForLiveRun } from './playback.ts';
import { isInputShown } from './input-view.ts';
import type { Model } from './model.ts';

/** Something that can be done now: an entry of the palette, and a word after a slash in the question field. */
export interface PaletteCommand {
  /** Without the slash. */
  name: string;
  title: string;
  /** How its key is written; empty where it has none. */
  key: string;
  section: string;
  action: ActionId;
  /** Number of the agent that it is about. */
  digit: number;
}

/** Sections that are about moving in what one sees: they are in the help, and would only be in the way here. */
const LEFT_OUT = new Set(['Scroll', 'Question', 'Teams', 'Dialog', 'Requests', 'Typing', 'Set-up', 'Sessions']);

/** They open the palette, or do by a key what has a command of another name. */
const KEYS_ONLY: ReadonlySet<ActionId> = new Set<ActionId>(['palette', 'interrupt', 'stop']);

/** Everything that makes sense now, from the table of keys. Pure. */
export function commandsOf(model: Model): PaletteCommand[] {
  const context: Context = model.view;
  const commands: PaletteCommand[] = [];
  for (const binding of model.keymap) {
    const contexts: readonly Context[] = binding.contexts;
    const isPlayer = model.playback !== null && contexts.includes('replay');
    const isWider = model.run !== null && WIDER.has(binding.id);
    const isHere = isPlayer || isWider || contexts.includes(context) || contexts.includes('any');
    if (LEFT_OUT.has(binding.section) || !isHere) continue;
    if (KEYS_ONLY.has(binding.id) || !isPossible(model, binding.id)) continue;
    const key = binding.label.startsWith(':') ? '' : (binding.label.split(' ')[0] ?? '');
    if (binding.id === 'focus-number') {
      for (const alias of model.run?.panes ?? []) {
        const digit = numberOf(alias);
        const id = sanitizeLine(model.run?.state?.agents[alias]?.info.id ?? '');
        const title = `go to agent ${digit} ${id}`;
        commands.push({
          name: `agent${digit}`,
          title,
          key: digit < 10 ? String(digit) : '',
          section: 'Move',
          action: binding.id,
          digit,
        });
      }
      continue;
    }
    const name = nameOf(binding.id);
    commands.push({ name, title: binding.help, key, section: binding.section, action: binding.id, digit: 0 });
  }
  return commands;
}

/** Their keys are those of one screen; by name they are there on every screen of a run. */
const WIDER: ReadonlySet<ActionId> = new Set<ActionId>([
  'rate-up',
  'rate-down',
  'vote-answer',
  'veto-answer',
  'choose-answer',
]);

const NAMES: Partial<Record<ActionId, string>> = {
  ballots: 'votes',
  'toggle-reasoning': 'thoughts',
  'open-setup': 'setup',
  'answer-now': 'now',
  'vote-answer': 'vote',
  'veto-answer': 'veto',
  'choose-answer': 'override',
  'pick-theme': 'theme',
  theme: 'dark-light',
  'open-ask': 'asks',
};

/** What a command is called after a slash. */
export function nameOf(id: ActionId): string {
  return NAMES[id] ?? id;
}

function isPossible(model: Model, id: ActionId): boolean {
  const isGoing = model.isRunActive;
  if (model.playback && isForLiveRun(id)) return false;
  if (id === 'cancel' || id === 'answer-now' || id === 'message' || id === 'message-all') return isGoing;
  if (id === 'ask') return isInputShown(model);
  if (id === 'vote-answer' || id === 'veto-answer' || id === 'choose-answer') return isGoing;
  if (id === 'copy-answer' || id === 'save' || WIDER.has(id)) return Boolean(model.run?.state?.final);
  if (id === 'next-match' || id === 'previous-match') return model.search !== null;
  return true;
}

/** The commands that the text fits, the best ones first. Pure. */
export function matchingCommands(commands: readonly PaletteCommand[], text: string): PaletteCommand[] {
  return bestMatches(commands, text.trim().replace(/^\//, ''), ({ name, title }) => [name, title]);
}
