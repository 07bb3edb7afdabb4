import { oneLine } from '../headless/plain-text.ts';
import type { ModelEvent } from '../providers/provider.ts';

/** One event of a stream on one line for people: its type, then what it holds. Safe to show in a terminal. */
export function probeLine(event: ModelEvent): string {
  return oneLine(`${event.type} ${wordsOf(event)}`);
}

function wordsOf(event: ModelEvent): string {
  switch (event.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      // Quoted, so that line breaks and spaces at its ends are seen.
      return JSON.stringify(event.text);
    case 'tool-call':
      return `${event.call.name} ${event.call.rawArgs}`;
    case 'own-tool':
      return `${event.call.name} ${event.call.rawArgs}`;
    case 'own-result':
      return `${event.name}${event.isError ? ' failed' : ''} ${event.output}`;
    case 'plan':
      return event.tasks.map(({ title, status }) => `[${status}] ${title}`).join(' ');
    case 'builtin-tool':
      return [event.name, event.itemType && `(${event.itemType})`, event.status, event.detail]
        .filter(Boolean)
        .join(' ');
    case 'builtin-result':
      return [event.name, event.itemType && `(${event.itemType})`, event.isError && 'failed', event.output]
        .filter(Boolean)
        .join(' ');
    case 'citation':
      return `${event.url} ${event.title}`;
    case 'file':
      return [event.name, event.id, event.mediaType].filter(Boolean).join(' ');
    case 'finished':
      return event.stopReason;
    case 'failed':
      return `${event.error.kind}: ${event.error.message}`;
  }
}
