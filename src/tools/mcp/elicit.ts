import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { Asks, Question } from '../asks.ts';

/** What is sent back to a server that has asked its user something. */
export type Elicited = { action: 'accept'; content: JsonObject } | { action: 'decline' } | { action: 'cancel' };

const MAX_FIELDS = 30;
const MAX_TEXT = 2_000;
const MAX_OPTIONS = 20;

/**
 * Puts a server's question to the user, field by field, and says each time which server asks. What the user gives is
 * sent only when every field that must be there is; where nobody is there, the answer is no. Never rejects.
 */
export async function elicit(
  server: string,
  { message, requestedSchema }: JsonObject,
  asks: Asks | undefined,
  signal: AbortSignal,
): Promise<Elicited> {
  if (!asks || requestedSchema === undefined || !isJsonObject(requestedSchema)) return { action: 'decline' };
  const { properties, required } = requestedSchema;
  if (properties === undefined || !isJsonObject(properties)) return { action: 'decline' };
  const fields = Object.entries(properties);
  if (fields.length > MAX_FIELDS) return { action: 'decline' };
  const content: JsonObject = {};
  try {
    // Nothing to fill in is a question that is answered by yes or no.
    if (fields.length === 0 && !(await agrees(server, textOf(message), asks, signal))) return { action: 'decline' };
    for (const [name, schema] of fields) {
      if (!isJsonObject(schema)) return { action: 'decline' };
      const isNeeded = Array.isArray(required) && required.includes(name);
      const question = questionOf(server, textOf(message), name, schema, isNeeded);
      const [answer] = await asks.ask(question, signal);
      if (signal.aborted) return { action: 'cancel' };
      const isGiven = answer?.outcome === 'answered';
      if (!isGiven && answer?.outcome !== 'skipped') return { action: 'decline' };
      const value = isGiven ? valueOf(schema, answer.choices, answer.text) : undefined;
      if (value !== undefined) content[name] = value;
      else if (isNeeded) return { action: 'decline' };
    }
  } catch {
    return { action: 'cancel' };
  }
  return { action: 'accept', content };
}

async function agrees(server: string, message: string, asks: Asks, signal: AbortSignal): Promise<boolean> {
  const question: Question = {
    to: ['user'],
    text: `The MCP server ${server} asks: ${message}`.slice(0, MAX_TEXT),
    options: optionsOf({ type: 'boolean' }),
    isMultiple: false,
    allowsText: false,
    timeoutMs: null,
  };
  const [answer] = await asks.ask(question, signal);
  return answer?.outcome === 'answered' && answer.choices.includes('yes');
}

function questionOf(server: string, message: string, name: string, schema: JsonObject, isNeeded: boolean): Question {
  const about = [textOf(schema['title']) || name, textOf(schema['description'])].filter(Boolean).join(': ');
  const options = optionsOf(schema);
  const inner = schema['items'];
  return {
    to: ['user'],
    text: `The MCP server ${server} asks: ${message}\n\n${about}${isNeeded ? '' : ' (may be left out)'}`.slice(
      0,
      MAX_TEXT,
    ),
    options,
    isMultiple: schema['type'] === 'array' && inner !== undefined,
    allowsText: options.length === 0,
    timeoutMs: null,
  };
}

function optionsOf(schema: JsonObject): { label: string; description: string }[] {
  if (schema['type'] === 'boolean') {
    return ['yes', 'no'].map((label) => ({ label, description: '' }));
  }
  return choicesOf(schema)
    .slice(0, MAX_OPTIONS)
    .map(({ label }) => ({ label, description: '' }));
}

/** `enum`, with or without names, and `oneOf`/`anyOf` of constants with titles; of a list, those of its items. */
function choicesOf(schema: JsonObject): { label: string; value: string }[] {
  const { items, enum: values, enumNames: names } = schema;
  if (schema['type'] === 'array' && items !== undefined && isJsonObject(items)) return choicesOf(items);
  if (Array.isArray(values)) {
    return values.map((value, index) => {
      const label = Array.isArray(names) ? names[index] : undefined;
      return { label: textOf(label) || textOf(value), value: textOf(value) };
    });
  }
  const listed = schema['oneOf'] ?? schema['anyOf'];
  return (Array.isArray(listed) ? listed : []).flatMap((each) => {
    if (!isJsonObject(each)) return [];
    const value = textOf(each['const']);
    return [{ label: textOf(each['title']) || value, value }];
  });
}

/** Undefined for an answer that does not fit. */
function valueOf(schema: JsonObject, choices: readonly string[], text: string): JsonValue | undefined {
  const known = choicesOf(schema);
  const chosen = choices.flatMap((label) => known.find((each) => each.label === label)?.value ?? []);
  const said = text.trim();
  switch (schema['type']) {
    case 'boolean':
      return choices.includes('yes') ? true : choices.includes('no') ? false : undefined;
    case 'array':
      return chosen;
    case 'number':
    case 'integer': {
      const value = Number(said);
      return said === '' || !Number.isFinite(value) || (schema['type'] === 'integer' && !Number.isInteger(value))
        ? undefined
        : value;
    }
    default:
      return known.length > 0 ? chosen[0] : said === '' ? undefined : said;
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
