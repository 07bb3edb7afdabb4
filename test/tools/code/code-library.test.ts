import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CodeLibrary } from '../../../src/tools/code/code-library.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';

const toolOf = (name: string, description = name): Tool => ({
  spec: { name: `mcp__far__${name}`, description, parameters: { type: 'object' } },
  origin: { server: 'far', tool: name },
  execute: () => Promise.resolve({ output: '', isError: false }),
});

const namesIn = async (folder: string): Promise<string[]> => (await readdir(join(folder, 'servers/far'))).toSorted();

test('the files follow the tools: new ones come, old ones go', async () => {
  const folder = await temporaryFolder();
  let tools = [toolOf('one'), toolOf('two')];
  const library = new CodeLibrary(folder, () => tools);
  await library.renew();
  expect(await namesIn(folder)).toEqual(['__init__.py', 'index.ts', 'one.py', 'one.ts', 'two.py', 'two.ts']);
  tools = [toolOf('two', 'Changed.'), toolOf('three')];
  await library.renew();
  expect(await namesIn(folder)).toEqual(['__init__.py', 'index.ts', 'three.py', 'three.ts', 'two.py', 'two.ts']);
  expect(await readFile(join(folder, 'servers/far/__init__.py'), 'utf8')).toBe(
    'from .two import two  # Changed.\nfrom .three import three  # three\n',
  );
  expect(await readdir(folder)).toEqual(['servers']);
});

test('what is there already is not written again, not even by another agent', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'servers/far/one.py');
  await new CodeLibrary(folder, () => [toolOf('one')]).renew();
  const { ino } = await stat(file);
  await new CodeLibrary(folder, () => [toolOf('one')]).renew();
  expect((await stat(file)).ino).toBe(ino);
});

test('agents that share a folder may write it at the same time', async () => {
  const folder = await temporaryFolder();
  const libraries = Array.from({ length: 12 }, () => new CodeLibrary(folder, () => [toolOf('one'), toolOf('two')]));
  await Promise.all(libraries.map((library) => library.renew()));
  expect(await namesIn(folder)).toHaveLength(6);
  expect(await readdir(folder)).toEqual(['servers']);
});
