import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';

/** What a hook has said; null is nothing about it. */
export interface HookWord {
  decision: 'allow' | 'deny' | 'ask' | null;
  /** For the agent and the log. */
  reason: string;
  /** All arguments of the call, in place of those that the model gave. */
  args: JsonObject | null;
  /** In place of the tool's output. */
  output: string | null;
  /** To be put after the tool's output. */
  added: string | null;
}

export const SILENCE: HookWord = { decision: null, reason: '', args: null, output: null, added: null };

const MAX_REASON_CHARS = 2_000;
const MAX_TEXT_CHARS = 100_000;
const DECISIONS = ['allow', 'deny', 'ask'] as const;

/**
 * Reads the JSON of a hook, also in the words of the original: `allowed`, `updated_input`, `modified_args`, `inject`.
 * Other keys mean nothing. A sentence when what is there cannot be meant.
 */
export function readWord(said: JsonObject): HookWord | string {
  const decision = decisionIn(said);
  if (decision === undefined) return `its "decision" is none of ${DECISIONS.join(', ')}.`;
  const args = argsIn(said);
  if (typeof args === 'string') return args;
  const texts = { reason: said['reason'], output: said['output'], added: addedIn(said) };
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined && value !== null && typeof value !== 'string') return `its "${name}" is no text.`;
  }
  return {
    decision,
    reason: textOf(texts.reason, MAX_REASON_CHARS) ?? '',
    args,
    output: textOf(texts.output, MAX_TEXT_CHARS),
    added: textOf(texts.added, MAX_TEXT_CHARS),
  };
}

function decisionIn({ decision, allowed }: JsonObject): HookWord['decision'] | undefined {
  if (allowed === false) return 'deny';
  if (decision === undefined || decision === null) return null;
  return DECISIONS.find((each) => each === decision);
}

function argsIn(said: JsonObject): JsonObject | null | string {
  const { modified_args: text } = said;
  const given = said['args'] ?? said['updated_input'] ?? (typeof text === 'string' ? parsed(text) : text) ?? null;
  if (given === null || isJsonObject(given)) return given;
  return 'its arguments are no JSON object.';
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function addedIn({ add, inject }: JsonObject): JsonValue | undefined {
  if (add !== undefined) return add;
  return isJsonObject(inject) ? inject['content'] : inject;
}

function textOf(value: JsonValue | undefined, limit: number): string | null {
  return typeof value === 'string' ? cleanText(value, limit) : null;
}

/** What a program has written, without anything that a terminal would obey, and not too long. */
export function cleanText(text: string, limit: number): string {
  const clean = text
    .slice(0, limit * 2)
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .toWellFormed();
  return clean.length <= limit ? clean : `${clean.slice(0, limit).toWellFormed()}…`;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
