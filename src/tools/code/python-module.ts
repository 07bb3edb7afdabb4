import type { ToolSpec } from '../../events/message.ts';
import { isArgumentName } from './names.ts';
import { argumentsOf, choicesOf, type ArgumentInfo } from './schema-words.ts';
import { docLines, literal, oneLine } from './words.ts';

/** A Python module with one function that calls the tool. Nothing of the tool's own words is code in it. */
export function pythonModule(name: string, { name: tool, description, parameters }: ToolSpec): string {
  const args = argumentsOf(parameters);
  const named = args.filter((each) => isArgumentName(each.name));
  const signature = named.map((each) => `${each.name}${typeWord(each)}${each.isNeeded ? '' : ' = _unset'}`);
  const parts = [...(named.length > 0 ? ['*', ...signature] : []), '**_more'];
  const given = [...named.map((each) => `${literal(each.name)}: ${each.name}`), '**_more'];
  return [
    'from .._client import UNSET as _unset, call_tool as _call',
    '',
    '',
    `def ${name}(${parts.join(', ')}) -> str:`,
    ...docstring([...docLines(description), ...argumentLines(args)]),
    `    return _call(${literal(tool)}, {${given.join(', ')}})`,
    '',
  ].join('\n');
}

const TYPES: Record<string, string> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  array: 'list',
  object: 'dict',
};

function typeWord({ schema }: ArgumentInfo): string {
  const { type } = schema;
  const word = typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  return word === undefined ? '' : `: ${word}`;
}

function argumentLines(args: readonly ArgumentInfo[]): string[] {
  if (args.length === 0) return [];
  return [
    '',
    'Args:',
    ...args.map(({ name, description, schema }) => {
      const how = isArgumentName(name) ? oneLine(name, 100) : `**{${literal(name)}: …}`;
      const choices = choicesOf(schema).map((choice) => JSON.stringify(choice));
      const among = choices.length > 0 ? ` One of ${choices.join(', ')}.` : '';
      return `    ${how}: ${oneLine(`${description}${among}`, 600)}`.trimEnd();
    }),
  ];
}

/** With every backslash and quote escaped, so that no text ends it. */
function docstring(lines: readonly string[]): string[] {
  const [first = '', ...rest] = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  if (rest.length === 0) return [`    """${first}"""`];
  return [`    """${first}`, ...rest.map((line) => (line === '' ? '' : `    ${line}`)), '    """'];
}
