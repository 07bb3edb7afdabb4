import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { buildMessagesRequest } from '../../../src/providers/messages/request.ts';
import { testBackend, testRequest } from '../backend.ts';

/** What a request says of thinking. */
function said(model: string, params: JsonObject): JsonObject {
  const body = buildMessagesRequest(testBackend({ protocol: 'messages', model, params }), testRequest());
  const { thinking, output_config, max_tokens } = body;
  return {
    ...(thinking !== undefined && { thinking }),
    ...(output_config !== undefined && { output_config }),
    max_tokens: max_tokens ?? null,
  };
}
const budget = (budget_tokens: number): JsonObject => ({ type: 'enabled', budget_tokens });

test.each<[string, string, JsonObject, JsonObject]>([
  [
    'effort as it is',
    'claude-opus-4-6',
    { reasoning_effort: 'max' },
    { output_config: { effort: 'max' }, max_tokens: 16_384 },
  ],
  [
    'no effort as the least',
    'claude-opus-5-5',
    { reasoning_effort: 'none' },
    { output_config: { effort: 'low' }, max_tokens: 16_384 },
  ],
  [
    'an effort as a budget where only that is known',
    'claude-sonnet-4-5-20250929',
    { reasoning_effort: 'medium' },
    { thinking: budget(8_192), max_tokens: 16_384 + 8_192 },
  ],
  ['no effort as no thinking there', 'claude-haiku-4-5', { reasoning_effort: 'none' }, { max_tokens: 16_384 }],
  [
    'a budget that leaves room for the reply',
    'claude-3-7-sonnet-latest',
    { reasoning_effort: 'high', max_tokens: 6_000 },
    { thinking: budget(3_000), max_tokens: 6_000 },
  ],
  [
    'nothing where there is no room',
    'claude-sonnet-4-5',
    { reasoning_effort: 'high', max_tokens: 500 },
    { max_tokens: 500 },
  ],
  [
    'nothing where nothing is known of thinking',
    'claude-3-5-sonnet-latest',
    { reasoning_effort: 'high' },
    { max_tokens: 8_192 },
  ],
  [
    'a budget as an effort where budgets are refused',
    'claude-sonnet-5-5',
    { thinking: { ...budget(10_000), display: 'summarized' } },
    { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'medium' }, max_tokens: 16_384 },
  ],
  [
    'adaptive thinking as a budget where it is not known',
    'claude-opus-4-1-20250805',
    { thinking: { type: 'adaptive' } },
    { thinking: budget(8_192), max_tokens: 16_384 + 8_192 },
  ],
  [
    'what the config says, for a model of another name',
    'my-gateway-model',
    { thinking: budget(2_000), reasoning_effort: 'high' },
    { thinking: budget(2_000), output_config: { effort: 'high' }, max_tokens: 18_384 },
  ],
])('%s', (_what, model, params, expected) => {
  expect(said(model, params)).toEqual(expected);
});
