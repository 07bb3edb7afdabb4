import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { argumentsOf, choicesOf } from './schema-words.ts';
import { docLines, literal, oneLine } from './words.ts';

const MAX_DEPTH = 4;
const MAX_CHOICES = 40;

/** A TypeScript module with one function that calls the tool. Nothing of the tool's own words is code in it. */
export function typeScriptModule(name: string, { name: tool, description, parameters }: ToolSpec): string {
  const args = argumentsOf(parameters);
  const otherwise = args.some(({ isNeeded }) => isNeeded) ? '' : ' = {}';
  return [
    `import { callTool as _call } from '../_client.ts';`,
    '',
    ...comment(docLines(description), ''),
    `export function ${name}(args: ${objectType(parameters, 0)}${otherwise}): Promise<string> {`,
    `  return _call(${literal(tool)}, args);`,
    '}',
    '',
  ].join('\n');
}

function comment(lines: readonly string[], indent: string): string[] {
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/'));
  const [first = '', ...rest] = safe;
  if (rest.length === 0) return first === '' ? [] : [`${indent}/** ${first} */`];
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function typeOf(schema: JsonValue | undefined, depth: number): string {
  if (schema === undefined || !isJsonObject(schema) || depth > MAX_DEPTH) return 'unknown';
  const choices = choicesOf(schema);
  if (choices.length > 0 && choices.length <= MAX_CHOICES) return union(choices.map(choiceType));
  const several = [schema['anyOf'], schema['oneOf']].find((each) => Array.isArray(each));
  if (Array.isArray(several) && several.length > 0) return union(several.map((each) => typeOf(each, depth + 1)));
  const { type } = schema;
  if (Array.isArray(type)) return union(type.map((each) => typeOf({ ...schema, type: each }, depth + 1)));
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
      return 'number';
    case 'array':
      return `Array<${typeOf(schema['items'], depth + 1)}>`;
    case 'object':
      return objectType(schema, depth);
    default:
      return 'unknown';
  }
}

function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  return different.includes('unknown') || different.length === 0 ? 'unknown' : different.join(' | ');
}

function choiceType(choice: JsonValue): string {
  if (typeof choice === 'string') return literal(choice);
  return typeof choice === 'object' && choice !== null ? 'unknown' : String(choice);
}

function objectType(schema: JsonObject, depth: number): string {
  const args = argumentsOf(schema);
  if (args.length === 0) return 'Record<string, unknown>';
  const indent = '  '.repeat(depth + 1);
  const lines = args.flatMap(({ name, schema: inner, isNeeded, description }) => [
    ...comment(description === '' ? [''] : [oneLine(description, 600)], indent),
    `${indent}${literal(name)}${isNeeded ? '' : '?'}: ${typeOf(inner, depth + 1)};`,
  ]);
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
