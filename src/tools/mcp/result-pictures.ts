import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Picture } from '../tool.ts';

/** What models read. */
const MEDIA_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const MAX_PICTURES = 5;
/** Above this vendors refuse the whole request. */
const MAX_BASE64 = 5_000_000;

/** The pictures of what a tool of an MCP server gave back, in its order; those that no model would take are left out. */
export function resultPictures({ content, isError }: JsonObject): Picture[] {
  if (isError === true || !Array.isArray(content)) return [];
  return content.flatMap((part) => (isJsonObject(part) ? (pictureOf(part) ?? []) : [])).slice(0, MAX_PICTURES);
}

/** Null for a part that is no picture, or none that a model would take. */
export function pictureOf({ type, mimeType, data }: JsonObject): Picture | null {
  if (type !== 'image' || typeof mimeType !== 'string' || typeof data !== 'string' || !MEDIA_TYPES.has(mimeType))
    return null;
  const isBase64 = data !== '' && data.length <= MAX_BASE64 && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
  return isBase64 ? { mediaType: mimeType, base64: data } : null;
}
