import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { pathsIn } from '../../../src/tools/path-arguments.ts';
import { pathArgumentsOf } from '../../../src/tools/mcp/path-names.ts';

const TEXT = { type: 'string' };
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const found = (properties: JsonObject, args: JsonObject, tool = 'do', readOnly = false): [string, string][] =>
  pathsIn(args, pathArgumentsOf(tool, object(properties), readOnly)).map(({ path, use }) => [path, use]);

test.each<[what: string, properties: JsonObject, args: JsonObject, paths: [string, string][]]>([
  ['a plain name', { path: TEXT }, { path: '/a' }, [['/a', 'write']]],
  [
    'a name with a word before it',
    { image_path: TEXT, outputDir: TEXT },
    { image_path: '/a', outputDir: '/b' },
    [
      ['/a', 'write'],
      ['/b', 'write'],
    ],
  ],
  [
    'a list',
    { filePaths: list(TEXT) },
    { filePaths: ['/a', '/b'] },
    [
      ['/a', 'write'],
      ['/b', 'write'],
    ],
  ],
  [
    'a list of objects',
    { files: list(object({ path: TEXT, content: TEXT })) },
    { files: [{ path: '/a', content: '/c' }] },
    [['/a', 'write']],
  ],
  [
    'deeper down',
    { options: object({ target: object({ folder: TEXT }) }) },
    { options: { target: { folder: '/a' } } },
    [['/a', 'write']],
  ],
  [
    'one of several forms',
    { input: { anyOf: [TEXT, object({ file: TEXT })] } },
    { input: { file: '/a' } },
    [['/a', 'write']],
  ],
  [
    'what is moved',
    { source: TEXT, destination: TEXT },
    { source: '/a', destination: '/b' },
    [
      ['/a', 'delete'],
      ['/b', 'write'],
    ],
  ],
  [
    'an address of a file',
    { url: TEXT, path: TEXT },
    { url: 'FILE:///etc/pass%77d', path: 'file:///etc/hosts' },
    [
      ['/etc/passwd', 'read'],
      ['/etc/hosts', 'write'],
    ],
  ],
  ['no other address', { url: TEXT, uri: TEXT }, { url: 'https://example.com/a', uri: 'demo://a' }, []],
  [
    'no ends of a relation',
    { relations: list(object({ from: TEXT, to: TEXT })) },
    { relations: [{ from: 'a', to: 'b' }] },
    [],
  ],
  [
    'no other words',
    { profile: TEXT, valid_from: TEXT, redirect: TEXT, message: TEXT },
    { profile: '/a', valid_from: '/a', redirect: '/a', message: '/a' },
    [],
  ],
])('paths among the arguments of a server’s tool: %s', (_, properties, args, paths) => {
  expect(found(properties, args)).toEqual(paths);
});

test('a tool that only reads, copies or deletes says so', () => {
  expect(found({ path: TEXT }, { path: '/a' }, 'show', true)).toEqual([['/a', 'read']]);
  expect(found({ source: TEXT }, { source: '/a' }, 'copy_file')).toEqual([['/a', 'read']]);
  expect(found({ path: TEXT }, { path: '/a' }, 'remove_file')).toEqual([['/a', 'delete']]);
});

test('a schema that has no end is looked at in bounded time', () => {
  const endless: JsonObject = { type: 'object', properties: {} };
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`path${i}_file`, TEXT]));
  expect(pathArgumentsOf('t', { ...endless, properties: wide }, true).length).toBeLessThanOrEqual(500);
});
