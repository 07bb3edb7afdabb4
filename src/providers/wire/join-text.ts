import type { ModelEnd, ModelEvent } from '../provider.ts';

type StreamedEvent = Exclude<ModelEvent, ModelEnd>;

/** Pieces of one kind of text that follow each other, as one piece: what came together is handed on together. */
export function joinText(events: readonly StreamedEvent[]): readonly StreamedEvent[] {
  if (events.length < 2) return events;
  const joined: StreamedEvent[] = [];
  let type: 'text' | 'reasoning' | 'refusal' | null = null;
  let pieces: string[] = [];
  const close = (): void => {
    if (type !== null) joined.push({ type, text: pieces.join('') });
    type = null;
    pieces = [];
  };
  for (const event of events) {
    const isText = event.type === 'text' || event.type === 'reasoning' || event.type === 'refusal';
    if (!isText || event.type !== type) close();
    if (!isText) joined.push(event);
    else {
      type = event.type;
      pieces.push(event.text);
    }
  }
  close();
  return joined;
}
