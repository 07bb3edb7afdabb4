import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import type { ToolSpec } from '../events/message.ts';
import { MassgenError } from '../platform/errors.ts';

/**
 * Reads tools from a JSON file: one tool or a list, each in the words of any vendor (`parameters`, `input_schema` or
 * `parametersJsonSchema`; bare, below `function`, or in `functionDeclarations`). Throws a MassgenError that names the file.
 */
export async function readToolFile(path: string, cwd: string): Promise<ToolSpec[]> {
  const fail = (why: string): MassgenError => new MassgenError('bad-tools', `The tools file ${path} ${why}.`);
  let value: JsonValue;
  try {
    value = JSON.parse(await readFile(resolve(cwd, path), 'utf8')) as JsonValue;
  } catch (cause) {
    throw new MassgenError(
      'bad-tools',
      `The tools file ${path} ${cause instanceof SyntaxError ? 'is no JSON' : 'cannot be read'}.`,
      { cause },
    );
  }
  return listOf(value).map((entry) => {
    const tool = toolOf(entry);
    if (tool === null) throw fail('holds an entry that is no tool: it needs a name, and parameters as a JSON Schema');
    return tool;
  });
}

function listOf(value: JsonValue): JsonValue[] {
  const list = Array.isArray(value) ? value : isJsonObject(value) && Array.isArray(value.tools) ? value.tools : [value];
  return list.flatMap((entry) =>
    isJsonObject(entry) && Array.isArray(entry.functionDeclarations) ? entry.functionDeclarations : [entry],
  );
}

function toolOf(entry: JsonValue): ToolSpec | null {
  if (!isJsonObject(entry)) return null;
  const tool = isJsonObject(entry.function) ? entry.function : entry;
  const { name, description } = tool;
  const parameters = tool.parameters ?? tool.input_schema ?? tool.parametersJsonSchema ?? EMPTY;
  if (typeof name !== 'string' || name === '' || !isJsonObject(parameters)) return null;
  return { name, description: typeof description === 'string' ? description : '', parameters };
}

const EMPTY: JsonObject = { type: 'object', properties: {} };
