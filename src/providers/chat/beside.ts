import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { readDataUrl, type Mentions } from '../wire/mentions.ts';
import type { StreamedEvent } from '../wire/model-call.ts';

/** What vendors tell beside the reply, each in words of its own: pages, pictures, tools that they have run themselves. */
export interface Beside {
  ofDelta(delta: JsonObject): StreamedEvent[];
  ofChunk(chunk: unknown): StreamedEvent[];
}

export function createBeside(mentions: Mentions): Beside {
  let hasSearched = false;
  /** Tools that Groq has run, by their place: without and with what came of them. */
  const begun = new Set<number>();
  const done = new Set<number>();

  const searched = (pages: StreamedEvent[]): StreamedEvent[] => {
    if (pages.length === 0 || hasSearched) return pages;
    hasSearched = true;
    return [
      { type: 'builtin-tool', name: 'web_search', detail: '' },
      { type: 'builtin-result', name: 'web_search', output: '', isError: false },
      ...pages,
    ];
  };

  const executed = (tool: JsonValue, at: number): StreamedEvent[] => {
    const place = numberAt(tool, 'index') ?? at;
    const kind = stringAt(tool, 'type') ?? 'tool';
    const name = GROQ_NAMES.get(kind) ?? kind;
    const out: StreamedEvent[] = [];
    if (!begun.has(place)) out.push({ type: 'builtin-tool', name, detail: stringAt(tool, 'arguments') ?? '' });
    begun.add(place);
    const output = outputOf(tool);
    if (output === '' || done.has(place)) return out;
    done.add(place);
    return [...out, { type: 'builtin-result', name, output, isError: false }];
  };

  return {
    ofDelta(delta) {
      const pages = arrayAt(delta, 'annotations').flatMap((note) => objectAt(note, 'url_citation') ?? []);
      return [
        ...arrayAt(delta, 'executed_tools').flatMap(executed),
        ...arrayAt(delta, 'images').flatMap((image) => madeImage(image, mentions)),
        ...searched(pages.flatMap((page) => mentions.page(stringAt(page, 'url'), stringAt(page, 'title')))),
      ];
    },
    // Search models name the pages beside the reply: Perplexity with titles, xAI and others by address alone.
    ofChunk: (chunk) => [
      ...arrayAt(chunk, 'search_results').flatMap((page) =>
        mentions.page(stringAt(page, 'url'), stringAt(page, 'title')),
      ),
      ...arrayAt(chunk, 'citations').flatMap((url) => (typeof url === 'string' ? mentions.page(url, null) : [])),
      // Z.ai.
      ...searched(
        arrayAt(chunk, 'web_search').flatMap((page) => mentions.page(stringAt(page, 'link'), stringAt(page, 'title'))),
      ),
    ],
  };
}

/** Groq's words for tools that others have too. */
const GROQ_NAMES: ReadonlyMap<string, string> = new Map([
  ['search', 'web_search'],
  ['python', 'code_execution'],
]);

function outputOf(tool: JsonValue): string {
  const found = arrayAt(objectAt(tool, 'search_results'), 'results').filter(isJsonObject);
  const pages = found.map((page) => `${stringAt(page, 'title') ?? ''} ${stringAt(page, 'url') ?? ''}`.trim());
  return pages.length > 0 ? pages.join('\n') : (stringAt(tool, 'output') ?? '');
}

/** OpenRouter puts images beside the text, as data addresses. */
function madeImage(image: JsonValue, mentions: Mentions): StreamedEvent[] {
  const url = stringAt(objectAt(image, 'image_url'), 'url') ?? '';
  const data = readDataUrl(url);
  const name = `image ${(numberAt(image, 'index') ?? 0) + 1}`;
  return mentions.file(name, data ? null : url, data?.mediaType ?? null, data?.base64);
}
