import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { applyPartialArg } from '../../../src/providers/gemini/partial-args.ts';

function apply(...partials: JsonObject[]): JsonObject {
  const args: JsonObject = {};
  for (const partial of partials) applyPartialArg(args, partial);
  return args;
}

test('builds objects, arrays and growing strings from paths', () => {
  expect(
    apply(
      { jsonPath: '$.list[0].name', stringValue: 'ap', willContinue: true },
      { jsonPath: '$.list[0].name', stringValue: 'ple' },
      { jsonPath: '$.list[1].price', numberValue: 0.5 },
      { jsonPath: "$['odd key'].ok", boolValue: true },
      { jsonPath: '$.none', nullValue: 'NULL_VALUE' },
    ),
  ).toEqual({ list: [{ name: 'apple' }, { price: 0.5 }], 'odd key': { ok: true }, none: null });
});

test('touches no prototype and grows no endless array', () => {
  const args = apply(
    { jsonPath: '$.__proto__.polluted', boolValue: true },
    { jsonPath: '$.a[999999999]', numberValue: 1 },
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(args.a).toEqual([]);
});

test('ignores what it cannot read', () => {
  expect(apply({}, { jsonPath: '$' }, { jsonPath: '$.a' })).toEqual({});
});
