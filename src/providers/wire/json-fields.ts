import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';

/**
 * Reads fields of JSON that a server sent. Every function takes anything and never throws: what is missing or of
 * another type is null (or an empty list).
 */
export function objectAt(value: unknown, key: string): JsonObject | null {
  const field = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(field) ? field : null;
}

export function arrayAt(value: unknown, key: string): JsonValue[] {
  const field = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(field) ? field : [];
}

export function stringAt(value: unknown, key: string): string | null {
  const field = isJsonObject(value) ? value[key] : undefined;
  return typeof field === 'string' ? field : null;
}

/** A number that can be counted with: not negative, not infinite. */
export function numberAt(value: unknown, key: string): number | null {
  const field = isJsonObject(value) ? value[key] : undefined;
  return typeof field === 'number' && Number.isFinite(field) && field >= 0 ? field : null;
}

/** Parses JSON; null if it is none. */
export function parseJson(text: string): JsonValue | null {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
