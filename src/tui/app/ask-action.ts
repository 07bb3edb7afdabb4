import type { ActionId } from '../input/keymap.ts';
import { EMPTY_EDITOR, insertText, type EditorState } from '../input/editor.ts';
import { plural } from '../view/format.ts';
import { askParts, type AskParts } from '../view/ask-view.ts';
import type { AskDraft } from '../view/ask-draft.ts';
import { asksOf, openAsk, withDraft } from '../view/asks.ts';
import type { Model } from '../view/model.ts';
import { editorAfter } from './edit-action.ts';
import { moved } from './scroll-move.ts';

/** What an action changes in the dialog over what agents ask; null if it decides something, or is none of its. Pure. */
export function askAction(model: Model, action: ActionId, digit: number): Partial<Model> | null {
  const open = openAsk(model);
  if (!open) return null;
  const { ask, draft } = open;
  const put = (change: Partial<AskDraft>): Partial<Model> => withDraft(model, ask.id, { ...draft, ...change });
  if (draft.isTyping) {
    const editor = editorAfter(draft.editor, action);
    if (editor) return put({ editor });
  }
  switch (action) {
    case 'ask-later':
      return { asks: { ...model.asks, open: null } };
    case 'ask-next':
    case 'ask-previous': {
      const all = asksOf(model);
      const at = all.findIndex(({ id }) => id === ask.id) + (action === 'ask-next' ? 1 : -1);
      const next = all[(at + all.length) % all.length];
      return next ? { asks: { ...model.asks, open: next.id, since: model.now } } : {};
    }
    case 'deny-why':
    case 'type-reply':
      if (ask.kind === 'question' && !ask.question.allowsText) {
        return { message: { tone: 'info', text: 'This question takes one of its options only.' } };
      }
      return put({ isTyping: true, isEdit: false, ...(draft.isEdit && { editor: EMPTY_EDITOR }) });
    case 'edit-call': {
      if (ask.kind !== 'approval') return {};
      if (ask.approval.editable !== true) {
        return { message: { tone: 'info', text: 'Only a call of one command can be changed.' } };
      }
      const parts = askParts(model);
      const left = parts ? parts.body.length - seenRows(parts) : 0;
      if (left > 0) return { message: { tone: 'warn', text: `${plural(left, 'row')} were not shown yet.` } };
      return put({ isTyping: true, isEdit: true, editor: draft.isEdit ? draft.editor : written(ask.approval.target) });
    }
    case 'leave-reply':
      // Without options there is nothing to go back to.
      if (ask.kind === 'question' && ask.question.options.length === 0) {
        return { asks: { ...withDraft(model, ask.id, draft).asks, open: null } };
      }
      return put({ isTyping: false });
    case 'scroll-down':
    case 'scroll-up':
    case 'half-down':
    case 'half-up':
    case 'page-down':
    case 'page-up':
    case 'top':
    case 'bottom': {
      const parts = askParts(model);
      if (!parts) return {};
      const top = moved(parts.top, action, parts.body.length, parts.bodyHeight);
      return put({ top, seen: { rows: seenRows(parts), width: parts.width } });
    }
    case 'option-next':
    case 'option-previous':
      return pickOption(model, draft.pick + (action === 'option-next' ? 1 : -1));
    case 'pick-option': {
      const change = pickOption(model, digit - 1);
      return change.asks && ask.kind === 'question' && ask.question.isMultiple
        ? (askAction({ ...model, ...change }, 'mark-option', 0) ?? change)
        : change;
    }
    case 'mark-option': {
      if (ask.kind !== 'question' || !ask.question.isMultiple) return {};
      const { pick, chosen } = draft;
      return put({
        chosen: chosen.includes(pick) ? chosen.filter((each) => each !== pick) : [...chosen, pick].toSorted(byNumber),
      });
    }
    default:
      return null;
  }
}

/** The command as it would run; what a terminal would obey or hide is not in it, and so does not run. */
function written(target: string): EditorState {
  return insertText(EMPTY_EDITOR, target);
}

/** Typed or pasted text, where the dialog has a field with the keys. Pure. */
export function typedInAsk(model: Model, text: string): Partial<Model> {
  const open = openAsk(model);
  if (!open?.draft.isTyping) return {};
  return withDraft(model, open.ask.id, { ...open.draft, editor: insertText(open.draft.editor, text) });
}

/**
 * How many rows from the first one on were on the screen by now. Who jumps to the end has not seen what lies between.
 * Pure.
 */
export function seenRows({ draft, width, top, bodyHeight }: AskParts): number {
  const seen = draft.seen.width === width ? draft.seen.rows : 0;
  return top <= seen ? Math.max(seen, top + bodyHeight) : seen;
}

/** Picks an option and brings it in sight. */
function pickOption(model: Model, index: number): Partial<Model> {
  const parts = askParts(model);
  if (!parts) return {};
  const { ask, draft, optionAt, body, bodyHeight, top } = parts;
  if (index < 0 || index >= optionAt.length) return {};
  const from = optionAt[index] ?? 0;
  const to = Math.min(optionAt[index + 1] ?? body.length, from + bodyHeight);
  const next = from < top ? from : to > top + bodyHeight ? to - bodyHeight : top;
  return withDraft(model, ask.id, { ...draft, pick: index, top: next });
}

function byNumber(a: number, b: number): number {
  return a - b;
}
