import type { PendingApproval, PendingQuestion } from '../../coordination/state.ts';
import type { Alias } from '../../events/event.ts';
import { EMPTY_EDITOR, type EditorState } from '../input/editor.ts';
import type { Model } from './model.ts';

/** What waits for the user: leave for a call, or an answer. */
export type Ask =
  | { kind: 'approval'; id: string; alias: Alias; at: number; approval: PendingApproval }
  | { kind: 'question'; id: string; alias: Alias; at: number; question: PendingQuestion };

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

const NEW_DRAFT: AskDraft = {
  top: 0,
  seen: { rows: 0, width: 0 },
  pick: 0,
  chosen: [],
  editor: EMPTY_EDITOR,
  isTyping: false,
};

/** Everything that waits for the user, oldest first. Pure. */
export function asksOf({ run, isRunActive, asks }: Pick<Model, 'run' | 'isRunActive' | 'asks'>): Ask[] {
  const state = run?.state;
  if (!state || !isRunActive || state.end || state.isCancelled) return [];
  const all: Ask[] = [
    ...state.approvals.map((approval): Ask => {
      const { request: id, alias, at } = approval;
      return { kind: 'approval', id, alias, at, approval };
    }),
    ...state.questions
      .filter(({ waitsFor }) => waitsFor.includes('user'))
      .map((question): Ask => {
        const { question: id, alias, at } = question;
        return { kind: 'question', id, alias, at, question };
      }),
  ];
  return all.filter(({ id }) => !asks.sent.has(id)).toSorted((a, b) => a.at - b.at);
}

/** The one that the dialog shows, with its place in the queue; null while it is closed. Pure. */
export function openAsk(model: Model): { ask: Ask; draft: AskDraft; place: number; count: number } | null {
  if (model.asks.open === null) return null;
  const all = asksOf(model);
  const index = all.findIndex(({ id }) => id === model.asks.open);
  const ask = all[index];
  return ask ? { ask, draft: draftOf(model, ask), place: index + 1, count: all.length } : null;
}

/** A question without options is answered in words, so the field has the keys at once. */
function draftOf({ asks }: Model, ask: Ask): AskDraft {
  const isTyping = ask.kind === 'question' && ask.question.options.length === 0;
  return asks.drafts.get(ask.id) ?? { ...NEW_DRAFT, isTyping };
}

/** The model with another draft of that one. Pure. */
export function withDraft(model: Model, id: string, draft: AskDraft): Pick<Model, 'asks'> {
  return { asks: { ...model.asks, drafts: new Map(model.asks.drafts).set(id, draft) } };
}
