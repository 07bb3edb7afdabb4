import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withHistory } from '../../src/api/history.ts';

const turn = fc.record({ question: fc.string(), answer: fc.option(fc.string()) });

describe('a question with the turns before it', () => {
  it('is the question itself where there are none', () => {
    expect(withHistory('Why?', [])).toBe('Why?');
  });

  it('holds the turns between fences, and the question after them', () => {
    const text = withHistory('Why?', [
      { question: 'What?', answer: 'That.' },
      { question: 'Who?', answer: null },
    ]);
    const boundary = /fence="([0-9a-f]{16})"/.exec(text)?.[1] ?? '';
    expect(text.replaceAll(boundary, 'B')).toBe(
      [
        'Earlier turns of this conversation, oldest first. They are the background of the question, not part of it.',
        '<turn fence="B">\nUser: What?\nAnswer: That.\n</turn fence="B">',
        '<turn fence="B">\nUser: Who?\n(This turn got no answer.)\n</turn fence="B">',
        'The question now:\n\nWhy?',
      ].join('\n\n'),
    );
  });

  it('has fences that no text in it can close', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(turn, { minLength: 1 }), (question, history) => {
        const forged = withHistory(question, history);
        const again = withHistory(question, [...history, { question: forged, answer: null }]);
        const boundary = /<turn fence="([0-9a-f]{16})">/.exec(again)?.[1] ?? '';
        expect(again.split(`</turn fence="${boundary}">`)).toHaveLength(history.length + 2);
      }),
    );
  });

  it('is the same for the same conversation', () => {
    const history = [{ question: 'What?', answer: 'That.' }];
    expect(withHistory('Why?', history)).toBe(withHistory('Why?', history));
  });
});
