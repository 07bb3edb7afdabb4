import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfig, findDefaultConfig, listConfigs } from '../../src/config/discover.ts';

let root: string;
let cwd: string;
let home: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'massgen-discover-'));
  cwd = join(root, 'project');
  home = join(root, 'home');
  await mkdir(cwd);
});
afterEach(() => rm(root, { recursive: true }));

async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x: 1\n');
  }
}

describe('the config that is used when none is named', () => {
  it('is none at first, then the user’s, then the project’s', async () => {
    expect(await findDefaultConfig({ cwd, home })).toBeNull();
    const user = join(home, '.config/massgen/config.yaml');
    await put(user);
    expect(await findDefaultConfig({ cwd, home })).toBe(user);
    const project = join(cwd, '.massgen/config.yaml');
    await put(project);
    expect(await findDefaultConfig({ cwd, home })).toBe(project);
  });

  it('is no folder', async () => {
    await mkdir(join(cwd, '.massgen/config.yaml'), { recursive: true });
    expect(await findDefaultConfig({ cwd, home })).toBeNull();
  });
});

describe('a named config', () => {
  it.each([
    ['team.yaml', 'project/team.yaml'],
    ['./sub/team.yaml', 'project/sub/team.yaml'],
    ['~/team.yaml', 'home/team.yaml'],
    ['own', 'home/.config/massgen/agents/own.yaml'],
    ['own.yaml', 'home/.config/massgen/agents/own.yaml'],
    ['other', 'home/.config/massgen/agents/other.json'],
  ])('%s is %s', async (name, path) => {
    await put(...['project/team.yaml', 'project/sub/team.yaml', 'home/team.yaml'].map((p) => join(root, p)));
    await put(...['own.yaml', 'other.json'].map((p) => join(home, '.config/massgen/agents', p)));
    expect(await findConfig(name, { cwd, home })).toBe(join(root, path));
  });

  it('is a path first', async () => {
    await put(join(cwd, 'own.yaml'), join(home, '.config/massgen/agents/own.yaml'));
    expect(await findConfig('own.yaml', { cwd, home })).toBe(join(cwd, 'own.yaml'));
  });

  it('may be absolute', async () => {
    await put(join(root, 'x.yaml'));
    expect(await findConfig(join(root, 'x.yaml'), { cwd, home })).toBe(join(root, 'x.yaml'));
  });

  it('that is nowhere gives an error with the places and the nearest one', async () => {
    await put(join(home, '.config/massgen/agents/research.yaml'), join(cwd, 'other.yaml'));
    await expect(findConfig('reserch', { cwd, home })).rejects.toMatchObject({
      code: 'config-not-found',
      exitCode: 1,
      message:
        'There is no config reserch: looked for it as a path and in ~/.config/massgen/agents. ' +
        `The nearest one there is: ${join(home, '.config/massgen/agents/research.yaml')}.`,
    });
  });
});

describe('the list of configs', () => {
  it('has the user’s, the project’s and this folder’s, by name', async () => {
    const user = join(home, '.config/massgen');
    const listed = [
      join(user, 'agents/a.yaml'),
      join(user, 'agents/b.json'),
      join(user, 'config.yaml'),
      join(cwd, '.massgen/team.yml'),
      join(cwd, 'here.yaml'),
    ];
    const left = ['docker-compose.yaml', '.pre-commit-config.yaml', 'package.json', 'notes.txt', 'readthedocs.yml'];
    await put(...listed, ...left.map((name) => join(cwd, name)), join(user, 'agents/sub/deep.yaml'));
    expect(await listConfigs({ cwd, home })).toEqual([
      { path: listed[0], name: 'a', origin: 'user' },
      { path: listed[1], name: 'b', origin: 'user' },
      { path: listed[2], name: 'config', origin: 'user' },
      { path: listed[3], name: 'team', origin: 'project' },
      { path: listed[4], name: 'here', origin: 'folder' },
    ]);
  });

  it('is empty where there is nothing', async () => {
    expect(await listConfigs({ cwd: join(root, 'no'), home: join(root, 'no') })).toEqual([]);
  });
});
