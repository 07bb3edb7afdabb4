import { expect, test } from 'vitest';
import { takenEffort } from '../../../src/providers/wire/effort.ts';

test.each([
  ['o3', 'minimal', 'low'],
  ['o4-mini', 'xhigh', 'high'],
  ['gpt-5', 'none', 'minimal'],
  ['gpt-5-mini', 'max', 'high'],
  ['gpt-5-pro', 'low', 'high'],
  ['gpt-5.1', 'minimal', 'low'],
  ['gpt-5.1-codex-max', 'max', 'xhigh'],
  ['gpt-5.4', 'none', 'none'],
  ['gpt-5.2-pro', 'low', 'medium'],
  ['openai/gpt-5', 'xhigh', 'high'],
  ['gpt-6-sol', 'max', 'max'],
  ['some-model', 'minimal', 'minimal'],
  ['gpt-5', 'enormous', 'enormous'],
])('%s takes %s as %s', (model, effort, taken) => {
  expect(takenEffort(model, effort)).toBe(taken);
});
