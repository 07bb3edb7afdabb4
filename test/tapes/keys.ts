const PLAIN: Record<string, string> = {
  Enter: '\r',
  Tab: '\t',
  Escape: '\x1b',
  Space: ' ',
  Backspace: '\x7f',
  Delete: '\x1b[3~',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
  'Shift+Tab': '\x1b[Z',
};

/** What a terminal sends for a key of a tape, e.g. `Ctrl+C`. Throws for a key without a meaning. */
export function bytesOfKey(key: string): string {
  const plain = PLAIN[key];
  if (plain !== undefined) return plain;
  const [modifier, name = ''] = key.split(/\+(.+)/, 2);
  if (modifier === 'Ctrl' && name.length === 1) return String.fromCharCode(name.toUpperCase().charCodeAt(0) & 0x1f);
  if (modifier === 'Alt' && name !== '') return `\x1b${PLAIN[name] ?? name}`;
  throw new Error(`${key} is no key`);
}
