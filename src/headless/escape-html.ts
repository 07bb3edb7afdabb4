import { plainText } from './plain-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is nothing but text in HTML, between tags and in quoted attributes; control characters are left out. */
export function escapeHtml(text: string): string {
  return plainText(text).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
