import type { JsonObject } from '../../events/json.ts';
import { arrayAt, objectAt, stringAt } from '../wire/json-fields.ts';

/** What the result of a server tool says in words: output of code, pages found, texts, or its error. */
export function resultText(block: JsonObject): string {
  const content = objectAt(block, 'content');
  const page = objectAt(content, 'content');
  const parts = [
    stringAt(content, 'error_code'),
    stringAt(content, 'stdout'),
    stringAt(content, 'stderr'),
    stringAt(content, 'url'),
    stringAt(page, 'title'),
    stringAt(block, 'content'),
    ...arrayAt(block, 'content').map((found) => stringAt(found, 'text') ?? linkOf(found)),
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n');
}

function linkOf(found: unknown): string | null {
  const url = stringAt(found, 'url');
  return url === null ? null : `${stringAt(found, 'title') ?? ''} ${url}`.trim();
}
