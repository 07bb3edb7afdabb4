import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BACKEND_TYPES } from '../../src/config/catalogue.ts';
import { openScreen, type PtyScreen } from '../screens/pty-screen.ts';

const ENTRY = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));
const NO_KEYS = Object.fromEntries(BACKEND_TYPES.flatMap(({ keyVariables }) => keyVariables).map((name) => [name, '']));
const KEY = 'sk-typed-0123456789';

/** Polls until it is there: a real process has its own pace. */
async function shows(screen: PtyScreen, text: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    await screen.settle();
    if (screen.text().join('\n').includes(text)) return;
    await sleep(25);
  }
  throw new Error(`"${text}" did not come:\n${screen.text().join('\n')}`);
}

describe('the first run in a real terminal', () => {
  it('goes from nothing to the question field, with a key that is never on the screen', async () => {
    const home = await mkdtemp(join(tmpdir(), 'massgen-first-'));
    const env = { ...NO_KEYS, HOME: home, MASSGEN_HOME: '', XDG_CONFIG_HOME: '', CI: '', LANG: 'C.UTF-8' };
    const screen = openScreen([ENTRY, '--init'], { cols: 100, rows: 30, env });
    try {
      await shows(screen, 'set-up 1 of 3: keys');
      await shows(screen, '> OpenAI');
      screen.write('\r');
      await shows(screen, 'key, hidden:');
      screen.write(`\x1b[200~${KEY}\x1b[201~`);
      await shows(screen, '*'.repeat(KEY.length));
      screen.write('\r');
      await shows(screen, 'OPENAI_API_KEY is saved in ~/.massgen/.env');
      screen.write('\t');
      await shows(screen, 'set-up 2 of 3: team');
      screen.write('\t');
      await shows(screen, 'set-up 3 of 3');
      screen.write('j');
      await shows(screen, '> for every folder');
      screen.write('\r');
      await shows(screen, '> Ask the team');
      screen.write('\x03');
      await screen.exited;
      const file = join(home, '.massgen', '.env');
      const config = await readFile(join(home, '.config', 'massgen', 'config.yaml'), 'utf8');
      expect([
        await readFile(file, 'utf8'),
        (await stat(file)).mode & 0o777,
        config.includes('type: openai'),
        screen.raw().includes(KEY) || config.includes(KEY),
      ]).toEqual([`OPENAI_API_KEY=${KEY}\n`, 0o600, true, false]);
    } finally {
      screen.kill('SIGKILL');
      await rm(home, { recursive: true, force: true });
    }
  });
});
