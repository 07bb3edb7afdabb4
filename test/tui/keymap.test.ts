import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import {
  actionFor,
  footerBindings,
  helpSections,
  KEYMAP,
  keysDocument,
  type Context,
} from '../../src/tui/input/keymap.ts';
import { textWidth } from '../../src/tui/text/width.ts';

const CONTEXTS: Context[] = [
  'dialog',
  'help',
  'input',
  'prompt',
  'themes',
  'runs',
  'approval',
  'question',
  'picker',
  'setup',
  'sessions',
  'inspect',
  'turns',
  'delete',
  'panes',
  'timeline',
  'final',
  'answers',
  'ballots',
  'events',
  'cost',
  'context',
  'status',
  'config',
  'home',
];

describe('keymap', () => {
  it.each(CONTEXTS)('gives every key one meaning in %s', (context) => {
    const keys = KEYMAP.filter((b) => b.contexts.includes(context) || b.contexts.includes('any')).flatMap((b) => [
      ...b.keys,
    ]);
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('names every action once', () => {
    expect(KEYMAP.length).toBe(new Set(KEYMAP.map((b) => b.id)).size);
  });

  it('leaves typing alone: no plain character is a key of the question field', () => {
    const typed = KEYMAP.filter(
      (b) =>
        b.contexts.includes('input') ||
        b.contexts.includes('prompt') ||
        b.contexts.includes('reply') ||
        b.contexts.includes('any'),
    ).flatMap((b) => b.keys.filter((key) => key.length === 1 || key === 'space'));
    expect(typed).toEqual([]);
  });

  it.each(CONTEXTS)('cancels with Ctrl+C in %s', (context) => {
    expect(actionFor(context, 'ctrl+c')).toBe('interrupt');
  });

  it('means something else in another place', () => {
    expect([
      actionFor('panes', 'enter'),
      actionFor('input', 'enter'),
      actionFor('picker', 'enter'),
      actionFor('panes', 'x'),
    ]).toEqual(['zoom', 'send', 'pick', null]);
  });

  it('puts the way out last in the footer', () => {
    expect(footerBindings('panes').at(-1)?.id).toBe('stop');
  });

  it('fits the help box: no text is cut there', () => {
    const tooLong = helpSections()
      .flatMap((s) => s.rows)
      .filter((row) => textWidth(row.help) > 37 || textWidth(row.label) > 12);
    expect(tooLong).toEqual([]);
  });

  it('is what docs/keys.md says', () => {
    const path = new URL('../../docs/keys.md', import.meta.url);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, keysDocument());
    expect(readFileSync(path, 'utf8')).toBe(keysDocument());
  });
});
