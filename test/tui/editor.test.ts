import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deleteText,
  EMPTY_EDITOR,
  insertText,
  moveCursor,
  submitText,
  type EditorMove,
  type EditorState,
} from '../../src/tui/input/editor.ts';
import { fieldRows } from '../../src/tui/view/input-view.ts';
import { SCRIPTS } from './corpus.ts';

const at = (marked: string): EditorState => ({
  ...EMPTY_EDITOR,
  text: marked.replace('|', ''),
  cursor: marked.indexOf('|'),
});
const mark = (state: EditorState): string => `${state.text.slice(0, state.cursor)}|${state.text.slice(state.cursor)}`;

describe('editor', () => {
  it.each<[string, EditorMove, string]>([
    ['ab|c', 'left', 'a|bc'],
    ['|abc', 'left', '|abc'],
    ['ab|', 'right', 'ab|'],
    ['a👩‍💻|b', 'left', 'a|👩‍💻b'],
    ['a|🇩🇪b', 'right', 'a🇩🇪|b'],
    ['one two|', 'word-left', 'one |two'],
    ['|one two', 'word-right', 'one| two'],
    ['ab\ncd|e', 'line-start', 'ab\n|cde'],
    ['a|b\ncd', 'line-end', 'ab|\ncd'],
    ['abc\nde|f', 'up', 'ab|c\ndef'],
    ['abc\nd|', 'down', 'abc\nd|'],
    ['abcd|\ne', 'down', 'abcd\ne|'],
    ['a|b\n\ncd', 'down', 'ab\n|\ncd'],
  ])('%s %s gives %s', (before, move, after) => {
    expect(mark(moveCursor(at(before), move))).toBe(after);
  });

  it.each<[string, Parameters<typeof deleteText>[1], string]>([
    ['ab|c', 'left', 'a|c'],
    ['a|bc', 'right', 'a|c'],
    ['one two|', 'word-left', 'one |'],
    ['x\none|two', 'line-start', 'x\n|two'],
    ['one|two\nx', 'line-end', 'one|\nx'],
    ['|', 'left', '|'],
    ['e\u0301|', 'left', '|'],
  ])('%s without its %s is %s', (before, what, after) => {
    expect(mark(deleteText(at(before), what))).toBe(after);
  });

  it('inserts at the cursor, and only clean text', () => {
    expect(mark(insertText(at('a|b'), '\x1b[31mx\ty'))).toBe('ax    y|b');
  });

  it('walks through earlier questions and back to the draft', () => {
    let state = submitText({ ...EMPTY_EDITOR, text: 'one' });
    state = submitText({ ...state, text: 'two' });
    state = submitText({ ...state, text: 'two' });
    state = insertText(state, 'draft');
    const seen: string[] = [];
    for (const move of ['up', 'up', 'up', 'down', 'down', 'down'] as const) {
      state = moveCursor(state, move);
      seen.push(state.text);
    }
    expect([state.history, seen]).toEqual([
      ['one', 'two'],
      ['two', 'one', 'one', 'two', 'draft', 'draft'],
    ]);
  });
});

describe('fieldRows', () => {
  it('breaks where the room ends and knows where the cursor is', () => {
    expect([
      fieldRows('abcdef', 6, 3),
      fieldRows('ab\nc', 3, 5),
      fieldRows('日本語', 1, 5),
      fieldRows('one two three', 9, 8),
    ]).toEqual([
      { rows: ['abc', 'def', ''], cursor: { row: 2, column: 0 } },
      { rows: ['ab', 'c'], cursor: { row: 1, column: 0 } },
      { rows: ['日本', '語'], cursor: { row: 0, column: 2 } },
      { rows: ['one two ', 'three'], cursor: { row: 1, column: 1 } },
    ]);
  });

  it('never puts the cursor outside the field', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SCRIPTS, '\n')), fc.integer({ min: 2, max: 20 }), (parts, width) => {
        let state = insertText(EMPTY_EDITOR, parts.join(''));
        for (;;) {
          const { rows, cursor } = fieldRows(state.text, state.cursor, width);
          expect([cursor.row >= 0 && cursor.row < rows.length, cursor.column >= 0 && cursor.column < width]).toEqual([
            true,
            true,
          ]);
          const next = moveCursor(state, 'left');
          if (next.cursor === state.cursor) break;
          state = next;
        }
      }),
    );
  });
});
