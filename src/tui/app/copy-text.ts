import { browserParts } from '../view/browser.ts';
import { allAnswers } from '../view/answers-page.ts';
import { shownEvents } from '../view/events-page.ts';
import type { Model } from '../view/model.ts';
import { placesOf } from '../view/screen.ts';

/** What is copied, and what it is called. */
export interface Copied {
  text: string;
  what: string;
}

/** What is in front, as it was written and not as it is wrapped. Null where there is nothing to copy. Pure. */
export function copyOf(model: Model): Copied | null {
  const { run, view } = model;
  const state = run?.state;
  if (!run || !state) return null;
  if (view === 'final') return finalOf(model);
  if (view === 'answers') {
    const { pick } = browserParts(model, state, view, placesOf(model).body);
    const answer = allAnswers(state)[pick];
    return answer ? { text: answer.text, what: answer.label } : null;
  }
  if (view === 'events') {
    const { pick } = browserParts(model, state, view, placesOf(model).body);
    const event = shownEvents(model)[pick];
    return event ? { text: JSON.stringify(event), what: `event ${event.seq}` } : null;
  }
  const alias = run.panes[model.focus];
  if (alias === undefined) return null;
  if (view === 'context') {
    const messages = run.conversation(alias).messages();
    return messages.length === 0 ? null : { text: JSON.stringify(messages, null, 2), what: `the context of ${alias}` };
  }
  const block = run.transcript(alias).list.blocks.findLast((each) => each.kind === 'answer' || each.kind === 'text');
  return block && block.kind !== 'tool' ? { text: block.text, what: `the newest text of ${alias}` } : null;
}

export function finalOf(model: Model): Copied | null {
  const final = model.run?.state?.final;
  return final ? { text: final.text, what: 'the final answer' } : null;
}
