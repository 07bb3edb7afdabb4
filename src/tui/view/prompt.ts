import { EMPTY_EDITOR, insertText, type EditorState } from '../input/editor.ts';

/** What the user is typing a line for. */
export type PromptKind =
  | 'filter'
  | 'search'
  | 'search-all'
  | 'palette'
  | 'review'
  | 'send-back'
  | 'save'
  | 'secret'
  | 'model'
  | 'rename';

/** One line that is being typed at the bottom of the screen, or in the palette. */
export interface Prompt {
  kind: PromptKind;
  editor: EditorState;
  /** The picked row of the palette. */
  pick: number;
}

/** Lines that are typed in a box with a list of their own. */
export function isBoxed(kind: PromptKind): boolean {
  return kind === 'palette' || kind === 'model';
}

/** Lines that people write sentences in: they may be long. */
export function isInWords(kind: PromptKind): boolean {
  return kind === 'review' || kind === 'send-back';
}

export const PROMPT_LABELS: Record<PromptKind, string> = {
  review: 'decide, with a comment or none',
  'send-back': 'what is to be different',
  filter: 'filter',
  search: 'find in this pane',
  'search-all': 'find in all panes',
  palette: 'command',
  save: 'save the answer as',
  secret: 'key, hidden',
  model: 'model',
  rename: 'name of this session',
};

export function openPrompt(kind: PromptKind, text = ''): Prompt {
  return { kind, editor: insertText(EMPTY_EDITOR, text), pick: 0 };
}
