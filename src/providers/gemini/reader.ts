import { grown } from '../../events/grown.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolCall } from '../../events/message.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import type { SentUsage } from '../provider.ts';
import { actionArgs, COMPUTER } from '../wire/computer-use.ts';
import { createMentions, type Mentions } from '../wire/mentions.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { withCalls, type StreamedEvent, type WireReader } from '../wire/model-call.ts';
import { createToolCall } from '../wire/tool-call.ts';
import { applyPartialArg } from './partial-args.ts';
import { GEMINI } from './request.ts';

/** A call whose arguments are still being streamed. */
interface OpenCall {
  part: JsonObject;
  id: string | null;
  name: string;
  args: JsonObject;
}

type MadeCall = Extract<StreamedEvent, { type: 'tool-call' }>;

/** Reads the chunks of a generateContent stream. */
export function createGeminiReader(
  callId: (wanted: string | null) => string,
  { isAction = () => false }: { isAction?: (name: string) => boolean } = {},
): WireReader {
  let text = '';
  let reasoning = '';
  const calls: ToolCall[] = [];
  const parts: JsonObject[] = [];
  let open: OpenCall | null = null;
  let finishReason: string | null = null;
  let finishMessage: string | null = null;
  let block: JsonObject | null = null;
  let counts: JsonObject | null = null;
  const told = new Set<string>();
  const mentions = createMentions();
  let madeFiles = 0;

  const makeCall = (part: JsonObject, id: string | null, name: string, args: JsonValue): MadeCall => {
    const isComputer = isAction(name) && isJsonObject(args);
    const ours = isComputer ? actionArgs(name, args) : args;
    const call = createToolCall(callId(id), isComputer ? COMPUTER : name, JSON.stringify(ours));
    calls.push(call);
    parts.push({ ...part, functionCall: { ...(id !== null && { id }), name, args } });
    return { type: 'tool-call', call };
  };

  const closeCall = (): StreamedEvent[] => {
    if (!open) return [];
    const { part, id, name, args } = open;
    open = null;
    const made = makeCall(part, id, name, args);
    // More was to come: what is there only looks whole.
    if (finishReason !== null && stopReasonOf(finishReason) !== 'end') made.call.args = null;
    return [made];
  };

  /** Arguments come whole, or in pieces that end with a piece (or the next call) without `willContinue`. */
  const readCall = (part: JsonObject, sent: JsonObject): StreamedEvent[] => {
    const name = stringAt(sent, 'name') || null;
    const id = stringAt(sent, 'id') || null;
    const partial = arrayAt(sent, 'partialArgs');
    const goesOn = sent.willContinue === true;
    const isBegun = open !== null && id !== null && id === open.id;
    const isNext = name !== null && !isBegun;
    const out = isNext ? closeCall() : [];
    if (isNext && !goesOn && partial.length === 0) {
      return [...out, makeCall(withoutCall(part), id, name, sent.args ?? {})];
    }
    if (isNext) open = { part: withoutCall(part), id, name, args: { ...objectAt(sent, 'args') } };
    if (open) {
      for (const piece of partial) applyPartialArg(open.args, piece);
      if (!goesOn) out.push(...closeCall());
    }
    return out;
  };

  const readPart = (part: JsonObject): StreamedEvent[] => {
    const call = objectAt(part, 'functionCall');
    if (call) return readCall(part, call);
    const piece = stringAt(part, 'text');
    const isThought = part.thought === true;
    keepPart(parts, part, piece, isThought);
    if (piece !== null && piece !== '') {
      if (isThought) reasoning = grown(reasoning, piece);
      else text = grown(text, piece);
      return [{ type: isThought ? 'reasoning' : 'text', text: piece }];
    }
    const code = objectAt(part, 'executableCode');
    if (code) {
      const detail = stringAt(code, 'code') ?? '';
      return [{ type: 'builtin-tool', name: 'code_execution', detail, itemType: 'executableCode' }];
    }
    const ran = objectAt(part, 'codeExecutionResult');
    if (ran) {
      const isError = stringAt(ran, 'outcome') !== 'OUTCOME_OK';
      const output = stringAt(ran, 'output') ?? '';
      return [{ type: 'builtin-result', name: 'code_execution', itemType: 'codeExecutionResult', output, isError }];
    }
    const made = objectAt(part, 'inlineData');
    if (made) {
      madeFiles += 1;
      return mentions.file(`file ${madeFiles}`, null, mimeOf(made), stringAt(made, 'data') ?? '');
    }
    const linked = objectAt(part, 'fileData');
    if (linked) return mentions.file(stringAt(linked, 'displayName'), stringAt(linked, 'fileUri'), mimeOf(linked));
    const tool = objectAt(part, 'toolCall');
    if (tool) {
      const detail = JSON.stringify(tool.args ?? {});
      return [{ type: 'builtin-tool', name: (stringAt(tool, 'toolType') ?? 'tool').toLowerCase(), detail }];
    }
    const response = objectAt(part, 'toolResponse');
    if (response) {
      const name = (stringAt(response, 'toolType') ?? 'tool').toLowerCase();
      return [{ type: 'builtin-result', name, output: '', isError: objectAt(response, 'error') !== null }];
    }
    return [];
  };

  const tellOnce = (name: string, detail: string, output: string, isError: boolean): StreamedEvent[] => {
    if (told.has(name)) return [];
    told.add(name);
    // Metadata come after the fact.
    return [
      { type: 'builtin-tool', name, detail },
      { type: 'builtin-result', name, output, isError },
    ];
  };

  return {
    read(chunk) {
      // Totals so far; chunks in between may have none, and the last word counts.
      const usage = objectAt(chunk, 'usageMetadata');
      if (numberAt(usage, 'promptTokenCount') !== null || numberAt(usage, 'totalTokenCount') !== null) counts = usage;
      const feedback = objectAt(chunk, 'promptFeedback');
      if (stringAt(feedback, 'blockReason') !== null) block = feedback;
      const candidate = arrayAt(chunk, 'candidates').find((c) => (numberAt(c, 'index') ?? 0) === 0) ?? null;
      const out = arrayAt(objectAt(candidate, 'content'), 'parts').flatMap((p) => (isJsonObject(p) ? readPart(p) : []));
      const grounding = objectAt(candidate, 'groundingMetadata');
      const queries = ['webSearchQueries', 'imageSearchQueries'].flatMap((key) => arrayAt(grounding, key));
      const words = queries.filter((query) => typeof query === 'string');
      if (words.length > 0) out.push(...tellOnce('web_search', words.join(', '), '', false));
      const fetched = arrayAt(objectAt(candidate, 'urlContextMetadata'), 'urlMetadata');
      if (fetched.length > 0) {
        const isEveryLost = fetched.every((page) => !isFetched(page));
        out.push(...tellOnce('url_context', '', fetched.map(fetchedText).join('\n'), isEveryLost));
      }
      for (const source of arrayAt(grounding, 'groundingChunks')) out.push(...sourceOf(source, mentions));
      const citations = objectAt(candidate, 'citationMetadata');
      // The second word is Vertex AI's.
      for (const cited of [...arrayAt(citations, 'citationSources'), ...arrayAt(citations, 'citations')]) {
        out.push(...mentions.page(stringAt(cited, 'uri'), stringAt(cited, 'title')));
      }
      finishReason = stringAt(candidate, 'finishReason') || finishReason;
      finishMessage = stringAt(candidate, 'finishMessage') ?? finishMessage;
      if (finishReason !== null) out.push(...closeCall());
      return out;
    },
    isComplete: () => finishReason !== null || block !== null,
    failure: () => failureOf(finishReason, finishMessage, block),
    usage: () => usageOf(counts),
    sent: () => ({ stopReason: finishReason, usage: counts && sentUsageOf(counts) }),
    finish: () => ({
      rest: [],
      message: {
        role: 'assistant',
        text,
        ...(reasoning !== '' && { reasoning }),
        calls,
        ...(parts.length > 0 && { native: { protocol: GEMINI, items: parts } }),
      },
      stopReason: withCalls(stopReasonOf(finishReason), calls),
    }),
  };
}

