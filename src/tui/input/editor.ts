import { sanitize } from '../text/sanitize.ts';
import { glyphAt } from '../text/width.ts';

/** A small multi-line text field, as a value. `cursor` is an index into `text`, always between two glyphs. */
export interface EditorState {
  text: string;
  cursor: number;
  /** Questions of this session, oldest first. */
  history: readonly string[];
  /** Place in the history; `history.length` is the text being written. */
  place: number;
  draft: string;
}

export const EMPTY_EDITOR: EditorState = { text: '', cursor: 0, history: [], place: 0, draft: '' };

export function insertText(state: EditorState, raw: string): EditorState {
  const text = sanitize(raw).replaceAll('\t', '    ');
  const { cursor } = state;
  return {
    ...state,
    text: state.text.slice(0, cursor) + text + state.text.slice(cursor),
    cursor: cursor + text.length,
  };
}

export type EditorMove = 'left' | 'right' | 'word-left' | 'word-right' | 'line-start' | 'line-end' | 'up' | 'down';

/** Moves the cursor. `up` on the first and `down` on the last line walk through the history. */
export function moveCursor(state: EditorState, move: EditorMove): EditorState {
  const { text, cursor } = state;
  const to = (index: number): EditorState => ({ ...state, cursor: index });
  const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
  const nextBreak = text.indexOf('\n', cursor);
  const lineEnd = nextBreak < 0 ? text.length : nextBreak;
  switch (move) {
    case 'left':
      return to(before(text, cursor));
    case 'right':
      return to(after(text, cursor));
    case 'word-left':
      return to(cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0));
    case 'word-right':
      return to(cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0));
    case 'line-start':
      return to(lineStart);
    case 'line-end':
      return to(lineEnd);
    case 'up': {
      if (lineStart === 0) return recall(state, state.place - 1);
      const start = text.lastIndexOf('\n', lineStart - 2) + 1;
      return to(snap(text, Math.min(start + cursor - lineStart, lineStart - 1)));
    }
    case 'down': {
      if (lineEnd === text.length) return recall(state, state.place + 1);
      const next = text.indexOf('\n', lineEnd + 1);
      return to(snap(text, Math.min(lineEnd + 1 + cursor - lineStart, next < 0 ? text.length : next)));
    }
  }
}

export type EditorCut = 'left' | 'right' | 'word-left' | 'line-start' | 'line-end';

export function deleteText(state: EditorState, what: EditorCut): EditorState {
  const other = moveCursor({ ...state, history: [] }, what).cursor;
  const [from, to] = other < state.cursor ? [other, state.cursor] : [state.cursor, other];
  return { ...state, text: state.text.slice(0, from) + state.text.slice(to), cursor: from };
}

/** The text was sent: it goes into the history and the field is empty. */
export function submitText(state: EditorState): EditorState {
  const history = state.history.at(-1) === state.text ? state.history : [...state.history, state.text];
  return { text: '', cursor: 0, history, place: history.length, draft: '' };
}

function recall(state: EditorState, place: number): EditorState {
  if (place < 0 || place > state.history.length) return state;
  const draft = state.place === state.history.length ? state.text : state.draft;
  const text = place === state.history.length ? draft : (state.history[place] ?? '');
  return { ...state, text, cursor: text.length, place, draft };
}

function before(text: string, index: number): number {
  let last = 0;
  for (let i = 0; i < index;) {
    last = i;
    i = after(text, i);
  }
  return last;
}

function after(text: string, index: number): number {
  if (index >= text.length) return text.length;
  return text[index] === '\n' ? index + 1 : index + glyphAt(text, index).size;
}

/** The nearest place before `index` that is not inside a glyph. */
function snap(text: string, index: number): number {
  let at = 0;
  while (after(text, at) <= index && at < index) at = after(text, at);
  return at;
}
