import { describe, expect, it } from 'vitest';
import { bestMatches } from '../../src/tui/text/fuzzy.ts';

const found = (query: string, ...texts: string[]): string[] => bestMatches(texts, query, (text) => [text]);

describe('what is typed to find something', () => {
  it('finds its beginning before a word of it, first letters, and any other place', () => {
    const texts = ['taboo', 'a bold one', 'the abode', 'about'];
    expect(found('abo', ...texts)).toEqual(['about', 'the abode', 'a bold one', 'taboo']);
  });

  it('does not find letters that are strewn over it', () => {
    expect(found('ant', 'take the last one on it', 'go on')).toEqual([]);
  });

  it('finds one or two letters inside words only where they are of its first text', () => {
    const items = [
      ['file', 'a plan'],
      ['plan', 'a file'],
    ];
    expect([bestMatches(items, 'la', (texts) => texts), bestMatches(items, 'lan', (texts) => texts)]).toEqual([
      [['plan', 'a file']],
      [
        ['plan', 'a file'],
        ['file', 'a plan'],
      ],
    ]);
  });

  it('finds beginnings of words written as one', () => {
    expect(found('gpt41', 'gpt-4.1-mini', 'gpt-4o')).toEqual(['gpt-4.1-mini']);
    expect(found('q72', 'qwen2.5-72b', 'qwen2.5-7b')).toEqual(['qwen2.5-72b']);
    expect(found('daho', 'dark house', 'dark hut')).toEqual(['dark house']);
  });

  it('wants every word, wherever it stands', () => {
    expect(found(' mini  gpt ', 'gpt-4.1-mini', 'gpt-4.1', 'phi-mini')).toEqual(['gpt-4.1-mini']);
    expect(bestMatches([['votes', 'who voted for whom']], 'whom vot', (texts) => texts)).toHaveLength(1);
  });

  it('leaves what fits alike in its order, and everything without a query', () => {
    expect(found('b', 'b2', 'b1')).toEqual(['b2', 'b1']);
    expect(found('  ', 'b2', 'b1')).toEqual(['b2', 'b1']);
  });

  it('finds nothing in a text that is empty', () => {
    expect(found('a', '')).toEqual([]);
  });

  it('takes a long text of the same letter', () => {
    expect(found('ab'.repeat(500), 'a '.repeat(2000))).toEqual([]);
  });
});