/** A page, a place, a picture, or a document of the user's own. */
function sourceOf(source: JsonValue, mentions: Mentions): StreamedEvent[] {
  const page = ['web', 'retrievedContext', 'maps', 'image'].map((kind) => objectAt(source, kind)).find(Boolean) ?? null;
  const uri = stringAt(page, 'uri') ?? stringAt(page, 'sourceUri');
  const title = stringAt(page, 'title');
  return uri === null ? mentions.file(title, null) : mentions.page(uri, title);
}

function isFetched(page: JsonValue): boolean {
  return !/_(?:ERROR|PAYWALL|UNSAFE)$/.test(stringAt(page, 'urlRetrievalStatus') ?? '');
}

function fetchedText(page: JsonValue): string {
  const why = isFetched(page) ? '' : (stringAt(page, 'urlRetrievalStatus') ?? '').replace('URL_RETRIEVAL_STATUS_', ' ');
  return `${stringAt(page, 'retrievedUrl') ?? ''}${why.toLowerCase()}`;
}

function mimeOf(data: JsonObject): string | null {
  return stringAt(data, 'mimeType');
}

function withoutCall({ functionCall: _call, ...rest }: JsonObject): JsonObject {
  return rest;
}

/**
 * Keeps what must go back: everything with a signature as it came; plain texts joined. Thoughts without a signature
 * are for the reader only.
 */
