import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const BIN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

/** Runs the bin entry beside a `main.ts` with the given code, on a Node.js that says it is `version`. */
function start(version: string, mainCode: string, env: NodeJS.ProcessEnv = {}, cwd = process.cwd()): unknown {
  const folder = temporaryFolder();
  copyFileSync(BIN, join(folder, 'massgen.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'main.ts'), mainCode);
  mkdirSync(join(folder, 'before'));
  writeFileSync(join(folder, 'before/package.json'), '{ "type": "commonjs" }');
  writeFileSync(
    join(folder, 'before/version.js'),
    `const versions = { ...process.versions, node: '${version}' };
     Object.defineProperty(process, 'versions', { value: versions });`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'before/version.js'), join(folder, 'massgen.js'), 'an argument'],
    { encoding: 'utf8', cwd, env: { PATH: process.env.PATH, HOME: folder, ...env } },
  );
  return { status, stdout, stderr: stderr.split('\n')[0] };
}

describe('the bin entry', () => {
  it.each(['12.22.12', '20.20.2', '22.17.9'])('refuses Node.js %s in one sentence', (version) => {
    expect(start(version, "process.stdout.write('started');")).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `massgen needs Node.js 22.18 or newer, and this is ${version}; ` +
        'get one from https://nodejs.org or with a version manager (nvm install 24).',
    });
  });

  it.each(['22.18.0', '24.0.0', '100.1.0'])('starts the program on Node.js %s', (version) => {
    const main =
      'const args: string[] = process.argv.slice(2); process.stdout.write(args.join()); process.exitCode = 3;';
    expect(start(version, main)).toEqual({ status: 3, stdout: 'an argument', stderr: '' });
  });

  it('says so when the program cannot be loaded, without escape sequences', () => {
    expect(start('24.0.0', "throw new Error('broken \\u001b[31mbadly');")).toEqual({
      status: 1,
      stdout: '',
      stderr: 'massgen could not start: Error: broken [31mbadly',
    });
  });

  it("keeps compiled code in the user's cache", () => {
    const cache = temporaryFolder();
    start('24.0.0', '', { XDG_CACHE_HOME: cache });
    expect(existsSync(join(cache, 'massgen/compiled'))).toBe(true);
  });

  it('leaves the working folder alone where no home is known', () => {
    const cwd = temporaryFolder();
    start('24.0.0', '', { XDG_CACHE_HOME: '', HOME: '' }, cwd);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('starts where no cache can be kept', () => {
    const notAFolder = join(temporaryFolder(), 'file');
    writeFileSync(notAFolder, '');
    expect(start('24.0.0', "process.stdout.write('started');", { XDG_CACHE_HOME: notAFolder })).toEqual({
      status: 0,
      stdout: 'started',
      stderr: '',
    });
  });

  it('can be run as a command', () => {
    expect(readFileSync(BIN, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
    expect(statSync(BIN).mode & 0o111).toBe(0o111);
  });
});
