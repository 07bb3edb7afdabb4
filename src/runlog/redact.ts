import type { EventDraft } from '../events/event.ts';
import { secretForms } from './secret-forms.ts';

export const REDACTED = '[redacted]';

/** Hides secrets. Idempotent; text without a secret comes back as it is. Never throws. */
export interface Redactor {
  text(text: string): string;
  /** Every string in the event's data, keys of objects too. The same object when there is nothing to hide. */
  draft(draft: EventDraft): EventDraft;
  /** A filter for text that comes in pieces. */
  stream(): RedactingStream;
}

/** One text in pieces. What `push` and `end` return, put together, is the text with its secrets hidden. */
export interface RedactingStream {
  /** Holds back an end that may be the beginning of a secret; the next piece goes on with it. */
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}

export interface RedactorOptions {
  /** Known secret values, such as API keys. Those below 6 characters and well-known placeholders are left alone. */
  secrets: readonly string[];
}

/** Characters after which a piece that may be the beginning of a secret is held back. */
const MIN_HELD_CHARS = 4;
/** A private key is the longest thing that is ever held back. */
const MAX_HELD_CHARS = 16_384;

/** Base64 lines of a PEM file; inside JSON their breaks are escaped. */
const BREAK = String.raw`(?:\s|\\{1,4}[nr])`;
const LINE = String.raw`(?:[\r\n]|\\{1,4}[nr])`;
const PEM =
  String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----` +
  String.raw`(?:${LINE}+[A-Za-z-]{1,40}: [^\r\n\\]{1,80}){0,5}(?:${BREAK}*[A-Za-z0-9+/=]{20,})+` +
  String.raw`(?:${BREAK}*[A-Za-z0-9+/=]*${BREAK}*-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?`;

/**
 * Shapes of keys, whoever they belong to. Texts may be hostile: nothing here looks ahead without a limit, or could
 * split one text in many ways. What has neither a digit nor a capital is words with hyphens.
 */
const SHAPES = [
  PEM,
  String.raw`\b(?:sk-|xai-|gsk_)(?=[a-z_-]{0,60}[A-Z0-9])[A-Za-z0-9_-]{16,}`,
  String.raw`\bAIza[A-Za-z0-9_-]{20,}`,
  String.raw`\bgh[pousr]_[A-Za-z0-9]{16,}`,
  String.raw`\bgithub_pat_[A-Za-z0-9_]{16,}`,
  String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
  String.raw`\b[Bb]earer\s+(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{12,}`,
  String.raw`\bapi[_-]?key\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'][^"'\\\s]{6,}`,
];

/** The part of a shape that is no secret and stays readable. */
const SHAPE_HEAD = /^(?:[Bb]earer\s+|api[_-]?key\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'])/;

/** An end of a text that may go on as one of the shapes. */
const OPEN_SHAPE = new RegExp(
  [
    String.raw`\b(?:(?:sk-|xai-|gsk_|AIza|gh[pousr]_|github_pat_|AKIA|ASIA)[A-Za-z0-9_-]*`,
    String.raw`[Bb]earer\s+[A-Za-z0-9._~+/=-]*`,
    String.raw`api[_-]?key\\{0,3}(?:["']\s{0,4}:?\s{0,4}\\{0,3}(?:["'][^"'\\\s]*)?)?)$`,
  ].join('|'),
);
/** Every shape contains one of these, or one of the starts below. */
const SHAPE_HEADS = ['sk-', 'xai-', 'gsk_', 'AIza', 'gh[pousr]_', 'AKIA', 'ASIA', 'earer', 'api'];
/** How shapes begin, where that is too long to be remembered as a short end. */
const SHAPE_STARTS = ['-----BEGIN ', 'github_pat_', 'Bearer ', 'bearer ', 'api_key"', 'api-key"', 'apikey"'];
const OPEN_PEM = /^-----BEGIN [A-Z0-9 ]{0,40}(?:-{0,5}$|PRIVATE KEY-----[A-Za-z0-9+/=:,\s\\-]*$)/;
const PEM_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
/** Longer than any key of a shape that is held back, JSON web tokens included. */
const SHAPE_WINDOW_CHARS = 4096;

/** A signature or an encrypted item of a provider: one changed letter makes it worthless, and no shape in it means anything. */
const BLOB = /^[A-Za-z0-9+/=_-]{200,}$/;

const KEY_NAME = /^(?:api[_-]?key|x-api-key|x-goog-api-key|authorization|proxy-authorization)$/i;

/** Builds the search once; using it costs about a microsecond per short event. */
export function createRedactor(options: RedactorOptions): Redactor {
  const forms = secretForms(options.secrets);
  const known = forms.map(escapeForPattern);
  const secret = new RegExp([...known, ...SHAPES].join('|'), 'g');
  const knownSecret = known.length === 0 ? null : new RegExp(known.join('|'), 'g');

  const findOpenEnd = createOpenEndFinder([...forms, ...SHAPE_STARTS]);

  const text = (value: string): string => {
    secret.lastIndex = 0;
    if (!secret.test(value)) return value;
    if (BLOB.test(value)) return knownSecret ? value.replace(knownSecret, REDACTED) : value;
    return value.replace(secret, hide);
  };

  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return redactArray(value, redact);
    return redactObject(value as Record<string, unknown>, redact, text);
  };

  return {
    text,
    draft: (draft) => {
      const data = redact(draft.data);
      return data === draft.data ? draft : ({ ...draft, data } as EventDraft);
    },
    stream: () => createStream(secret, findOpenEnd),
  };
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function hide(match: string): string {
  const head = SHAPE_HEAD.exec(match)?.[0] ?? '';
  return head + REDACTED;
}

function redactArray(list: unknown[], redact: (value: unknown) => unknown): unknown[] {
  let changed: unknown[] | null = null;
  for (const [index, item] of list.entries()) {
    const clean = redact(item);
    if (clean === item) continue;
    changed ??= [...list];
    changed[index] = clean;
  }
  return changed ?? list;
}

function redactObject(
  object: Record<string, unknown>,
  redact: (value: unknown) => unknown,
  text: (value: string) => string,
): Record<string, unknown> {
  let isChanged = false;
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    const cleanKey = text(key);
    const clean = typeof value === 'string' && value !== '' && KEY_NAME.test(key) ? REDACTED : redact(value);
    isChanged ||= cleanKey !== key || clean !== value;
    entries.push([cleanKey, clean]);
  }
  return isChanged ? Object.fromEntries(entries) : object;
}

/**
 * Ends shorter than `MIN_HELD_CHARS` are let through, since almost every text ends in the first letter of some
 * secret, and remembered, so that the rest of the secret is still recognised. So up to three characters of a secret
 * that is cut right after them may stay readable, and nothing more.
 */
function createStream(secret: RegExp, findOpenEnd: OpenEndFinder): RedactingStream {
  /** The last characters that were let through. */
  let tail = '';
  let held = '';

  const emit = (text: string, from: number): string => {
    let out = '';
    let at = from;
    for (const match of findAll(secret, text)) {
      const end = match.index + match[0].length;
      if (end <= at) continue;
      const hidden = hide(match[0]);
      const head = hidden.slice(0, -REDACTED.length);
      out += text.slice(at, match.index) + head.slice(Math.max(0, at - match.index)) + REDACTED;
      at = end;
    }
    return out + text.slice(at);
  };

  return {
    push: (piece) => {
      const joined = tail + held + piece;
      let cut = Math.max(tail.length, findOpenEnd(joined));
      if (joined.length - cut > MAX_HELD_CHARS) cut = joined.length;
      let safe = 0;
      for (const match of findAll(secret, joined)) {
        const end = match.index + match[0].length;
        if (end <= cut) safe = end;
        // Never cut through a secret: all of it waits.
        else if (match.index < cut) cut = Math.max(tail.length, match.index);
      }
      const out = emit(joined.slice(0, cut), tail.length);
      held = joined.slice(cut);
      tail = joined.slice(Math.max(safe, cut - MIN_HELD_CHARS + 1, 0), cut);
      return out;
    },
    end: () => {
      const out = emit(tail + held, tail.length);
      tail = '';
      held = '';
      return out;
    },
  };
}

/** All matches. Most texts have none, and a test costs far less than an empty `matchAll`. */
function findAll(pattern: RegExp, text: string): Iterable<RegExpExecArray> {
  pattern.lastIndex = 0;
  if (!pattern.test(text)) return [];
  pattern.lastIndex = 0;
  return text.matchAll(pattern);
}

/** Says where an end begins that may grow into a secret; the length of the text when there is none. */
type OpenEndFinder = (text: string) => number;

function createOpenEndFinder(starts: readonly string[]): OpenEndFinder {
  const heads = new Set(starts.map((start) => start.slice(0, MIN_HELD_CHARS)));
  const head = new RegExp([...[...heads].map(escapeForPattern), ...SHAPE_HEADS].join('|'), 'g');
  const longest = Math.max(...starts.map((start) => start.length));

  return (text) => {
    head.lastIndex = Math.max(0, text.length - Math.max(longest, MAX_HELD_CHARS));
    // Nearly every text stops here.
    if (!head.test(text)) return text.length;
    let from = Math.min(findOpenPem(text), findOpenShape(text));
    for (let at = Math.max(0, text.length - longest); at <= text.length - MIN_HELD_CHARS && at < from; at += 1) {
      const end = text.slice(at);
      if (starts.some((start) => start.length > end.length && start.startsWith(end))) from = at;
    }
    return from;
  };
}

function findOpenPem(text: string): number {
  const key = text.lastIndexOf('-----BEGIN ');
  if (key < 0) return text.length;
  const end = text.slice(key);
  return OPEN_PEM.test(end) && !PEM_END.test(end) ? key : text.length;
}

function findOpenShape(text: string): number {
  const window = text.slice(-SHAPE_WINDOW_CHARS);
  const shape = OPEN_SHAPE.exec(window);
  return shape ? text.length - window.length + shape.index : text.length;
}
