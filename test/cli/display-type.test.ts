import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startLoopback } from '../support/loopback-server.ts';
import { openScreen } from '../screens/pty-screen.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const team = (display: string, url: string): string => `agents:
  - { id: a, backend: { type: chatcompletion, model: m, base_url: "${url}/v1", retry: { max_attempts: 1 } } }
ui: { display_type: ${display} }
`;

async function run(
  display: string,
  status: number,
  ...flags: string[]
): Promise<[code: number | null, out: string, err: string]> {
  const server = await startLoopback([status === 200 ? { text: 'Blue.' } : { status, chunks: ['{}'] }]);
  try {
    return await withFolder({ 'team.yaml': team(display, server.url) }, async (cwd) => {
      const { code, stdout, stderr } = await runCommandLine(
        ['--config', 'team.yaml', '--skip-validation', ...flags, 'Why?'],
        { cwd },
      );
      return [code, stdout, stderr];
    });
  } finally {
    await server.close();
  }
}

it('a silent config shows the answer and nothing else', async () => {
  expect(await run('silent', 200)).toEqual([0, 'Blue.\n', '']);
});

it('a silent config says why there is no answer', async () => {
  expect(await run('silent', 401)).toEqual([2, '', expect.stringMatching(/^\[run\] failed [^\n]*\n$/)]);
});

it('flags come before what a config wants to be shown', async () => {
  expect(await run('silent', 200, '--no-display')).toEqual([0, 'Blue.\n', expect.stringContaining('[run] question:')]);
});

it('a simple config shows lines in a terminal too', async () => {
  const server = await startLoopback([{ text: 'Blue.' }]);
  try {
    await withFolder({ 'team.yaml': team('simple', server.url) }, async (cwd) => {
      const entry = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));
      const env = { HOME: cwd, CI: '', LANG: 'C.UTF-8' };
      const screen = openScreen([entry, '--config', join(cwd, 'team.yaml'), 'Why?'], { cols: 100, rows: 30, cwd, env });
      await screen.exited;
      // The app has a screen of its own.
      expect([screen.raw().includes('\u001b[?1049h'), screen.text().some((line) => line.startsWith('Blue.'))]).toEqual([
        false,
        true,
      ]);
    });
  } finally {
    await server.close();
  }
});
