import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { codeBlocks } from '../api/code-blocks.ts';
import { runCommandLine, withFolder } from '../cli/command-process.ts';
import { post, serve, TOKEN } from './serving.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/server.md'), 'utf8');

/** Runs an example beside a real server and resolves with what it prints. */
async function printed(command: string, fileName: string, example: string): Promise<string> {
  const { server } = await serve();
  const folder = await mkdtemp(join(tmpdir(), 'massgen-docs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const sdk = JSON.stringify(import.meta.resolve('openai'));
  const code = example.replaceAll('http://127.0.0.1:8788/v1', server.url).replaceAll("'openai'", sdk);
  await writeFile(join(folder, fileName), code);
  const env = { PATH: process.env['PATH'] ?? '', MASSGEN_SERVER_TOKEN: TOKEN };
  const child = spawn(command, [fileName], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  return new Promise((resolve) => {
    child.on('close', () => resolve(out));
  });
}

describe('docs/server.md', { timeout: 120_000 }, () => {
  it('has an example with the SDK that prints an answer', async () => {
    const [example = ''] = codeBlocks(PAGE, 'js run');
    expect(await printed(process.execPath, 'example.mjs', example)).toMatch(/^\*\*952\*\* can be made exactly:\n/);
  });

  it('has an example with curl that prints a response', async () => {
    const [example = ''] = codeBlocks(PAGE, 'sh run');
    const reply = JSON.parse(await printed('bash', 'example.sh', example)) as { object: string; status: string };
    expect([reply.object, reply.status]).toEqual(['response', 'completed']);
  });

  it('names every flag that there is, and no other', async () => {
    const { stdout } = await withFolder({}, (cwd) => runCommandLine(['serve', '--help'], { cwd }));
    const flags = (text: string): string[] =>
      [...new Set([...text.matchAll(/--[a-z-]+ <\w+>/g)].map(([flag]) => flag))].toSorted();
    expect(flags(PAGE)).toEqual(flags(stdout));
  });

  it('names every parameter that is refused', async () => {
    const { server } = await serve();
    const refused = ['logprobs', 'previous_response_id', 'conversation', 'background', 'prompt'];
    const statuses = await Promise.all(
      refused.map(async (name) => {
        const body = { model: 'massgen/demo', input: 'make 3 from 1 2', [name]: true };
        return (await post(server, '/responses', body)).status;
      }),
    );
    expect(statuses).toEqual(refused.map(() => 400));
    expect(refused.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
  });
});
