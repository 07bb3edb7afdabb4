import type { ActionId } from '../input/keymap.ts';
import type { Model } from '../view/model.ts';

/** The themes there are, and the one that is in use. */
export interface Themes {
  names: () => string[];
  current: () => string;
  /** Draws with that theme at once. */
  use: (name: string) => void;
  /** Begins with the one that is in use the next time, too; `auto` with the one that suits the terminal. */
  keep: (name?: 'auto') => void;
}

/** What an action changes in the choice of a theme; null if it has nothing to do with it. The picked one is shown at once. */
export function themeAction(model: Model, action: ActionId, themes: Themes | null): Partial<Model> | null {
  const { themePicker } = model;
  if (action === 'pick-theme') {
    if (!themes) return { message: { tone: 'warn', text: 'There are no other themes here.' } };
    const names = themes.names();
    const before = themes.current();
    return { themePicker: { names, before, pick: Math.max(0, names.indexOf(before)) } };
  }
  if (!themePicker || !themes) return null;
  const { names, pick, before } = themePicker;
  switch (action) {
    case 'theme-next':
    case 'theme-previous': {
      const next = (pick + (action === 'theme-next' ? 1 : -1) + names.length) % names.length;
      themes.use(names[next] ?? before);
      return { themePicker: { ...themePicker, pick: next } };
    }
    case 'take-theme':
      themes.keep();
      return { themePicker: null };
    case 'leave-themes':
      themes.use(before);
      return { themePicker: null };
    default:
      return null;
  }
}
