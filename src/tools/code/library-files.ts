import type { Tool } from '../tool.ts';
import { PYTHON_CLIENT, TYPESCRIPT_CLIENT } from './client-source.ts';
import { codeNames } from './names.ts';
import { pythonModule } from './python-module.ts';
import { typeScriptModule } from './typescript-module.ts';
import { oneLine } from './words.ts';

/** Tools of the user's own, beside the servers. */
const OWN_TOOLS = 'custom_tools';
const MAX_SUMMARY = 120;

/** The functions of one server. */
export interface ToolGroup {
  /** Folder and package, under `servers`. */
  name: string;
  functions: { name: string; tool: Tool }[];
}

/** Which tool becomes which function. Follows from the list alone. */
export function groupTools(tools: readonly Tool[]): ToolGroup[] {
  const byServer = Map.groupBy(tools, ({ origin }) => origin?.server ?? null);
  const servers = [...byServer.keys()];
  const names = codeNames(servers.map((server) => server ?? OWN_TOOLS));
  return servers.map((server, at) => {
    const own = byServer.get(server) ?? [];
    const functions = codeNames(own.map(plainName));
    return { name: names[at] ?? '', functions: own.map((tool, index) => ({ name: functions[index] ?? '', tool })) };
  });
}

function plainName({ origin, spec }: Tool): string {
  return origin?.tool ?? spec.name.replace(/^custom_tool__/, '');
}

/** Every file of the library, by its path in the library's folder. Pure. */
export function libraryFiles(groups: readonly ToolGroup[]): Map<string, string> {
  const files = new Map([
    ['servers/__init__.py', ''],
    ['servers/_client.py', PYTHON_CLIENT],
    ['servers/_client.ts', TYPESCRIPT_CLIENT],
    // Nothing above this folder says what kind of modules these are.
    ['servers/package.json', '{"type": "module"}\n'],
    ['servers/index.md', overview(groups)],
  ]);
  for (const { name: group, functions } of groups) {
    const at = `servers/${group}`;
    files.set(
      `${at}/__init__.py`,
      indexLines(functions, '#', (name) => `from .${name} import ${name}`),
    );
    files.set(
      `${at}/index.ts`,
      indexLines(functions, '//', (name) => `export { ${name} } from './${name}.ts';`),
    );
    for (const { name, tool } of functions) {
      files.set(`${at}/${name}.py`, pythonModule(name, tool.spec));
      files.set(`${at}/${name}.ts`, typeScriptModule(name, tool.spec));
    }
  }
  return files;
}

function indexLines(functions: ToolGroup['functions'], mark: string, line: (name: string) => string): string {
  return functions.map(({ name, tool }) => `${line(name)}  ${mark} ${summary(tool)}\n`).join('');
}

function overview(groups: readonly ToolGroup[]): string {
  return groups
    .map(({ name, functions }) => {
      const lines = functions.map((each) => `- ${each.name}: ${summary(each.tool)}\n`).join('');
      return `# ${name}\n\n${lines}`;
    })
    .join('\n');
}

function summary({ spec }: Tool): string {
  return oneLine(spec.description, MAX_SUMMARY);
}
