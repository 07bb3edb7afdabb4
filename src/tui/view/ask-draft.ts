import { EMPTY_EDITOR, type EditorState } from '../input/editor.ts';

/** How far the user is with one of them; kept while another one is in front. */
export interface AskDraft {
  /** First row shown of what can be scrolled. */
  top: number;
  /** Rows from the first one on that were on the screen, at this width of the text. */
  seen: { rows: number; width: number };
  /** The option that keys pick. */
  pick: number;
  /** Options that were chosen, by number. */
  chosen: readonly number[];
  /** The reason of a denial, or the answer in words. */
  editor: EditorState;
  isTyping: boolean;
  /** What is typed is to run in place of the call, not why it must not. */
  isEdit: boolean;
}

/** The dialog over what agents ask. */
export interface AskDesk {
  /** The one in front; null while the dialog is closed. */
  open: string | null;
  /** When it came to the front: keys that were meant for something else decide nothing. */
  since: number;
  drafts: ReadonlyMap<string, AskDraft>;
  /** Decided or answered by the user; the run has yet to say so. */
  sent: ReadonlySet<string>;
}

export const NO_ASKS: AskDesk = { open: null, since: 0, drafts: new Map(), sent: new Set() };

export const NEW_DRAFT: AskDraft = {
  top: 0,
  seen: { rows: 0, width: 0 },
  pick: 0,
  chosen: [],
  editor: EMPTY_EDITOR,
  isTyping: false,
  isEdit: false,
};
