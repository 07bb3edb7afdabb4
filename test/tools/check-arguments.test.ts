import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../src/events/json.ts';
import { findArgumentFaults } from '../../src/tools/check-arguments.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

test.each<[what: string, schema: JsonObject, args: JsonObject, faults: string[]]>([
  ['good arguments', object({ a: { type: 'string' } }), { a: 'x' }, []],
  ['a missing one', object({ a: {} }, { required: ['a'] }), {}, ['"a" is missing.']],
  ['a missing one with a default', object({ a: { default: 1 } }, { required: ['a'] }), {}, []],
  ['a wrong type', object({ a: { type: 'integer' } }), { a: 1.5 }, ['"a" must be a whole number.']],
  ['several types', object({ a: { type: ['string', 'null'] } }), { a: 1 }, ['"a" must be a text or null.']],
  ['one too many', object({ a: {} }, { additionalProperties: false }), { b: 1 }, ['"b" is unknown; there are a.']],
  ['further ones where they may be', object({ a: {} }), { b: 1 }, []],
  ['a word outside of the enum', object({ a: { enum: ['x', 'y'] } }), { a: 'z' }, ['"a" must be one of "x", "y".']],
  ['a const', object({ a: { const: true } }), { a: false }, ['"a" must be true.']],
  ['a number out of bounds', object({ a: { minimum: 1, maximum: 3 } }), { a: 4 }, ['"a" must be at most 3.']],
  ['an excluded bound', object({ a: { exclusiveMinimum: 1 } }), { a: 1 }, ['"a" must be above 1.']],
  ['a short text', object({ a: { minLength: 2 } }), { a: '😀' }, ['"a" must have at least 2 characters.']],
  ['a long list', object({ a: { maxItems: 1 } }), { a: [1, 2] }, ['"a" must have at most 1 entries.']],
  [
    'an entry of a list',
    object({ a: { type: 'array', items: object({ b: { type: 'string' } }) } }),
    { a: [{ b: 'x' }, { b: 1 }] },
    ['"a[1].b" must be a text.'],
  ],
  [
    'anyOf, the nearest',
    object({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
    { a: 1 },
    ['"a" must be a text.'],
  ],
  [
    'allOf',
    object({ a: { allOf: [{ type: 'string' }, { minLength: 2 }] } }),
    { a: 'x' },
    ['"a" must have at least 2 characters.'],
  ],
  [
    'a local reference',
    object({ a: { $ref: '#/$defs/word' } }, { $defs: { word: { type: 'string' } } }),
    { a: 1 },
    ['"a" must be a text.'],
  ],
  ['patterns are left to the tool', object({ a: { pattern: '^(a+)+$' } }), { a: 'b' }, []],
])('arguments: %s', (_, schema, args, faults) => {
  expect(findArgumentFaults(schema, args)).toEqual(faults);
});

test('the key __proto__ and inherited names are ordinary unknown keys', () => {
  const args = JSON.parse('{"__proto__": 1, "constructor": 2}') as JsonObject;
  const schema = object({}, { additionalProperties: false });
  expect(findArgumentFaults(schema, args)).toEqual(['"__proto__" is unknown.', '"constructor" is unknown.']);
});

test('a schema that branches into itself without end is given up on', () => {
  const schema: JsonObject = { anyOf: [{ $ref: '#' }, { $ref: '#' }], allOf: [{ $ref: '#' }] };
  expect(findArgumentFaults(schema, { a: 1 })).not.toEqual([]);
});

test('no more than a handful of faults are told', () => {
  const args = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 1]));
  const faults = findArgumentFaults(object({}, { additionalProperties: false }), args);
  expect([faults.length, faults.at(-1)]).toEqual([9, 'There are 92 more faults.']);
});

test('it agrees with zod on whether arguments fit', () => {
  const leaf = fc.constantFrom<JsonObject>(
    { type: 'string', minLength: 1 },
    { type: 'integer', minimum: 0 },
    { type: 'number', maximum: 5 },
    { type: 'boolean' },
    { enum: ['a', 'b'] },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { type: 'array', items: { type: 'integer' }, maxItems: 2 },
  );
  const schemas = fc
    .tuple(fc.dictionary(fc.constantFrom('p', 'q', 'r'), leaf), fc.subarray(['p', 'q']), fc.boolean())
    .map(([properties, required, open]) =>
      object(properties, { required: required.filter((name) => name in properties), additionalProperties: open }),
    );
  const values = fc.dictionary(
    fc.constantFrom('p', 'q', 'r', 's'),
    fc.constantFrom<JsonValue>('', 'a', 0, -1, 1.5, 9, true, null, [], [1, 2], [1, 2, 3], ['x'], {}),
  );
  fc.assert(
    fc.property(schemas, values, (schema, args) => {
      const plain = JSON.parse(JSON.stringify(args)) as JsonObject;
      const isFine = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(plain).success;
      expect(findArgumentFaults(schema, plain).length === 0).toBe(isFine);
    }),
    { numRuns: 500 },
  );
});
