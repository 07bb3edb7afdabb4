import type { PastTurn } from '../api/past-turn.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { HttpRefusal } from './http-refusal.ts';

/** What a request asks for, whichever endpoint it came to. */
export interface Asked {
  model: string;
  question: string;
  history: PastTurn[];
  /** What the system and developer messages say; undefined without any. */
  instruction: string | undefined;
  seed: number | undefined;
  isStream: boolean;
  /** A streamed chat reply ends with its usage only when that was asked for. */
  includeUsage: boolean;
  /** For `massgen/build`. */
  parameters: JsonObject;
}

/** One message of a conversation, from either endpoint. */
export interface Said {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

/** The fields that both endpoints have in common. Throws an HttpRefusal. */
export function readCommon(body: JsonObject, conversation: readonly Said[], param: string): Asked {
  const { model, stream, seed, optional_params: parameters } = body;
  if (typeof model !== 'string' || model === '') throw refusal('model', 'model must name a team, e.g. massgen/demo.');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw refusal('stream', 'stream must be true or false.');
  if (seed !== undefined && seed !== null && !(typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0))
    throw refusal('seed', 'seed must be a whole number from 0.');
  if (parameters !== undefined && !isJsonObject(parameters))
    throw refusal('optional_params', 'optional_params must be an object.');
  return {
    model,
    ...readTurns(conversation, param),
    seed: typeof seed === 'number' ? seed : undefined,
    isStream: stream === true,
    includeUsage: false,
    parameters: parameters ?? {},
  };
}

function readTurns(said: readonly Said[], param: string): Pick<Asked, 'question' | 'history' | 'instruction'> {
  const instructions: string[] = [];
  const history: PastTurn[] = [];
  /** What the user said since the last answer. */
  let asked: string[] = [];
  for (const { role, text } of said) {
    if (role === 'system') instructions.push(text);
    else if (role === 'user') asked.push(text);
    else {
      const last = history.at(-1);
      // Two answers in a row are one that came in parts; one before any question is a greeting.
      if (asked.length === 0 && last) last.answer = [last.answer, text].filter(Boolean).join('\n\n');
      else history.push({ question: asked.join('\n\n'), answer: text });
      asked = [];
    }
  }
  const question = asked.join('\n\n').trim();
  if (question === '') throw refusal(param, `${param} must end with a message of the user that is not empty.`);
  const instruction = instructions.filter((text) => text.trim() !== '').join('\n\n');
  return { question, history, instruction: instruction === '' ? undefined : instruction };
}

/** Text out of a text or a list of parts. Throws an HttpRefusal for parts that are no text. */
export function readText(content: JsonValue | undefined, param: string): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw refusal(param, `${param} must be a text or a list of parts.`);
  return content
    .map((part) => {
      if (!isJsonObject(part)) throw refusal(param, `${param} holds a part that is no object.`);
      const { type } = part;
      const text = type === 'refusal' ? part['refusal'] : part['text'];
      if (typeof type !== 'string' || !TEXT_PARTS.has(type) || typeof text !== 'string')
        throw refusal(param, `${param} holds a part that is no text; images, sound and files are not supported.`);
      return text;
    })
    .join('\n');
}

const TEXT_PARTS = new Set(['text', 'input_text', 'output_text', 'refusal']);

/** A parameter that this server does not understand as asked for. */
export function refusal(param: string, message: string, code = 'invalid_parameter'): HttpRefusal {
  return new HttpRefusal(400, code, message, param);
}

/** Refuses parameters that would change what a reply is; those that only tune a model are left to the team's config. */
export function refuseUnsupported(body: JsonObject): void {
  for (const name of ['tools', 'functions']) {
    const value = body[name];
    if (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null)
      throw refusal(
        name,
        `${name}: a team brings its own tools and cannot call yours. ${OUT}`,
        'unsupported_parameter',
      );
  }
  for (const name of [
    'audio',
    'logprobs',
    'top_logprobs',
    'previous_response_id',
    'conversation',
    'background',
    'prompt',
  ]) {
    const value = body[name];
    if (value !== undefined && value !== null && value !== false)
      throw refusal(name, `${name} is not supported. ${OUT}`, 'unsupported_parameter');
  }
  if (body['n'] !== undefined && body['n'] !== null && body['n'] !== 1)
    throw refusal('n', 'n must be 1: a team gives one answer.', 'unsupported_parameter');
  refuseFormats(body);
}

function refuseFormats(body: JsonObject): void {
  const { response_format: format, text, modalities } = body;
  const inText = isJsonObject(text) ? text['format'] : undefined;
  for (const [name, value] of [['response_format', format] as const, ['text.format', inText] as const]) {
    if (isJsonObject(value) && value['type'] !== 'text')
      throw refusal(name, `${name}: a team answers in text, not by a schema. ${OUT}`, 'unsupported_parameter');
  }
  if (Array.isArray(modalities) && modalities.some((each) => each !== 'text'))
    throw refusal('modalities', 'modalities: a team answers in text only.', 'unsupported_parameter');
}

const OUT = 'Leave it out.';
