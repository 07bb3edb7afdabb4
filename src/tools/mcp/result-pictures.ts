import { isJsonObject, type JsonObject } from '../../events/json.ts';
import { pictureTypeOf } from '../../platform/media-type.ts';
import type { Picture } from '../tool.ts';

const MAX_PICTURES = 5;
/** Above this vendors refuse the whole request. */
const MAX_BASE64 = 5_000_000;

/** The pictures of what a tool of an MCP server gave back, in its order; those that no model would take are left out. */
export function resultPictures({ content, isError }: JsonObject): Picture[] {
  if (isError === true || !Array.isArray(content)) return [];
  return content.flatMap((part) => (isJsonObject(part) ? (pictureOf(part) ?? []) : [])).slice(0, MAX_PICTURES);
}

/**
 * Null for a part that is no picture, or none that a model would take. Its bytes say what it is: a vendor refuses the whole
 * request, and every later one, for a picture that is something else than it is called.
 */
export function pictureOf({ type, data }: JsonObject): Picture | null {
  if (type !== 'image' || typeof data !== 'string' || data.length > MAX_BASE64) return null;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return null;
  const mediaType = pictureTypeOf(Buffer.from(data.slice(0, 16), 'base64'));
  return mediaType === null ? null : { mediaType, base64: data };
}
