import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainText } from '../../src/headless/plain-text.ts';
import { escapeHtml } from '../../src/headless/escape-html.ts';

const DECODED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decode = (html: string): string =>
  html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => DECODED[name] ?? '');

it('any text is only text in HTML, and the same text', () => {
  const texts = fc.string({ unit: 'binary' }).chain((text) => fc.constantFrom(text, `</pre>${text}"'&lt;`));
  fc.assert(
    fc.property(texts, (text) => {
      const html = escapeHtml(text);
      expect(html).not.toMatch(/[<>"']/);
      expect(decode(html)).toBe(plainText(text));
    }),
  );
});
