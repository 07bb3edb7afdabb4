import type { CodeLibrary } from './code-library.ts';

/** More names than these are told by their number. */
const MAX_NAMED = 150;

/** What the agent is told of the library, once; empty where it is empty. */
export function codeNotes({
  folder,
  ...library
}: Pick<CodeLibrary, 'folder'> & { groups: ReturnType<CodeLibrary['groups']> }): string {
  const { groups } = library;
  const [first] = groups;
  const example = first?.functions[0];
  if (!first || !example) return '';
  const count = groups.reduce((sum, { functions }) => sum + functions.length, 0);
  const lines = groups.map(({ name, functions }) =>
    count > MAX_NAMED
      ? `- ${name}: ${functions.length} functions`
      : `- ${name}: ${functions.map((each) => each.name).join(', ')}`,
  );
  return [
    `Further tools are functions for code that you run with run_command. They are in ${folder}/servers/: index.md says in a line what each is for, <server>/<function>.py and .ts say what it takes. Read what you need. Each gives back text, and raises or rejects with a ToolError when the call is refused or fails. Use them from a script to chain calls and to keep large results out of our talk: print only what you want to know.`,
    `Python: from servers.${first.name} import ${example.name}; named arguments.`,
    `TypeScript, with "$MASSGEN_NODE" script.ts: import { ${example.name} } from '${folder}/servers/${first.name}/index.ts'; one object of arguments, a promise.`,
    ...lines,
  ].join('\n');
}
