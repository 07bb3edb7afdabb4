import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import type { JsonObject } from '../../../src/events/json.ts';
import { groupTools, libraryFiles } from '../../../src/tools/code/library-files.ts';
import { codeNames } from '../../../src/tools/code/names.ts';
import { codeNotes } from '../../../src/tools/code/code-notes.ts';
import { pythonModule } from '../../../src/tools/code/python-module.ts';
import { typeScriptModule } from '../../../src/tools/code/typescript-module.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';

const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;

/** What a server might call a tool, an argument or itself, or write into a description, to get into the code. */
const HOSTILE = [
  '',
  ' ',
  '../../../etc/passwd',
  '..',
  '.',
  '__init__',
  '_client',
  'index',
  'class',
  'await',
  'constructor',
  '__proto__',
  'a-b',
  'a_b',
  'A_B',
  '1st',
  'get sum(): import os #',
  'x"""\nimport os\nos.system("id")\n"""',
  "x'''\nimport os\n'''",
  'x\\',
  'x\\"""',
  'ends with a quote"',
  '*/ process.exit(1) /*',
  '*/\nprocess.exit(1)\n/*',
  '${process.exit(1)}',
  '`${process.exit(1)}`',
  '";process.exit(1)//',
  "'+process.exit(1)+'",
  'line\u2028process.exit(1)',
  'line\u2029import os',
  'line\u0085import os',
  'line\rimport os',
  'line\fimport os',
  'line\vimport os',
  'nul\0byte',
  '\u001b]0;title\u0007\u001b[2J',
  '\u202ereversed\u202c',
  '\ufeffmark',
  '\ud800 alone',
  'a\u{e0041}b',
  '{"a": 1}',
  '# -*- coding: utf-7 -*-',
  '//# sourceMappingURL=data:,',
  '@ts-nocheck',
  '<script>alert(1)</script>',
  'ﬁle',
  'ＯＳ',
  'x'.repeat(500),
  'emoji 🎉',
  'def f(): pass',
  '**_more, x=__import__("os").system("id")',
  '_call',
  '_unset',
  '_more',
  'args',
];

function toolOf(server: string, name: string, description: string, parameters: JsonObject): Tool {
  return {
    spec: { name: `mcp__${name}`, description, parameters },
    origin: { server, tool: name },
    execute: () => Promise.resolve({ output: '', isError: false }),
  };
}

function parametersOf(texts: readonly string[]): JsonObject {
  const properties = texts.map((text, at): [string, JsonObject] => [
    text,
    [
      { type: 'string', description: text },
      { enum: [text, at, null, true] },
      { type: 'array', items: { type: 'object', properties: { [text]: { type: 'integer', description: text } } } },
      { anyOf: [{ const: text }, { type: 'null' }] },
    ][at % 4] ?? {},
  ]);
  return { type: 'object', properties: Object.fromEntries(properties), required: texts.slice(0, 3) };
}

/** The kinds of the statements of a module, of what is in its function, and what is called there. Throws if it is none. */
function shapeOfTypeScript(source: string): string[] {
  const { body } = parseAst(source, { lang: 'ts' });
  const inner = body.flatMap((each) =>
    each.type === 'ExportNamedDeclaration' && each.declaration?.type === 'FunctionDeclaration'
      ? (each.declaration.body?.body ?? [])
      : [],
  );
  const calls = inner.map((each) => (each.type === 'ReturnStatement' ? each.argument?.type : undefined));
  return [...body.map(({ type }) => type), ...inner.map(({ type }) => type), ...calls.map(String)];
}

const TYPESCRIPT_SHAPE = ['ImportDeclaration', 'ExportNamedDeclaration', 'ReturnStatement', 'CallExpression'];

/** For many modules at once: each has an import and a function, and that has a text and a return. */
const PYTHON_CHECK = `
import ast, json, sys
for line in sys.stdin:
    module = ast.parse(json.loads(line))
    kinds = [type(node).__name__ for node in module.body]
    inner = [type(node).__name__ for node in module.body[1].body]
    doc = module.body[1].body[0].value
    assert kinds == ["ImportFrom", "FunctionDef"], kinds
    assert inner == ["Expr", "Return"] and isinstance(doc, ast.Constant), inner
    calls = [ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)]
    assert calls == ["_call"], calls
print("fine")
`;

