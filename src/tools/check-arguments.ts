import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';

/** Deeper values and schemas than any real tool has; what is deeper counts as wrong rather than as a full stack. */
const MAX_DEPTH = 64;
const MAX_FAULTS = 8;
/** A schema that refers to itself in every branch would be tried for ever. */
const MAX_STEPS = 50_000;

interface Check {
  root: JsonObject;
  faults: string[];
  /** Shared by all branches. */
  budget: { steps: number };
}

/**
 * Says what is wrong with arguments, by the tool's own JSON Schema: one sentence per fault, none for good arguments.
 * Pure; never throws. Names keys and types, never values. Knows the words that tools use (types, properties, items,
 * enum, const, bounds, anyOf, oneOf, allOf, local $ref); it ignores others, and `pattern` and `format` on purpose: a
 * hostile pattern could stop the program, and the tool checks its own arguments anyway.
 */
export function findArgumentFaults(schema: JsonObject, args: JsonObject): string[] {
  const check: Check = { root: schema, faults: [], budget: { steps: MAX_STEPS } };
  visit(check, schema, args, '', 0);
  return check.faults.length > MAX_FAULTS
    ? [...check.faults.slice(0, MAX_FAULTS), `There are ${check.faults.length - MAX_FAULTS} more faults.`]
    : check.faults;
}

function visit(check: Check, schema: JsonValue | undefined, value: JsonValue, at: string, depth: number): void {
  if (schema === false) return fault(check, at, 'is not allowed');
  if (schema === undefined || !isJsonObject(schema)) return;
  check.budget.steps -= 1;
  if (depth > MAX_DEPTH || check.budget.steps < 0) return fault(check, at, 'is nested too deeply');
  const target = referenced(check.root, schema);
  if (target) visit(check, target, value, at, depth + 1);
  if (!hasType(schema['type'], value)) return fault(check, at, `must be ${typeNames(schema['type'])}`);
  const choices = schema['enum'];
  if (Array.isArray(choices) && !choices.some((choice) => isSame(choice, value))) {
    return fault(check, at, `must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`);
  }
  if (schema['const'] !== undefined && !isSame(schema['const'], value)) {
    return fault(check, at, `must be ${JSON.stringify(schema['const'])}`);
  }
  checkBounds(check, schema, value, at);
  if (Array.isArray(value)) checkItems(check, schema, value, at, depth);
  else if (isJsonObject(value)) checkProperties(check, schema, value, at, depth);
  checkCombinations(check, schema, value, at, depth);
}

/** The schema that a local `$ref` means; null where there is none. */
function referenced(root: JsonObject, schema: JsonObject): JsonValue | null {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#')) return null;
  let here: JsonValue | undefined = root;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    here = here !== undefined && isJsonObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here ?? null;
}

function hasType(type: JsonValue | undefined, value: JsonValue): boolean {
  if (type === undefined) return true;
  if (Array.isArray(type)) return type.some((each) => hasType(each, value));
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

const TYPE_NAMES: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  null: 'null',
};

function typeNames(type: JsonValue | undefined): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((each) => (typeof each === 'string' && TYPE_NAMES[each]) || 'of another type').join(' or ');
}

function checkBounds(check: Check, schema: JsonObject, value: JsonValue, at: string): void {
  const bound = (name: string): number | null => (typeof schema[name] === 'number' ? schema[name] : null);
  const isBelow = (limit: number | null, size: number): boolean => limit !== null && size < limit;
  const isAbove = (limit: number | null, size: number): boolean => limit !== null && size > limit;
  if (typeof value === 'number') {
    if (isBelow(bound('minimum'), value)) fault(check, at, `must be at least ${bound('minimum')}`);
    if (isAbove(bound('maximum'), value)) fault(check, at, `must be at most ${bound('maximum')}`);
    const [above, below] = [bound('exclusiveMinimum'), bound('exclusiveMaximum')];
    if (above !== null && value <= above) fault(check, at, `must be above ${above}`);
    if (below !== null && value >= below) fault(check, at, `must be below ${below}`);
  }
  if (typeof value === 'string') {
    const length = Array.from(value).length;
    if (isBelow(bound('minLength'), length)) fault(check, at, `must have at least ${bound('minLength')} characters`);
    if (isAbove(bound('maxLength'), length)) fault(check, at, `must have at most ${bound('maxLength')} characters`);
  }
  if (Array.isArray(value)) {
    if (isBelow(bound('minItems'), value.length)) fault(check, at, `must have at least ${bound('minItems')} entries`);
    if (isAbove(bound('maxItems'), value.length)) fault(check, at, `must have at most ${bound('maxItems')} entries`);
  }
}

function checkItems(check: Check, schema: JsonObject, value: JsonValue[], at: string, depth: number): void {
  const first = schema['prefixItems'];
  const prefix = Array.isArray(first) ? first : [];
  value.forEach((item, index) => visit(check, prefix[index] ?? schema['items'], item, `${at}[${index}]`, depth + 1));
}

function checkProperties(check: Check, schema: JsonObject, value: JsonObject, at: string, depth: number): void {
  const known = schema['properties'];
  const properties = known !== undefined && isJsonObject(known) ? known : {};
  const path = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const required = schema['required'];
  for (const name of Array.isArray(required) ? required : []) {
    if (typeof name !== 'string' || Object.hasOwn(value, name) || hasDefault(properties[name])) continue;
    fault(check, path(name), 'is missing');
  }
  for (const [name, item] of Object.entries(value)) {
    if (Object.hasOwn(properties, name)) visit(check, properties[name], item, path(name), depth + 1);
    else if (schema['additionalProperties'] === false && !isJsonObject(schema['patternProperties'] ?? null)) {
      const names = Object.keys(properties);
      fault(check, path(name), names.length > 0 ? `is unknown; there are ${names.join(', ')}` : 'is unknown');
    } else visit(check, schema['additionalProperties'], item, path(name), depth + 1);
  }
}

/** Many servers call what they fill in themselves required. */
function hasDefault(schema: JsonValue | undefined): boolean {
  return schema !== undefined && isJsonObject(schema) && schema['default'] !== undefined;
}

function checkCombinations(check: Check, schema: JsonObject, value: JsonValue, at: string, depth: number): void {
  const { allOf, anyOf, oneOf } = schema;
  for (const part of Array.isArray(allOf) ? allOf : []) visit(check, part, value, at, depth + 1);
  for (const choices of [anyOf, oneOf]) {
    if (!Array.isArray(choices) || choices.length === 0) continue;
    const results = choices.map((choice) => {
      const attempt: Check = { ...check, faults: [] };
      visit(attempt, choice, value, at, depth + 1);
      return attempt.faults;
    });
    const fewest = results.reduce((best, faults) => (faults.length < best.length ? faults : best));
    check.faults.push(...fewest);
  }
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function fault(check: Check, at: string, text: string): void {
  check.faults.push(at === '' ? `The arguments ${text}.` : `"${at}" ${text}.`);
}
