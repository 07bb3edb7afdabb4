import { expect, it } from 'vitest';
import { bytesOfKey } from './keys.ts';

it.each([
  ['Enter', '\r'],
  ['Escape', '\x1b'],
  ['Shift+Tab', '\x1b[Z'],
  ['PageDown', '\x1b[6~'],
  ['Ctrl+C', '\x03'],
  ['Ctrl+c', '\x03'],
  ['Ctrl+\\', '\x1c'],
  ['Alt+b', '\x1bb'],
  ['Alt+Enter', '\x1b\r'],
])('%s is what a terminal sends', (key, bytes) => {
  expect(bytesOfKey(key)).toBe(bytes);
});

it('refuses a key without a meaning', () => {
  expect(() => bytesOfKey('Hyper+X')).toThrow('Hyper+X is no key');
});
