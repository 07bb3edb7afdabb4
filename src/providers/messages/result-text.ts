import type { JsonObject } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';

/**
 * What the result of a server tool says in words: output of code, pages found, texts, tools found or listed, or its
 * error.
 */
export function resultText(block: JsonObject): string {
  const content = objectAt(block, 'content');
  const page = objectAt(content, 'content');
  const tools = [...arrayAt(content, 'tool_references'), ...arrayAt(block, 'tools')];
  const parts = [
    stringAt(content, 'error_code'),
    stringAt(content, 'error_message'),
    stringAt(content, 'stdout'),
    stringAt(content, 'stderr'),
    stringAt(content, 'text'),
    stringAt(content, 'url'),
    stringAt(page, 'title'),
    stringAt(content, 'content'),
    stringAt(block, 'content'),
    ...arrayAt(content, 'lines').map((line) => (typeof line === 'string' ? line : null)),
    ...tools.map((tool) => stringAt(tool, 'tool_name') ?? stringAt(tool, 'name')),
    ...arrayAt(block, 'content').map((found) => stringAt(found, 'text') ?? linkOf(found)),
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n');
}

function linkOf(found: unknown): string | null {
  const url = stringAt(found, 'url');
  return url === null ? null : `${stringAt(found, 'title') ?? ''} ${url}`.trim();
}
