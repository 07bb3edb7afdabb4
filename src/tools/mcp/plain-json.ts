import type { JsonObject } from '../../events/json.ts';

/** What the SDK hands over, without what JSON does not have. */
export function plainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
