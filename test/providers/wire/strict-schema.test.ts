import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { ANTHROPIC_STRICT, OPENAI_STRICT, strictSchema } from '../../../src/providers/wire/strict-schema.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

describe('a strict schema', () => {
  const schema = object(
    {
      path: { type: 'string' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
      list: { type: 'array', items: object({ n: { type: ['integer', 'string'] } }) },
      either: { oneOf: [{ type: 'string' }, { type: 'number' }], description: 'x' },
      ref: { $ref: '#/$defs/node' },
    },
    { required: ['path'], $defs: { node: object({ next: { $ref: '#/$defs/node' } }, { required: ['next'] }) } },
  );

  test('requires everything at OpenAI, and lets be null what may be left out', () => {
    expect(strictSchema(schema, OPENAI_STRICT)).toEqual(
      object(
        {
          path: { type: 'string' },
          mode: { type: ['string', 'null'], enum: ['a', 'b', null] },
          list: {
            type: ['array', 'null'],
            items: object(
              { n: { type: ['integer', 'string', 'null'] } },
              { required: ['n'], additionalProperties: false },
            ),
          },
          either: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }], description: 'x' },
          ref: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
        },
        {
          required: ['path', 'mode', 'list', 'either', 'ref'],
          additionalProperties: false,
          $defs: {
            node: object({ next: { $ref: '#/$defs/node' } }, { required: ['next'], additionalProperties: false }),
          },
        },
      ),
    );
  });

  test('keeps at Anthropic what may be left out, and puts limits into words', () => {
    const limited = object({ n: { type: 'integer', minimum: 1, maximum: 9, description: 'How many.' } });
    expect(strictSchema(limited, ANTHROPIC_STRICT)).toEqual(
      object(
        { n: { type: 'integer', description: 'How many. (minimum: 1, maximum: 9)' } },
        { required: [], additionalProperties: false },
      ),
    );
  });

  test.each<[string, JsonObject]>([
    ['free keys', object({ env: { type: 'object', additionalProperties: { type: 'string' } } })],
    ['any object', object({ value: { type: 'object' } })],
    ['conditions', object({}, { if: {}, else: {} })],
    ['patterns of keys', object({}, { patternProperties: {} })],
    ['merged schemas', object({ a: { allOf: [{ type: 'string' }] } })],
    ['one of these in a definition', object({}, { $defs: { a: { not: {} } } })],
    ['one of these in a list', object({ a: { type: 'array', items: { not: {} } } })],
  ])('is not made of a schema with %s', (_what, loose) => {
    expect([strictSchema(loose, OPENAI_STRICT), strictSchema(loose, ANTHROPIC_STRICT)]).toEqual([null, null]);
  });

  test('may be one that takes nothing', () => {
    expect(strictSchema({ type: 'object' }, OPENAI_STRICT)).toEqual(
      object({}, { required: [], additionalProperties: false }),
    );
  });
});
