import type { ActionId } from '../input/keymap.ts';
import { keyLabel } from './glyphs.ts';
import type { Model } from './model.ts';

/** The first key of an action, for a sentence; where the user has taken its keys away, its name in the palette. Pure. */
export function keyWord(model: Pick<Model, 'keymap' | 'glyphs'>, id: ActionId): string {
  return keyOf(model, id) || `:${id}`;
}

/** All keys of an action, as they are written for people. Pure. */
export function keysWord({ keymap, glyphs }: Pick<Model, 'keymap' | 'glyphs'>, id: ActionId): string {
  const binding = keymap.find((each) => each.id === id);
  return binding && binding.keys.length > 0 ? keyLabel(binding.label, glyphs) : `:${id}`;
}

/** How the first key of an action is written, as the user has bound it; empty where it has none. Pure. */
export function keyOf({ keymap, glyphs }: Pick<Model, 'keymap' | 'glyphs'>, id: ActionId): string {
  const binding = keymap.find((each) => each.id === id);
  if (!binding || binding.keys.length === 0) return '';
  return keyLabel(binding.label, glyphs).split(' ')[0] ?? '';
}
