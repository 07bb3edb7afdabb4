import type { EventDraft } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import { mediaTypeOf } from '../platform/media-type.ts';
import type { ModelEvent } from '../providers/provider.ts';
import type { FetchedFile } from '../providers/remote/remote-files.ts';
import type { TurnContext } from './turn-context.ts';

/** Characters of a tool's output that the log keeps: the model has seen all of it, people want the gist. */
const MAX_OUTPUT_CHARS = 4000;

/** Largest file of a provider's tool that is fetched, how many of a request, and how long each may take. */
const MAX_FETCHED_BYTES = 32 * 1024 * 1024;
const MAX_FETCHED = 20;
const FETCH_MS = 30_000;

type Activity = Pick<TurnContext, 'alias' | 'turn' | 'saveFile' | 'provider' | 'signal'> & { clock: Clock };
type FileEvent = Extract<ModelEvent, { type: 'file' }>;

export interface ActivityLog {
  /** Null for what is no activity. */
  of(event: ModelEvent): Promise<EventDraft | null>;
  /** Files that code of the provider's has made without a word about them in the reply. Asked once, at the end. */
  unnamedFiles(): Promise<EventDraft[]>;
}

/**
 * What a provider does beside writing, in one request: its own tools at work, the pages and files that the reply
 * refers to, as events of the run. Files that came whole, and those that a tool has made and the provider hands out, are
 * kept in the run's folder first.
 */
export function createActivityLog(context: Activity, request: string): ActivityLog {
  const { alias: agent, turn, clock } = context;
  /** Uses without a result yet, oldest first. */
  const open: { use: string; name: string; since: number }[] = [];
  let uses = 0;
  let fetches = 0;
  const containers = new Set<string>();

  /** Null where the provider does not say, or not in time. */
  const inTime = async <T>(ask: (signal: AbortSignal) => Promise<T> | undefined): Promise<T | null> => {
    const late = new AbortController();
    const stop = clock.after(FETCH_MS, () => late.abort(new Error('It took too long.')));
    try {
      return (await ask(AbortSignal.any([context.signal, late.signal]))) ?? null;
    } catch {
      return null;
    } finally {
      stop();
    }
  };

  /** Null where the provider does not hand it out, or not in time: the reply counts without it. */
  const fetchMade = async ({ id, made, name }: FileEvent): Promise<FetchedFile | null> => {
    const { files } = context.provider;
    if (id === null || !made || !files?.fetchMade || fetches >= MAX_FETCHED) return null;
    fetches += 1;
    const file = { id, container: made.container };
    const found = await inTime((signal) => files.fetchMade?.(file, MAX_FETCHED_BYTES, signal));
    return found && { ...found, mediaType: found.mediaType ?? mediaTypeOf(name || (found.name ?? '')) };
  };

  const of = async (event: ModelEvent): Promise<EventDraft | null> => {
    switch (event.type) {
      case 'builtin-tool': {
        if (event.container !== undefined) containers.add(event.container);
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
        const whole = event.made ? await fetchMade(event) : inlineFile(event);
        const saved = whole && (await context.saveFile?.(whole.mediaType, whole.content));
        const { path, bytes } = saved ?? { path: null, bytes: null };
        const name = event.name || (whole?.name ?? '');
        const mediaType = whole?.mediaType ?? event.mediaType;
        return { type: 'file.received', agent, data: { turn, request, name, id: event.id, mediaType, path, bytes } };
      }
      default:
        return null;
    }
  };

  return {
    of,
    async unnamedFiles() {
      const drafts: EventDraft[] = [];
      for (const container of containers) {
        const found = (await inTime((signal) => context.provider.files?.newMade?.(container, signal))) ?? [];
        for (const { name, id } of found) {
          const draft = await of({ type: 'file', name, id, mediaType: null, made: { container } });
          if (draft) drafts.push(draft);
        }
      }
      return drafts;
    },
  };
}

function shortened(text: string): string {
  return text.length > MAX_OUTPUT_CHARS ? `${text.slice(0, MAX_OUTPUT_CHARS).toWellFormed()}…` : text;
}

function inlineFile({ name, mediaType, base64 }: FileEvent): FetchedFile | null {
  return base64 === undefined ? null : { content: Buffer.from(base64, 'base64'), name, mediaType };
}
