import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/events/json.ts';

/** A JSON Schema of a tool, and every text in it that says something and is nowhere else in it. */
export interface MarkedSchema {
  schema: JsonObject;
  marks: string[];
}

/** Makes each text of a schema one of its kind. */
type Mark = () => string;
type Build = (mark: Mark) => JsonObject;

const limits: readonly ((mark: Mark) => [keyword: string, value: JsonValue])[] = [
  (mark) => ['pattern', mark()],
  (mark) => ['minimum', Number(mark())],
  (mark) => ['exclusiveMaximum', Number(mark())],
  (mark) => ['multipleOf', Number(mark())],
  (mark) => ['maxLength', Number(mark())],
  (mark) => ['maxItems', Number(mark())],
  (mark) => ['format', mark()],
  (mark) => ['default', mark()],
  (mark) => ['description', mark()],
  (mark) => ['enum', [mark(), mark()]],
  (mark) => ['enum', [Number(mark()), '']],
  (mark) => ['const', mark()],
  (mark) => ['const', Number(mark())],
  (mark) => ['not', { const: mark() }],
  (mark) => ['propertyNames', { pattern: mark() }],
  (mark) => ['additionalProperties', { pattern: mark() }],
  (mark) => ['required', [mark()]],
  (mark) => ['x-unknown', mark()],
  (mark) => ['contains', { $ref: '#/$defs/a', title: mark() }],
];

const { schema } = fc.letrec<{ schema: Build }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Build>(() => ({ $ref: '#/$defs/a' })),
    fc
      .record({
        type: fc.constantFrom<JsonValue[]>(
          'string',
          'object',
          'array',
          'number',
          'boolean',
          ['string', 'null'],
          ['integer', 'string'],
          'none',
        ),
        said: fc.array(fc.constantFrom(...limits), { maxLength: 3 }),
        properties: fc.array(tie('schema'), { maxLength: 2 }),
        anyOf: fc.array(tie('schema'), { maxLength: 2 }),
        oneOf: fc.array(tie('schema'), { maxLength: 1 }),
        allOf: fc.array(tie('schema'), { maxLength: 2 }),
        items: fc.option(tie('schema'), { nil: null }),
      })
      .map((parts): Build => (mark) => ({
        ...(parts.type !== 'none' && { type: parts.type }),
        ...Object.fromEntries(parts.said.map((say) => say(mark))),
        ...(parts.properties.length > 0 && {
          properties: Object.fromEntries(parts.properties.map((build) => [mark(), build(mark)])),
        }),
        ...(parts.anyOf.length > 0 && { anyOf: parts.anyOf.map((build) => build(mark)) }),
        ...(parts.oneOf.length > 0 && { oneOf: parts.oneOf.map((build) => build(mark)) }),
        ...(parts.allOf.length > 0 && { allOf: parts.allOf.map((build) => build(mark)) }),
        ...(parts.items && { items: parts.items(mark) }),
      })),
  ),
}));

/** Objects of arguments with one property of any form. Definition `a` contains itself. */
export function markedSchemas(): fc.Arbitrary<MarkedSchema> {
  return schema.map((build) => {
    let count = 10_000;
    const mark: Mark = () => String((count += 1));
    const inner = build(mark);
    // What is written twice is nothing that can be missed once.
    const written = JSON.stringify(inner);
    const marks = [...new Set(written.match(/\d{5}/g))];
    const $defs: JsonObject = { a: { type: 'object', properties: { again: { $ref: '#/$defs/a' } } } };
    return { schema: { type: 'object', properties: { x: inner }, $defs }, marks };
  });
}
