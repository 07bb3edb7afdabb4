import { Ajv, type AnySchemaObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject, JsonValue } from '../../events/json.ts';
import { messageOf } from '../../platform/errors.ts';
import { codeBlocks } from './code-blocks.ts';
import type { Grade } from './grade-exactly.ts';

/** Drafts before 2019-09 name themselves so; what names none is of 2020-12. */
const EARLIER = /draft-0[4-7]/;

/** Judges an answer that holds JSON, alone or in a code block. Pure. Throws where `findSchemaFault` tells of a fault. */
export function gradeJson(schema: JsonObject, answer: string): Grade {
  const candidates = [answer, ...codeBlocks(answer).map(({ code }) => code)].flatMap(parse);
  if (candidates.length === 0) return { isRight: false, reason: 'The answer holds no JSON.' };
  const { ajv, validate } = compile(schema);
  let reason = '';
  for (const { value } of candidates) {
    if (validate(value)) return { isRight: true, reason: 'The JSON follows the schema.' };
    reason = `${ajv.errorsText(validate.errors, { dataVar: 'it' })}.`;
  }
  return { isRight: false, reason };
}

/**
 * Why answers cannot be graded by this JSON Schema, in a sentence; null where they can. A word that is no word of JSON Schema
 * would let wrong answers count as right, so that it is refused before anything is paid for.
 */
export function findSchemaFault(schema: JsonObject): string | null {
  try {
    compile(schema);
    return null;
  } catch (error) {
    return `"schema" is no JSON Schema that answers can be graded by: ${messageOf(error)}.`;
  }
}

function compile(schema: JsonObject): { ajv: Ajv; validate: ReturnType<Ajv['compile']> } {
  const isEarlier = typeof schema['$schema'] === 'string' && EARLIER.test(schema['$schema']);
  // Strict about words that it does not know, and not about habits.
  const options = {
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
  } as const;
  const ajv: Ajv = isEarlier ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  return { ajv, validate: ajv.compile(schema as AnySchemaObject) };
}

function parse(text: string): { value: JsonValue }[] {
  try {
    return [{ value: JSON.parse(text) as JsonValue }];
  } catch {
    return [];
  }
}
