import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEnv } from '../../src/config/env.ts';

let root: string;
let cwd: string;
let home: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'massgen-env-'));
  cwd = join(root, 'project');
  home = join(root, 'home');
  await mkdir(cwd);
  await mkdir(join(home, '.massgen'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

describe('the environment of a run', () => {
  it('takes the shell before ./.env before ~/.massgen/.env, and says which it was', async () => {
    await writeFile(join(cwd, '.env'), 'A=project\nB=project\nC="with # and space"\n');
    await writeFile(join(home, '.massgen', '.env'), 'A=home\nB=home\nD=home\n');
    const loaded = await loadEnv({ cwd, home, env: { A: 'shell' } });
    expect(loaded).toEqual({
      env: { A: 'shell', B: 'project', C: 'with # and space', D: 'home' },
      sources: { A: 'shell', B: join(cwd, '.env'), C: join(cwd, '.env'), D: join(home, '.massgen', '.env') },
      places: ['the shell', './.env', '~/.massgen/.env'],
      warnings: [],
    });
  });

  it('lets an empty value give way to a later place', async () => {
    await writeFile(join(cwd, '.env'), 'KEY=\n');
    await writeFile(join(home, '.massgen', '.env'), 'KEY=home\n');
    expect((await loadEnv({ cwd, home, env: { KEY: '' } })).env).toEqual({ KEY: 'home' });
  });

  it('needs no files', async () => {
    expect((await loadEnv({ cwd, home: join(root, 'nobody'), env: { A: '1', B: undefined } })).env).toEqual({ A: '1' });
  });

  it('reads a file that begins with a byte order mark', async () => {
    await writeFile(join(cwd, '.env'), '\uFEFFKEY=x\n');
    expect((await loadEnv({ cwd, home, env: {} })).env).toEqual({ KEY: 'x' });
  });

  it('takes MASSGEN_HOME of the shell for the place of the last file', async () => {
    const own = join(root, 'mine');
    await mkdir(own);
    await writeFile(join(own, '.env'), 'KEY=mine\n');
    await writeFile(join(home, '.massgen', '.env'), 'KEY=home\n');
    await writeFile(join(cwd, '.env'), 'MASSGEN_HOME=/elsewhere\n');
    expect(await loadEnv({ cwd, home, env: { MASSGEN_HOME: '../mine' } })).toEqual({
      env: { MASSGEN_HOME: '../mine', KEY: 'mine' },
      sources: { MASSGEN_HOME: 'shell', KEY: join(own, '.env') },
      places: ['the shell', './.env', '$MASSGEN_HOME/.env'],
      warnings: [],
    });
    expect((await loadEnv({ cwd, home, env: {} })).env).toEqual({ KEY: 'home' });
  });

  it('reads UTF-16, which PowerShell writes, and says what else is not UTF-8', async () => {
    await writeFile(join(cwd, '.env'), Buffer.from('\ufeffKEY=wide\r\n', 'utf16le'));
    expect(await loadEnv({ cwd, home, env: {} })).toMatchObject({ env: { KEY: 'wide' }, warnings: [] });
    await writeFile(join(cwd, '.env'), Buffer.from('KEY=caf\u00e9\n', 'latin1'));
    expect((await loadEnv({ cwd, home, env: {} })).warnings).toEqual([
      `${join(cwd, '.env')} is not written in UTF-8; save it as UTF-8.`,
    ]);
  });

  it('goes on without a file that cannot be read, and says so', async () => {
    await mkdir(join(cwd, '.env'));
    const loaded = await loadEnv({ cwd, home, env: { A: '1' } });
    expect(loaded.env).toEqual({ A: '1' });
    expect(loaded.warnings).toEqual([`Cannot read ${join(cwd, '.env')} (EISDIR).`]);
  });
});
