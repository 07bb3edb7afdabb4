import { expect, test } from 'vitest';
import { joinText } from '../../../src/providers/wire/join-text.ts';
import type { StreamedEvent } from '../../../src/providers/wire/model-call.ts';

test('joins text of one kind that came together, and keeps everything else apart and in order', () => {
  const citation: StreamedEvent = { type: 'citation', url: 'https://example.org', title: '' };
  const text = (piece: string): StreamedEvent => ({ type: 'text', text: piece });
  const reasoning = (piece: string): StreamedEvent => ({ type: 'reasoning', text: piece });
  expect(joinText([reasoning('a'), reasoning('b'), text('c'), citation, text('d'), text('e')])).toEqual([
    reasoning('ab'),
    text('c'),
    citation,
    text('de'),
  ]);
  expect(joinText([])).toEqual([]);
});
