import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NAMED_COLORS } from '../../src/tui/theme/color.ts';
import { BUILT_IN_THEMES } from '../../src/tui/theme/load-theme.ts';
import { GROUNDS, TOKENS } from '../../src/tui/theme/tokens.ts';

const THEMES = new URL('../../themes/', import.meta.url);
const SCHEMA = fileURLToPath(new URL('schema.json', THEMES));
const HEX = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };

/** What an editor checks a theme of the user with. A theme that inherits may leave out what it does not change. */
function themeSchema(): object {
  const having = (...names: string[]): object => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, {}])),
    required: names,
  });
  const color = { anyOf: [HEX, { enum: Object.keys(NAMED_COLORS) }] };
  const ground = { anyOf: [HEX, { enum: ['default', 'reverse'] }] };
  const each = (names: readonly string[], schema: object): object => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, schema])),
    additionalProperties: false,
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A theme of MassGen for the terminal',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      name: { type: 'string' },
      isDark: { type: 'boolean', description: 'Whether text is light on a dark ground.' },
      inherits: { type: 'string', description: 'The theme that says what this one does not.' },
      grounds: each(GROUNDS, ground),
      tokens: each(TOKENS, color),
    },
    additionalProperties: false,
    anyOf: [having('inherits'), having('name', 'isDark', 'grounds', 'tokens')],
  };
}

const text = (file: string): string => readFileSync(new URL(file, THEMES), 'utf8');

describe('themes/schema.json', () => {
  test('is what the program takes (UPDATE_DOCS=1 writes it anew)', () => {
    const expected = `${JSON.stringify(themeSchema(), null, 2)}\n`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(SCHEMA, expected);
    expect(text('schema.json')).toBe(expected);
  });

  test.each(BUILT_IN_THEMES)('agrees with the theme %s, which names it', (name) => {
    const theme: unknown = JSON.parse(text(`${name}.json`));
    expect(theme).toMatchObject({ $schema: './schema.json' });
    const schema = z.fromJSONSchema(JSON.parse(text('schema.json')) as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(theme).error?.issues).toBeUndefined();
  });

  test.each([
    ['a colour that is none', { inherits: 'dark', tokens: { fg: '#12345' } }],
    ['an unknown token', { inherits: 'dark', tokens: { foreground: 'red' } }],
    ['a ground that is a named colour', { inherits: 'dark', grounds: { bg: 'red' } }],
    ['an incomplete theme that inherits from none', { name: 'mine', isDark: true }],
  ])('refuses %s', (_, theme) => {
    const schema = z.fromJSONSchema(JSON.parse(text('schema.json')) as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(theme).success).toBe(false);
  });
});
