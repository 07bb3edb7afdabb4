import * as z from 'zod';
import type { JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import type { KeyPath } from '../problem.ts';
import type { KeyNote } from './key.ts';
import { keyNotes } from './key.ts';

/** A map of the schema, with the keys that it knows. */
export interface KnownMap {
  shape: Readonly<Record<string, z.ZodType>>;
  /** It takes keys that it does not know, too. */
  isOpen: boolean;
}

export interface KeyVisitor {
  /** A known key with its value. False leaves out what is below it. */
  onKey?(path: KeyPath, note: KeyNote | undefined, value: JsonValue): boolean;
  onUnknownKey?(path: KeyPath, map: KnownMap): void;
}

/** Walks a value along a schema, whether it fits or not; parts that do not fit are left out. */
export function walkKeys(schema: z.ZodType, value: JsonValue, visitor: KeyVisitor, path: KeyPath = []): void {
  const inner = chooseSchema(schema, value);
  if (inner instanceof z.ZodObject && isJsonObject(value)) {
    const map = knownMapOf(inner);
    for (const [name, child] of Object.entries(value)) {
      const childPath = [...path, name];
      const childSchema = Object.hasOwn(map.shape, name) ? map.shape[name] : undefined;
      if (childSchema === undefined) visitor.onUnknownKey?.(childPath, map);
      else if (visitor.onKey?.(childPath, keyNotes.get(childSchema), child) ?? true) {
        walkKeys(childSchema, child, visitor, childPath);
      }
    }
  } else if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, child] of value.entries())
      walkKeys(inner.element as z.ZodType, child, visitor, [...path, index]);
  } else if (inner instanceof z.ZodRecord && isJsonObject(value)) {
    for (const [name, child] of Object.entries(value))
      walkKeys(inner.valueType as z.ZodType, child, visitor, [...path, name]);
  }
}

export function knownMapOf(schema: z.ZodObject): KnownMap {
  return { shape: schema.shape as Record<string, z.ZodType>, isOpen: schema.def.catchall !== undefined };
}

/** The schema below optional, nullable, default and transform wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

/** Of a union, the first part that has the form of the value. */
function chooseSchema(schema: z.ZodType, value: JsonValue): z.ZodType {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  const parts = (inner.options as z.ZodType[]).map(unwrap);
  return parts.find((part) => hasForm(part, value)) ?? inner;
}

function hasForm(schema: z.ZodType, value: JsonValue): boolean {
  if (Array.isArray(value)) return schema instanceof z.ZodArray;
  return isJsonObject(value) && (schema instanceof z.ZodObject || schema instanceof z.ZodRecord);
}
