import type { EventDraft, EventOf } from '../events/event.ts';
import type { RedactingStream, Redactor } from './redact.ts';

type DeltaType = EventOf<'text.appended' | 'reasoning.appended'>['type'];

/** Hides secrets in the events of a run, those that are split over two pieces of streamed text included. */
export interface StreamGuard {
  filter(draft: EventDraft): EventDraft;
  /** What is held back of a model call's text and reasoning, as events; from then on nothing of it is held back. */
  release(request: string): EventDraft[];
}

interface Call {
  agent: EventDraft['agent'];
  streams: Map<DeltaType, RedactingStream>;
  isReleased: boolean;
}

/**
 * Keeps one filter per model call and kind of text. The call's end forgets them: `request.finished` holds the whole
 * text, so nothing is lost for good when nobody asked for `release`.
 */
export function createStreamGuard(redact: Redactor): StreamGuard {
  const calls = new Map<string, Call>();

  const filterDelta = (draft: EventDraft & { type: DeltaType }): EventDraft => {
    const { request, text } = draft.data;
    let call = calls.get(request);
    if (!call) calls.set(request, (call = { agent: draft.agent, streams: new Map(), isReleased: false }));
    if (call.isReleased) return redact.draft(draft);
    let stream = call.streams.get(draft.type);
    if (!stream) call.streams.set(draft.type, (stream = redact.stream()));
    const clean = stream.push(text);
    return clean === text ? draft : { ...draft, data: { request, text: clean } };
  };

  return {
    filter: (draft) => {
      switch (draft.type) {
        case 'text.appended':
        case 'reasoning.appended':
          return filterDelta(draft);
        case 'request.finished':
        case 'request.failed':
          calls.delete(draft.data.request);
          return redact.draft(draft);
        default:
          return redact.draft(draft);
      }
    },
    release: (request) => {
      const call = calls.get(request);
      if (!call) return [];
      call.isReleased = true;
      const drafts: EventDraft[] = [];
      for (const [type, stream] of call.streams) {
        const text = stream.end();
        if (text === '') continue;
        const data = { request, text };
        drafts.push(call.agent === undefined ? { type, data } : { type, data, agent: call.agent });
      }
      return drafts;
    },
  };
}
