import { expect, it } from 'vitest';
import { BACKEND_TYPES } from '../../src/config/catalogue.ts';
import { traitsOf } from '../../src/config/model-traits.ts';

it.each([
  ['gpt-6.1-sol', true, true],
  ['gpt-4o-mini', false, true],
  ['gpt-5-chat-latest', false, true],
  ['claude-haiku-5-5', true, true],
  ['claude-3-5-haiku-latest', false, true],
  ['gemini-3-pro-preview', true, true],
  ['grok-4-1-fast-non-reasoning', false, true],
  ['openai/gpt-oss-120b', true, false],
  ['nobody-knows', null, null],
])('%s reasons: %s, sees pictures: %s', (model, reasons, seesPictures) => {
  expect(traitsOf(model)).toEqual({ reasons, seesPictures });
});

it('is known of every model of the three vendors in the catalogue', () => {
  const models = BACKEND_TYPES.filter(({ type }) => ['openai', 'claude', 'gemini'].includes(type)).flatMap(
    (t) => t.models,
  );
  expect(models.filter((model) => Object.values(traitsOf(model)).includes(null))).toEqual([]);
});
