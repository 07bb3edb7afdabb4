import { describe, expect, it } from 'vitest';
import { themeAction, type Themes } from '../../src/tui/app/theme-picker.ts';
import type { ActionId } from '../../src/tui/input/keymap.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { modelOf } from './models.ts';

interface World {
  used: string[];
  kept: string[];
  play: (...actions: ActionId[]) => Model;
}

function world(): World {
  let current = 'light';
  const used: string[] = [];
  const kept: string[] = [];
  const themes: Themes = {
    names: () => ['dark', 'light', 'mine'],
    current: () => current,
    use: (name) => used.push((current = name)),
    keep: () => kept.push(current),
  };
  let model = modelOf([]);
  return {
    used,
    kept,
    play: (...actions) => {
      for (const action of actions) model = { ...model, ...themeAction(model, action, themes) };
      return model;
    },
  };
}

describe('the choice of a theme', () => {
  it('begins at the one in use and shows each picked one at once, round and round', () => {
    const { used, play } = world();
    expect(play('pick-theme').themePicker).toEqual({ names: ['dark', 'light', 'mine'], pick: 1, before: 'light' });
    play('theme-next', 'theme-next', 'theme-previous');
    expect(used).toEqual(['mine', 'dark', 'mine']);
  });

  it('keeps the picked one', () => {
    const { used, kept, play } = world();
    expect([play('pick-theme', 'theme-previous', 'take-theme').themePicker, used, kept]).toEqual([
      null,
      ['dark'],
      ['dark'],
    ]);
  });

  it('gives the old one back', () => {
    const { used, kept, play } = world();
    expect([play('pick-theme', 'theme-next', 'leave-themes').themePicker, used, kept]).toEqual([
      null,
      ['mine', 'light'],
      [],
    ]);
  });

  it('says where there is nothing to choose, and leaves other actions alone', () => {
    expect(themeAction(modelOf([]), 'pick-theme', null)?.message?.tone).toBe('warn');
    expect(themeAction(modelOf([]), 'scroll-down', null)).toBe(null);
  });
});