function checkPython(sources: readonly string[]): string {
  const input = sources.map((source) => JSON.stringify(source)).join('\n');
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', PYTHON_CHECK], { input, encoding: 'utf8' });
  return stdout.trim() || stderr;
}

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom('"', "'", '\\', '*/', '/*', '\n', '\r', '`', '${', '}', '#', '//', ')', ':', '\u2028'))
    .map((parts) => parts.join('')),
);

describe('functions for tools of hostile servers', () => {
  test('names are fit for files and both languages, and each is another', () => {
    const names = codeNames(HOSTILE);
    expect(names.filter((name) => !/^[A-Za-z][A-Za-z0-9_]{0,65}$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(HOSTILE.length);
    expect(codeNames(['get_sum', 'Echo', 'a-b', 'a_b', 'class', '..'])).toEqual([
      'get_sum',
      'Echo',
      'a_b',
      'a_b_2',
      'class_',
      'tool_',
    ]);
  });

  test('no text of theirs is code in TypeScript', () => {
    for (const description of HOSTILE) {
      const [name = ''] = codeNames([description]);
      const source = typeScriptModule(name, { name: 'mcp__a', description, parameters: parametersOf(HOSTILE) });
      expect([description, ...shapeOfTypeScript(source)]).toEqual([description, ...TYPESCRIPT_SHAPE]);
    }
  });

  test('nor whatever they write (2,000 tools)', () => {
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 5 }), (name, description, args) => {
        const parameters = parametersOf(args);
        const [id = ''] = codeNames([name]);
        const source = typeScriptModule(id, { name: 'mcp__a', description, parameters });
        expect(shapeOfTypeScript(source)).toEqual(TYPESCRIPT_SHAPE);
      }),
      { numRuns: 2_000 },
    );
  });

  test.runIf(hasPython)('nor in Python (2,000 tools)', () => {
    const drawn = fc.sample(fc.tuple(text, text, fc.array(text, { maxLength: 5 })), { numRuns: 2_000, seed: 7 });
    const fixed = HOSTILE.map((each): [string, string, string[]] => [each, each, HOSTILE]);
    const sources = [...fixed, ...drawn].map(([name, description, args]) =>
      pythonModule(codeNames([name])[0] ?? '', { name: 'mcp__a', description, parameters: parametersOf(args) }),
    );
    expect(checkPython(sources)).toBe('fine');
  });

  test.runIf(hasPython)('a whole library of them is imported, lies in its folder, and does nothing', async () => {
    const tools = HOSTILE.flatMap((each, at) =>
      HOSTILE.slice(0, 6).map((name) => toolOf(each, `${name}${at}`, each, parametersOf([each]))),
    );
    const groups = groupTools(tools);
    const folder = await temporaryFolder();
    for (const [path, content] of libraryFiles(groups)) {
      expect(path).toMatch(/^servers\/([A-Za-z]\w*\/)?([A-Za-z]\w*|__init__|_client|index|package)\.(py|ts|md|json)$/);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const names = groups.map(({ name }) => name);
    const inPython = `${names.map((name) => `import servers.${name}`).join('\n')}\nprint("fine")`;
    const inNode = `${names.map((name) => `await import('./servers/${name}/index.ts');`).join('\n')}\nconsole.log("fine");`;
    await writeFile(join(folder, 'all.py'), inPython);
    await writeFile(join(folder, 'all.mts'), inNode);
    const run = (program: string, file: string): string => {
      const { stdout, stderr } = spawnSync(program, [file], { cwd: folder, encoding: 'utf8' });
      return stdout || stderr;
    };
    expect([run('/usr/bin/python3', 'all.py'), run(process.execPath, 'all.mts')]).toEqual(['fine\n', 'fine\n']);
  });

  test('the index and what the agent is told stay on their lines, without control characters', () => {
    const tools = HOSTILE.map((each) => toolOf(each, each, each, {}));
    const groups = groupTools(tools);
    const files = libraryFiles(groups);
    const notes = codeNotes({ folder: '/run/code', groups });
    const index = files.get('servers/index.md') ?? '';
    expect(index.split('\n').filter((line) => line !== '' && !/^(# \w+|- \w+: .*)$/.test(line))).toEqual([]);
    expect(
      notes
        .split('\n')
        .slice(3)
        .filter((line) => !/^- \w+: [\w, ]+$/.test(line)),
    ).toEqual([]);
    expect(/[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/u.test(index + notes)).toBe(false);
  });
});
