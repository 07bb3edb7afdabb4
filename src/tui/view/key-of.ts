import type { ActionId } from '../input/keymap.ts';
import { keyLabel } from './glyphs.ts';
import type { Model } from './model.ts';

/** How the first key of an action is written, as the user has bound it; empty where it has none. Pure. */
export function keyOf({ keymap, glyphs }: Pick<Model, 'keymap' | 'glyphs'>, id: ActionId): string {
  const binding = keymap.find((each) => each.id === id);
  if (!binding || binding.keys.length === 0) return '';
  return keyLabel(binding.label, glyphs).split(' ')[0] ?? '';
}
