import { pictureOf } from './result-pictures.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';

/** What a tool of an MCP server gave back, as text for a model: texts as they are, structured content as JSON. */
export function resultText(result: JsonObject): string {
  const { content, structuredContent } = result;
  const parts = (Array.isArray(content) ? content : []).map(partText).filter((part) => part !== '');
  if (structuredContent !== undefined && !parts.some((part) => isSameJson(part, structuredContent))) {
    parts.push(JSON.stringify(structuredContent));
  }
  return parts.length > 0 ? parts.join('\n') : '(The tool gave back nothing.)';
}

function partText(part: JsonValue): string {
  if (!isJsonObject(part)) return '';
  const text = (name: string, from: JsonObject = part): string => {
    const value = from[name];
    return typeof value === 'string' ? value : '';
  };
  switch (part['type']) {
    case 'text':
      return text('text');
    case 'image':
    case 'audio':
      return `[${text('type')}, ${text('mimeType')}, ${Math.floor((text('data').length * 3) / 4)} bytes${pictureOf(part) ? '' : '; not shown'}]`;
    case 'resource_link':
      return `[${text('name') || 'resource'}: ${text('uri')}]`;
    case 'resource': {
      const resource = part['resource'];
      if (resource === undefined || !isJsonObject(resource)) return '';
      return text('text', resource) || `[${text('uri', resource)}, ${text('mimeType', resource)}; not shown]`;
    }
    default:
      return '';
  }
}

/** Servers repeat their structured content as text, or their text as structured content; the model gets it once. */
function isSameJson(text: string, value: JsonValue): boolean {
  const inner = isJsonObject(value) ? Object.values(value) : [];
  if (inner.length === 1 && inner[0] === text) return true;
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
