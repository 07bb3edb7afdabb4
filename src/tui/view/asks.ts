import type { PendingApproval, PendingQuestion } from '../../coordination/state.ts';
import type { Alias } from '../../events/event.ts';
import { NEW_DRAFT, type AskDraft } from './ask-draft.ts';
import type { Model } from './model.ts';

/** What waits for the user: leave for a call, or an answer. */
export type Ask =
  | { kind: 'approval'; id: string; alias: Alias; at: number; approval: PendingApproval }
  | { kind: 'question'; id: string; alias: Alias; at: number; question: PendingQuestion };

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
