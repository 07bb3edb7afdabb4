import type { EventDraft } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { ModelEvent } from '../providers/provider.ts';
import type { TurnContext } from './turn-context.ts';

/** Characters of a tool's output that the log keeps: the model has seen all of it, people want the gist. */
const MAX_OUTPUT_CHARS = 4000;

type Activity = Pick<TurnContext, 'alias' | 'turn' | 'saveFile'> & { clock: Clock };

/**
 * What a provider does beside writing, in one request: its own tools at work, the pages and files that the reply
 * refers to, as events of the run. Files that came whole are kept in the run's folder first.
 */
export function createActivityLog(
  context: Activity,
  request: string,
): (event: ModelEvent) => Promise<EventDraft | null> {
  const { alias: agent, turn, clock } = context;
  /** Uses without a result yet, oldest first. */
  const open: { use: string; name: string; since: number }[] = [];
  let uses = 0;
  return async (event) => {
    switch (event.type) {
      case 'builtin-tool': {
        uses += 1;
        const use = `${request}.${uses}`;
        open.push({ use, name: event.name, since: clock.now() });
        const data = { turn, request, use, name: event.name, detail: shortened(event.detail) };
        return { type: 'builtin.used', agent, data };
      }
      case 'builtin-result': {
        const at = open.findIndex(({ name }) => name === event.name);
        const [begun] = at < 0 ? [] : open.splice(at, 1);
        // The use itself may have been in an earlier reply, which paused.
        const use = begun?.use ?? `${request}.${event.name}`;
        const durationMs = begun ? clock.now() - begun.since : 0;
        const { name, isError } = event;
        const data = { turn, use, name, output: shortened(event.output), isError, durationMs };
        return { type: 'builtin.returned', agent, data };
      }
      case 'citation':
        return { type: 'source.cited', agent, data: { turn, request, url: event.url, title: event.title } };
      case 'file': {
        const { name, id, mediaType, base64 } = event;
        const saved = base64 === undefined ? null : await context.saveFile?.(mediaType, Buffer.from(base64, 'base64'));
        const { path, bytes } = saved ?? { path: null, bytes: null };
        return { type: 'file.received', agent, data: { turn, request, name, id, mediaType, path, bytes } };
      }
      default:
        return null;
    }
  };
}

function shortened(text: string): string {
  return text.length > MAX_OUTPUT_CHARS ? `${text.slice(0, MAX_OUTPUT_CHARS)}…` : text;
}