function keepPart(parts: JsonObject[], part: JsonObject, piece: string | null, isThought: boolean): void {
  const isSigned = stringAt(part, 'thoughtSignature') !== null;
  if (isSigned) {
    parts.push(part);
    return;
  }
  // Generated files are large and of no use to the next request.
  if (isThought || piece === '' || part.inlineData !== undefined) return;
  const last = parts.at(-1);
  const isPlain = piece !== null && Object.keys(part).length === 1;
  if (isPlain && last && typeof last.text === 'string' && Object.keys(last).length === 1)
    last.text = grown(last.text, piece);
  else parts.push({ ...part });
}

function sentUsageOf(counts: JsonObject): SentUsage {
  return {
    input: numberAt(counts, 'promptTokenCount'),
    output: numberAt(counts, 'candidatesTokenCount'),
    cached: numberAt(counts, 'cachedContentTokenCount'),
    cacheWrite: null,
    reasoning: numberAt(counts, 'thoughtsTokenCount'),
    total: numberAt(counts, 'totalTokenCount'),
  };
}

function usageOf(counts: JsonObject | null): Usage {
  if (!counts) return NO_USAGE;
  const reasoning = numberAt(counts, 'thoughtsTokenCount') ?? 0;
  const input = (numberAt(counts, 'promptTokenCount') ?? 0) + (numberAt(counts, 'toolUsePromptTokenCount') ?? 0);
  return {
    input,
    output: (numberAt(counts, 'candidatesTokenCount') ?? 0) + reasoning,
    cachedInput: Math.min(input, numberAt(counts, 'cachedContentTokenCount') ?? 0),
    cacheWrite: 0,
    reasoning,
  };
}

function stopReasonOf(reason: string | null): StopReason {
  switch (reason) {
    case 'STOP':
      return 'end';
    case 'MAX_TOKENS':
    // What one request may make; the rest would take another one.
    case 'CONTINUATION':
      return 'max-tokens';
    case 'SAFETY':
    case 'RECITATION':
    case 'LANGUAGE':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'MODEL_ARMOR':
    case 'JAILBREAK':
      return 'content-filter';
    default:
      return reason?.startsWith('IMAGE_') === true ? 'content-filter' : 'other';
  }
}

/** The model wrote something that Gemini itself could not read; the next try may be better. */
const BROKEN_REPLY: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
]);

function failureOf(reason: string | null, message: string | null, block: JsonObject | null): ModelError | null {
  if (block && reason === null) {
    const why = stringAt(block, 'blockReasonMessage') ?? 'The prompt was blocked.';
    return { kind: 'content-filter', message: `${why} (${stringAt(block, 'blockReason')})` };
  }
  if (reason !== null && BROKEN_REPLY.has(reason)) {
    return {
      kind: 'protocol',
      message: `The reply was broken off: ${reason}${message === null ? '' : `: ${message}`}.`,
    };
  }
  return null;
}
