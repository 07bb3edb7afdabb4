import { insertText, type EditorState } from '../input/editor.ts';
import type { ActionId } from '../input/keymap.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { commandsOf } from '../view/commands.ts';
import type { Completion, Model } from '../view/model.ts';

/** What may stand where the cursor is: a command after a slash, a path after an at sign. Null for other text. Pure. */
export function completable(editor: EditorState): { kind: 'command' | 'path'; from: number; text: string } | null {
  const before = editor.text.slice(0, editor.cursor);
  const command = /^\/([a-z0-9-]*)$/.exec(before);
  if (command && editor.cursor === editor.text.length) return { kind: 'command', from: 1, text: command[1] ?? '' };
  const path = /(?:^|\s)@([^\s@]*)$/.exec(before);
  return path ? { kind: 'path', from: editor.cursor - (path[1] ?? '').length, text: path[1] ?? '' } : null;
}

/** The names of commands that begin so. */
export function commandCompletion(model: Model, from: number, text: string): Completion | null {
  return completionOf(
    'command',
    from,
    [...new Set(commandsOf(model).map((command) => command.name))].filter((name) => name.startsWith(text)),
  );
}

export function completionOf(kind: Completion['kind'], from: number, items: readonly string[]): Completion | null {
  // A name that cannot be shown as it is cannot be typed as it is either.
  const clean = items.filter((item) => sanitizeLine(item) === item);
  return clean.length === 0 ? null : { kind, from, items: clean, pick: 0 };
}

/** What an action changes while completions are shown; null if it has nothing to do with them. Pure. */
export function completionAction(model: Model, action: ActionId): Partial<Model> | null {
  const { completion } = model;
  if (!completion || model.prompt || !model.isEditing) return action === 'complete' ? {} : null;
  const move = (step: number): Partial<Model> => {
    const pick = (completion.pick + step + completion.items.length) % completion.items.length;
    return { completion: { ...completion, pick } };
  };
  switch (action) {
    case 'edit-up':
      return move(-1);
    case 'edit-down':
      return move(1);
    case 'leave-input':
      return { completion: null };
    case 'complete':
      return completed(model, completion);
    default:
      return null;
  }
}

/** The field with the picked item in it. A folder goes on, anything else is followed by a space. */
function completed({ editor }: Model, { items, pick, from, kind }: Completion): Partial<Model> {
  const item = items[pick] ?? '';
  const end = kind === 'command' || item.endsWith('/') ? '' : ' ';
  const text = editor.text.slice(0, from) + editor.text.slice(editor.cursor);
  return { editor: insertText({ ...editor, text, cursor: from }, item + end), completion: null };
}
