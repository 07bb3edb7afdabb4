import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { EditorState } from '../input/editor.ts';
import type { Area, Rect } from './frame.ts';
import { fieldRows } from './input-view.ts';
import { span } from './line.ts';
import { PROMPT_LABELS, type Prompt } from './prompt.ts';

const BAR = style('fg', [], 'bar');

/** The line that is being typed, over the last row but one, and where the cursor stands in it. */
export function promptArea(prompt: Prompt, rect: Rect): { area: Area; cursor: { x: number; y: number } } {
  const label = ` ${PROMPT_LABELS[prompt.kind]}: `;
  const width = Math.max(1, rect.width - textWidth(label) - 1);
  // A key is never shown, only how much of it was typed.
  const { editor } = prompt.kind === 'secret' ? { editor: hidden(prompt.editor) } : prompt;
  // A longer line shows the part around the cursor.
  const { rows, cursor } = fieldRows(editor.text.replaceAll('\n', ' '), editor.cursor, width);
  return {
    area: {
      layer: 'input',
      ...rect,
      lines: [[span(label, style('accent', ['bold'], 'bar')), span(rows[cursor.row] ?? '', BAR)]],
      fill: BAR,
    },
    cursor: { x: rect.x + textWidth(label) + cursor.column, y: rect.y },
  };
}

function hidden(editor: EditorState): EditorState {
  return { ...editor, text: '*'.repeat(editor.text.length) };
}
