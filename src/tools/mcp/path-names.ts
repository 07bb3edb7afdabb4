import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { PathArgument, PathUse } from '../tool.ts';

/** Names that say of themselves that they are paths, alone or at the end of others: `image_path`, `outputDir`. */
const PATH_NAME =
  /^(?:.*[_-])?(?:paths?|files?|file_?names?|file_?paths?|dirs?|directory|directories|folders?|cwd|work_?dir)$/i;
const PATH_ENDING = /[a-z0-9](?:Paths?|Files?|Filename|FileName|Dirs?|Directory|Folders?)$/;
/** Those that mean something else at the end of others (`valid_from`), and deeper down (the ends of a relation). */
const PATH_ALONE = /^(?:root|source|src|from|destination|dest|dst|to|target|output)$/;
const ADDRESS_NAME = /^(?:.*[_-])?(?:ur[il]s?|href)$/i;
const SOURCE = /^(?:source|src|from)$/i;
const MAX_DEPTH = 6;
const MAX_FOUND = 200;

/**
 * The arguments of a tool that name files, at any depth, by the names in its schema. What a server's tools do with them is
 * told by their names and by whether they only read; what is not known counts as writing. Addresses count where they are
 * files (`file:`).
 */
export function pathArgumentsOf(tool: string, parameters: JsonObject, readOnly: boolean): PathArgument[] {
  const found: PathArgument[] = [];
  const useOf = (name: string): PathUse => {
    if (readOnly) return 'read';
    if (SOURCE.test(name)) return /copy/i.test(tool) ? 'read' : 'delete';
    return /delete|remove/i.test(tool) ? 'delete' : 'write';
  };
  const visit = (schema: JsonValue | undefined, at: readonly string[], depth: number): void => {
    if (schema === undefined || !isJsonObject(schema) || depth > MAX_DEPTH || found.length >= MAX_FOUND) return;
    const { properties, items, anyOf, oneOf, allOf } = schema;
    for (const choices of [anyOf, oneOf, allOf]) {
      if (Array.isArray(choices)) for (const each of choices) visit(each, at, depth + 1);
    }
    if (items !== undefined && !Array.isArray(items) && at.length > 0) visit(items, [...at, '*'], depth + 1);
    if (properties === undefined || !isJsonObject(properties)) return;
    for (const [name, inner] of Object.entries(properties)) {
      // A dot is a step of its own in the names of arguments.
      if (name.includes('.')) continue;
      const path = [...at, name].join('.');
      if (PATH_NAME.test(name) || PATH_ENDING.test(name) || (depth === 0 && PATH_ALONE.test(name))) {
        found.push({ name: path, use: useOf(name) });
      } else if (ADDRESS_NAME.test(name)) found.push({ name: path, use: 'read', isAddress: true });
      visit(inner, [...at, name], depth + 1);
    }
  };
  visit(parameters, [], 0);
  return [...new Map(found.map((each) => [each.name, each])).values()];
}
