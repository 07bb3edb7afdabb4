import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import { codeSearchTools } from '../../../src/tools/files/search-code.ts';
import { findSyntaxPackage, SyntaxMatcher } from '../../../src/tools/files/syntax-matcher.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { plainRules } from '../../../src/tools/tool-rules.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import type { ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder, testDesk, type TestDesk } from './agent-desk.ts';

async function bench(): Promise<TestDesk & { search: (args: JsonObject) => Promise<ToolResult> }> {
  const desk = await testDesk();
  const [tool] = await codeSearchTools(desk.desk);
  if (!tool) throw new Error('ast-grep is not there');
  return {
    ...desk,
    search: (args) => runToolCall(tool, args, plainRules(createRealClock()), { signal: new AbortController().signal }),
  };
}

test('code is found by its structure, whatever its spaces, in files of its languages', async () => {
  const { search, put } = await bench();
  await put('src/a.ts', 'const x: number = 1;\nconsole.log(\n  x,\n  2,\n);\n// console.log(no)\n');
  await put('src/b.jsx', 'export const B = () => <b onClick={() => console.log("ü")} />;\n');
  await put('notes.md', 'console.log(1)\n');
  await put('node_modules/c.js', 'console.log(1)\n');
  expect(await search({ pattern: 'console.log($$$ARGS)' })).toEqual({
    output: 'src/a.ts:2: console.log(\n  x,\n  2,\n)\nsrc/b.jsx:1: console.log("ü")',
    isError: false,
  });
  expect((await search({ pattern: 'console.log($$$)', language: 'javascript' })).output).toBe(
    'src/b.jsx:1: console.log("ü")',
  );
  expect((await search({ pattern: 'console.log($$$)', files: '**/*.ts' })).output).toMatch(/^src\/a\.ts:2/);
  expect((await search({ pattern: 'const $A: number = $B', path: 'src/a.ts' })).output).toBe(
    'a.ts:1: const x: number = 1;',
  );
  expect((await search({ pattern: 'debugger' })).output).toBe('No code has this shape.');
});

test('where no file is of a language that it knows, the agent is told which those are, and what to use', async () => {
  const { search, put } = await bench();
  await put('a.py', 'print(1)\n');
  const output =
    'There is no such file of TypeScript, JavaScript, HTML or CSS, and search_code knows no other language. Use search_files.';
  expect(await search({ pattern: 'print($A)' })).toEqual({ output, isError: false });
  expect(await search({ pattern: 'print($A)', path: 'a.py' })).toEqual({ output, isError: false });
  expect(await search({ pattern: 'print($A)', language: 'python' })).toMatchObject({
    output: expect.stringMatching(/typescript.*tsx.*javascript.*html.*css/s),
    isError: true,
  });
});

test('a rewrite is shown and nothing is changed', async () => {
  const { search, put, call } = await bench();
  await put('a.ts', '/* ü😀 */ foo(a + 1, b, c); foo();\n');
  expect((await search({ pattern: 'foo($$$ARGS)', rewrite: 'bar([$$$ARGS], $OTHER)' })).output).toBe(
    'a.ts:1: foo(a + 1, b, c)\n  => bar([a + 1, b, c], $OTHER)\na.ts:1: foo()\n  => bar([], $OTHER)',
  );
  expect((await search({ pattern: '$F($A, $B, $C)', rewrite: '$F($C)' })).output).toBe(
    'a.ts:1: foo(a + 1, b, c)\n  => foo(c)',
  );
  expect((await call('read_file', { path: 'a.ts' })).output).toContain('foo(a + 1, b, c)');
});

test('a pattern that is none is told, and many places are cut', async () => {
  const { search, put } = await bench();
  await put('a.ts', 'f();\n'.repeat(300));
  expect(await search({ pattern: 'a b c' })).toMatchObject({
    isError: true,
    output: expect.stringMatching(/^ast-grep did not take the pattern: /) as string,
  });
  const { output } = await search({ pattern: 'f()' });
  expect(output.split('\n')).toHaveLength(101);
  expect(output).toMatch(/\[Stopped after 100 places/);
});

test('it reads nothing that the agent may not read, and what it shows counts as read', async () => {
  const { search, put, base, call } = await bench();
  await mkdir(join(base, 'secret'));
  await writeFile(join(base, 'secret/s.ts'), 'f();\n');
  expect(await search({ pattern: 'f()', path: join(base, 'secret') })).toMatchObject({ isError: true });
  await put('a.ts', 'f();\n');
  await put('b.ts', 'g();\n');
  await search({ pattern: 'f()' });
  expect([
    (await call('delete_file', { path: 'a.ts' })).isError,
    (await call('delete_file', { path: 'b.ts' })).isError,
  ]).toEqual([false, true]);
});

test('the event loop goes on while a large file is searched, and a search that takes too long is stopped', async () => {
  const entry = (await findSyntaxPackage()) ?? '';
  let fire = (): void => undefined;
  const clock = {
    ...createRealClock(),
    after: (_: number, callback: () => void) => ((fire = callback), () => undefined),
  };
  const search = new SyntaxMatcher(pathToFileURL(entry).href, { pattern: '$A($$$B)', rewrite: null, max: 10 }, clock);
  const found = search.find('f(1);\n'.repeat(100_000), 'TypeScript');
  fire();
  await expect(found).rejects.toThrow('The pattern takes too long.');
});

test('a package in the folder that agents work in is not loaded', async () => {
  const folder = await temporaryFolder();
  const at = join(folder, 'node_modules/@ast-grep/napi');
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'package.json'), '{"main":"index.js"}');
  await writeFile(join(at, 'index.js'), 'throw new Error("loaded")');
  const cwd = process.cwd();
  process.chdir(folder);
  try {
    expect(await findSyntaxPackage()).not.toContain(folder);
  } finally {
    process.chdir(cwd);
  }
});
