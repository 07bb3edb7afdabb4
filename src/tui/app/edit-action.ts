import { deleteText, insertText, moveCursor, type EditorState } from '../input/editor.ts';
import type { ActionId } from '../input/keymap.ts';
import type { Model } from '../view/model.ts';

/** What an action changes in the question field; null if it is none of the field's. Pure. */
export function editAction(model: Model, action: ActionId): Partial<Model> | null {
  if (model.prompt) return null;
  const edited = editorAfter(model.editor, action);
  return edited ? { editor: edited } : null;
}

/** A text field after an action; null if it is none of a field's. Pure. */
export function editorAfter(editor: EditorState, action: ActionId): EditorState | null {
  switch (action) {
    case 'newline':
      return insertText(editor, '\n');
    case 'edit-up':
      return moveCursor(editor, 'up');
    case 'edit-down':
      return moveCursor(editor, 'down');
    case 'edit-left':
      return moveCursor(editor, 'left');
    case 'edit-right':
      return moveCursor(editor, 'right');
    case 'edit-word-left':
      return moveCursor(editor, 'word-left');
    case 'edit-word-right':
      return moveCursor(editor, 'word-right');
    case 'edit-line-start':
      return moveCursor(editor, 'line-start');
    case 'edit-line-end':
      return moveCursor(editor, 'line-end');
    case 'delete-left':
      return deleteText(editor, 'left');
    case 'delete-right':
      return deleteText(editor, 'right');
    case 'delete-word':
      return deleteText(editor, 'word-left');
    case 'delete-line-start':
      return deleteText(editor, 'line-start');
    case 'delete-line-end':
      return deleteText(editor, 'line-end');
    default:
      return null;
  }
}
