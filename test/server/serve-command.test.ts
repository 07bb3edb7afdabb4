import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoopback } from '../support/loopback-server.ts';
import { modelTeam, soloTeam } from './serving.ts';

const ENTRY = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));
const TOKEN = 'token-of-the-environment';

interface Started {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves with the code once the process has ended. */
  ended: Promise<number | null>;
  /** Resolves when stdout or stderr holds this. */
  said(text: string): Promise<void>;
  client(apiKey: string): OpenAI;
}

async function massgenServe(
  args: readonly string[],
  { env = {}, files = {} }: { env?: Record<string, string>; files?: Record<string, string> } = {},
): Promise<Started> {
  const cwd = await mkdtemp(join(tmpdir(), 'massgen-serve-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const child = spawn(process.execPath, [ENTRY, 'serve', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { stdout: '', stderr: '' };
  const waiting: { text: string; resolve: () => void }[] = [];
  const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    told[name] += chunk.toString('utf8');
    for (const { text, resolve } of waiting) if ((told.stdout + told.stderr).includes(text)) resolve();
  };
  child.stdout.on('data', take('stdout'));
  child.stderr.on('data', take('stderr'));
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(cwd, { recursive: true, force: true, maxRetries: 3 });
  });
  return {
    child,
    stdout: () => told.stdout,
    stderr: () => told.stderr,
    ended,
    said: (text) =>
      (told.stdout + told.stderr).includes(text)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ text, resolve })),
    client: (apiKey) => {
      const baseURL = /Listening on (\S+)/.exec(told.stdout)?.[1];
      if (baseURL === undefined) throw new Error(`the server does not listen: ${told.stderr}`);
      return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    },
  };
}

describe('massgen serve', { timeout: 120_000 }, () => {
  it('draws a token, says it once, and serves the teams of its folder until it is interrupted', async () => {
    const started = await massgenServe(['--port', '0'], { files: { 'own.yaml': soloTeam({ text: 'Hello.' }) } });
    await started.said('API key');
    const token = /API key for this start: ([0-9a-f]{48})\n/.exec(started.stdout())?.[1] ?? '';
    const messages = [{ role: 'user' as const, content: 'Hi?' }];
    const reply = await started.client(token).chat.completions.create({ model: 'massgen/own', messages });
    expect(reply.choices[0]?.message.content).toBe('Hello.');
    started.child.kill('SIGINT');
    expect([await started.ended, started.stderr()]).toEqual([0, '']);
  });

  it('takes the token of the environment and does not print it', async () => {
    const started = await massgenServe(['--port', '0'], { env: { MASSGEN_SERVER_TOKEN: TOKEN } });
    await started.said('Listening');
    expect((await started.client(TOKEN).models.list()).data.map(({ id }) => id)).toEqual(['massgen/demo']);
    await expect(started.client('another').models.list()).rejects.toMatchObject({ status: 401 });
    started.child.kill('SIGTERM');
    expect([await started.ended, started.stdout()]).toEqual([0, expect.stringMatching(/^Listening on \S+\/v1\n$/)]);
    expect(started.stdout() + started.stderr()).not.toContain(TOKEN);
  });

  it('warns when other machines can reach it', async () => {
    const started = await massgenServe(['--port', '0', '--host', '0.0.0.0', '--token', TOKEN]);
    await started.said('other machines. ');
    expect(started.stderr()).toMatch(/^Warning: 0\.0\.0\.0 can be reached from other machines\. /);
  });

  it('lets a run go on after the first interrupt and leaves at once after the second', async () => {
    const model = await startLoopback([{ chunks: [], end: 'hang' }]);
    onTestFinished(() => model.close());
    const started = await massgenServe(['--port', '0', '--token', TOKEN], {
      files: { 'team.yaml': modelTeam(model.url) },
    });
    await started.said('Listening');
    const messages = [{ role: 'user' as const, content: 'Hi?' }];
    const asked = started.client(TOKEN).chat.completions.create({ model: 'massgen/team', messages });
    const lost = asked.then(
      () => 'answered',
      () => 'lost',
    );
    await model.arrived(1);
    started.child.kill('SIGINT');
    await started.said('Shutting down: one run may go on for 5 seconds.');
    started.child.kill('SIGINT');
    expect([await started.ended, await lost]).toEqual([4, 'lost']);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['a port that is none', ['--port', '70000'], {}, /It must be a number from 0 to 65535/],
    ['no runs at once', ['--max-runs', '0'], {}, /It must be a whole number above 0/],
    ['a token that is too short', ['--token', 'short'], {}, /at least 8 characters/],
    ['an empty token', [], { MASSGEN_SERVER_TOKEN: 'a b c d e f g' }, /without spaces/],
    ['a config that is not there', ['--config', 'nowhere.yaml'], {}, /There is no config nowhere\.yaml/],
    ['a folder that is not there', ['--allow-path', 'nowhere'], {}, /nowhere/],
    ['a flag that it does not know', ['--prot', '1'], {}, /unknown option/],
  ])('does not start with %s', async (_, args, env, message) => {
    const started = await massgenServe(['--port', '0', ...args], { env });
    expect([await started.ended, started.stdout(), started.stderr()]).toEqual([1, '', expect.stringMatching(message)]);
  });

  it('explains itself', async () => {
    const started = await massgenServe(['--help']);
    expect([await started.ended, started.stdout()]).toEqual([0, expect.stringContaining('MASSGEN_SERVER_TOKEN=')]);
  });
});
