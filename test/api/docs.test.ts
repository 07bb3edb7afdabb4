import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildConfig, run, validateConfig } from '../../src/index.ts';
import type { RunResult } from '../../src/index.ts';
import { codeBlocks } from './code-blocks.ts';
import { emptyFolder, pair } from './scripted-config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
const INDEX = join(ROOT, 'src/index.ts');

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'massgen-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What an example prints, run as a program of its own without any key. */
function printed(code: string): string[] {
  const folder = temporary();
  writeFileSync(join(folder, 'example.mjs'), code.replaceAll("'massgen-tui'", JSON.stringify(`file://${INDEX}`)));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

// A process each, and a compiler, on a machine that may be busy.
describe('docs/api.md', { timeout: 240_000 }, () => {
  const examples = codeBlocks(PAGE, 'js run');

  it('begins with a run whose answer and winner it prints', () => {
    const lines = printed(examples[0] ?? '');
    expect([lines[0], lines.at(-1)]).toEqual(['**952** can be made exactly:', 'backward won with 3 votes']);
  });

  it('shows how to follow a run', () => {
    const lines = printed(examples[1] ?? '');
    expect(lines.at(-1)).toBe('answered');
    expect(lines.slice(0, -1).every((line) => /^(agent\d) answers as \1\.\d$/.test(line))).toBe(true);
    expect(lines.length).toBeGreaterThan(3);
  });

  it('shows how to step in', () => {
    expect(printed(examples[2] ?? '')).toEqual(['override']);
  });

  it('shows how to build and check a config', () => {
    expect(printed(examples[3] ?? '')).toEqual([
      '{"id":"agent2","backend":{"model":"claude-sonnet-5-5"}} true',
      'agents[0].backend.type',
    ]);
  });

  it('shows several runs at once', () => {
    expect(printed(examples[4] ?? '')).toEqual(['answered, answered']);
  });

  it('has no other examples that claim to run', () => {
    expect(examples.length).toBe(5);
  });

  it('has examples that a compiler agrees with', () => {
    const folder = temporary();
    const all = codeBlocks(PAGE, 'js', 'js run').map((code, index) => {
      const name = join(folder, `example${index}.mts`);
      // What a page takes for granted, a compiler does not.
      writeFileSync(
        name,
        code.replaceAll("'massgen-tui'", JSON.stringify(INDEX)).replaceAll(/(winner|agents|\])([.[])/g, '$1!$2'),
      );
      return name;
    });
    const options = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')], noUnusedLocals: false },
      files: all,
      include: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    const ours = stdout.split('\n').filter((line) => line.includes('example'));
    expect([all.length, ours]).toEqual([6, []]);
  });

  it('names every field of a result', async () => {
    const result = await run('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {} });
    const fields = Object.keys(result) as (keyof RunResult)[];
    expect(fields.filter((field) => !PAGE.includes(`\`${field}\``))).toEqual([]);
  });

  it('names models that a config may hold', async () => {
    const models = [...PAGE.matchAll(/'((?:gpt|claude)-[\w.-]+|ollama\/\w+)'/g)].map(([, model = '']) => model);
    const { errors } = await validateConfig(buildConfig({ models: [...new Set(models)] }));
    expect([models.length > 3, errors]).toEqual([true, []]);
  });

  it('is made for the Node.js that the package asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(PAGE).toContain(`Node.js ${engines.node.replace('>=', '')} or newer`);
    expect(execFileSync(process.execPath, ['--version'], { encoding: 'utf8' })).toMatch(/^v2[2-9]\./);
  });
});
