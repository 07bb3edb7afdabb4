import type { StreamedEvent } from './model-call.ts';

/** Tells of the pages and files that a reply mentions, of each one once. */
export interface Mentions {
  page(url: string | null, title: string | null): StreamedEvent[];
  file(name: string | null, id: string | null, mediaType?: string | null, base64?: string): StreamedEvent[];
  /** A file that a provider's tool has made and keeps. */
  made(name: string | null, id: string | null, container: string | null): StreamedEvent[];
}

export function createMentions(): Mentions {
  const told = new Set<string>();
  const once = (key: string, event: StreamedEvent): StreamedEvent[] => {
    if (told.has(key)) return [];
    told.add(key);
    return [event];
  };
  return {
    page: (url, title) => (url ? once(`page ${url}`, { type: 'citation', url, title: title ?? '' }) : []),
    file: (name, id, mediaType = null, base64) =>
      name || id
        ? once(`file ${id ?? ''} ${name ?? ''}`, {
            type: 'file',
            name: name ?? '',
            id,
            mediaType,
            ...(base64 && { base64 }),
          })
        : [],
    made: (name, id, container) =>
      id
        ? once(`file ${id} ${name ?? ''}`, { type: 'file', name: name ?? '', id, mediaType: null, made: { container } })
        : [],
  };
}

/** The picture or file that a `data:` address holds; null for any other address. */
export function readDataUrl(url: string): { mediaType: string; base64: string } | null {
  const [, mediaType, base64] = /^data:([\w.+/-]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || base64 === undefined ? null : { mediaType, base64 };
}
