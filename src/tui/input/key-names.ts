/** Keys that have a name instead of a character, and how people read them. */
const NAMED: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Del',
  insert: 'Ins',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i + 1}`, `F${i + 1}`])),
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  pgup: 'pageup',
  pgdn: 'pagedown',
  del: 'delete',
  ins: 'insert',
};

/** Chords that terminals send as another key. */
const SAME: Readonly<Record<string, string>> = {
  'ctrl+i': 'tab',
  'ctrl+m': 'enter',
  'ctrl+[': 'escape',
};

/**
 * A key as a user writes it, in the words of the tokenizer: `Ctrl+X` is `ctrl+x`, `PgDn` is `pagedown`. What is wrong
 * with it, in a sentence, where it is no key. Pure.
 */
export function readKey(written: string): { key: string } | { trouble: string } {
  const parts = written === '+' ? ['+'] : written.replace(/\+\+$/, '+plus').split('+');
  const last = parts.pop() ?? '';
  const modifiers = parts.map((part) => part.toLowerCase());
  const name = last === 'plus' ? '+' : last;
  const strange = modifiers.find((part) => !['ctrl', 'alt', 'shift'].includes(part));
  if (strange !== undefined) {
    return { trouble: `${strange}+ is no modifier: there are ctrl+, alt+ and shift+, in front of the key.` };
  }
  const lower = OTHER_NAMES[name.toLowerCase()] ?? name.toLowerCase();
  const isNamed = Object.hasOwn(NAMED, lower);
  if (!isNamed && (Array.from(name).length !== 1 || /[\s\p{Cc}]/u.test(name))) {
    return { trouble: `it is no key. Keys are single characters and: ${Object.keys(NAMED).join(', ')}.` };
  }
  if (!isNamed && modifiers.includes('shift')) {
    return { trouble: `with Shift a terminal sends another character: write ${name.toUpperCase()} instead.` };
  }
  const ordered = ['ctrl', 'alt', 'shift'].filter((modifier) => modifiers.includes(modifier));
  const key = [...ordered, isNamed ? lower : ordered.includes('ctrl') ? name.toLowerCase() : name].join('+');
  const same = SAME[key];
  return same === undefined ? { key } : { trouble: `terminals send ${same} for it: write ${same}.` };
}

/** A key as people read it: `^X`, `S-Tab`, `Alt-B`, `↓`. Pure. */
export function keyText(key: string): string {
  const match = /^(ctrl\+)?(alt\+)?(shift\+)?(.+)$/s.exec(key);
  const [, ctrl, alt, shift, name = key] = match ?? [];
  const base = NAMED[name] ?? name;
  const isPlain = NAMED[name] === undefined;
  const control = ctrl === undefined ? '' : isPlain && alt === undefined ? '^' : 'C-';
  const text = ctrl !== undefined && isPlain ? base.toUpperCase() : base;
  return `${control}${alt === undefined ? '' : 'Alt-'}${shift === undefined ? '' : 'S-'}${text}`;
}

/** A few keys in one label; the wheel is no key. */
export function keysText(keys: readonly string[]): string {
  return keys
    .filter((key) => !key.startsWith('wheel'))
    .slice(0, 2)
    .map(keyText)
    .join(' ');
}
