import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliOptions } from '../../src/cli/options.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { createSetupPort } from '../../src/cli/setup-port.ts';
import { loadEnv } from '../../src/config/env.ts';
import { createProbe } from '../../src/config/probe-models.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import type { SetupPort } from '../../src/tui/setup.ts';
import { startLoopback } from '../support/loopback-server.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const KEY = 'sk-test-1234567890';

function optionsOf(...argv: string[]): CliOptions {
  const parsed = parseArguments(argv, '1.0.0');
  if (parsed.type !== 'options') throw new Error(parsed.text);
  return parsed.options;
}

interface Place {
  port: SetupPort;
  folder: string;
  chosen: string[];
}

/** A set-up in an empty home, whose local servers are asked at `local` instead of at Ollama's usual port. */
async function withPort<T>(local: string | null, use: (place: Place) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-setup-'));
  const clock = createRealClock();
  const chosen: string[] = [];
  const probe = createProbe(clock);
  try {
    const { env } = await loadEnv({ cwd: folder, home: folder, env: {} });
    const port = createSetupPort({
      options: optionsOf('--init'),
      environment: { cwd: folder, home: folder, variables: {} },
      surroundings: { cwd: folder, home: folder, env, warn: () => undefined },
      clock,
      isKeysOnly: false,
      choose: ({ team }) => {
        chosen.push(...team.agents.map(({ id, backend }) => `${id} ${backend.apiKey}`));
        return { name: team.name, agents: [] };
      },
      probe: (url) => (local !== null && url.includes(':11434/') ? probe(`${local}/models`) : Promise.resolve(null)),
    });
    return await use({ port, folder, chosen });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the set-up of a computer', () => {
  it('knows a key at once after it was saved, for the team that is saved next', async () => {
    await withPort(null, async ({ port, folder, chosen }) => {
      await port.saveKey('OPENAI_API_KEY', KEY, join(folder, '.massgen', '.env'));
      const ready = (await port.vendors()).filter(({ source }) => source !== null);
      const path = (await port.places())[0]?.path ?? '';
      await port.save([{ type: 'openai', model: 'gpt-6-luna' }], path, false);
      const config = await readFile(path, 'utf8');
      expect([ready.map(({ type, source }) => `${type} ${source}`), chosen, config.includes(KEY)]).toEqual([
        ['openai ~/.massgen/.env'],
        [`openai ${KEY}`],
        false,
      ]);
    });
  });

  it('says when another place of the key comes first', async () => {
    await withPort(null, async ({ port, folder }) => {
      await port.saveKey('OPENAI_API_KEY', KEY, join(folder, '.env'));
      const notice = await port.saveKey('OPENAI_API_KEY', 'sk-other', join(folder, '.massgen', '.env'));
      expect(notice).toBe(
        `The key was saved, but OPENAI_API_KEY from ${join(folder, '.env')} comes before it: change it there.`,
      );
    });
  });

  it('does not replace a config unless told', async () => {
    await withPort(null, async ({ port, folder }) => {
      await port.saveKey('OPENAI_API_KEY', KEY, join(folder, '.env'));
      const path = join(folder, 'team.yaml');
      const agents = [{ type: 'openai', model: 'gpt-6-luna' }];
      await port.save(agents, path, false);
      const refused = await port.save(agents, path, false).catch((error: unknown) => error);
      await port.save([{ type: 'openai', model: 'gpt-6-sol' }], path, true);
      expect([
        refused instanceof MassgenError && refused.message.includes('exists already'),
        (await readFile(path, 'utf8')).includes('gpt-6-sol'),
      ]).toEqual([true, true]);
    });
  });

  it('finds a server on this machine with the models that can chat', async () => {
    const server = await startLoopback(() => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      chunks: [JSON.stringify({ data: [{ id: 'qwen3' }, { id: 'nomic-embed-text' }] })],
    }));
    try {
      const found = await withPort(server.url, ({ port }) => port.locals());
      expect(found.map(({ type, models }) => [type, models])).toEqual([
        ['ollama', [{ name: 'qwen3', prices: { input: 0, output: 0 } }]],
      ]);
    } finally {
      await server.close();
    }
  });

  it('tells what is missing instead of testing without a key', async () => {
    const result = await withPort(null, ({ port }) => port.test({ type: 'openai', model: 'gpt-6-luna' }));
    expect([result.tone, result.text.includes('OPENAI_API_KEY is not set')]).toEqual(['err', true]);
  });
});

describe('the set-up without a terminal', () => {
  it('says what to do where there is nothing to set up with', async () => {
    const ended = await withFolder({}, (cwd) =>
      Promise.all([runCommandLine(['--init'], { cwd }), runCommandLine(['--setup'], { cwd })]),
    );
    expect(
      ended.map(({ code, stderr }) => [code, /--agents openai,claude|massgen --setup < keys\.env/.test(stderr)]),
    ).toEqual([
      [1, true],
      [1, true],
    ]);
  });

  it('saves keys from standard input, and never replaces one unless told', async () => {
    await withFolder({}, async (cwd) => {
      const first = await runCommandLine(['--setup'], { cwd, input: `OPENAI_API_KEY=${KEY}\n` });
      const other = await runCommandLine(['--setup'], { cwd, input: 'OPENAI_API_KEY=sk-other\n' });
      const file = await readFile(join(cwd, '.massgen', '.env'), 'utf8');
      expect([first.code, other.code, file, (first.stderr + other.stderr).includes(KEY)]).toEqual([
        0,
        1,
        `OPENAI_API_KEY=${KEY}\n`,
        false,
      ]);
    });
  });

  it('writes a team that it names, which is valid', async () => {
    await withFolder({}, async (cwd) => {
      const made = await runCommandLine(['--init', '--agents', 'openai,claude:claude-haiku-5-5', '--save', 'project'], {
        cwd,
      });
      const again = await runCommandLine(['--init', '--agents', 'openai'], { cwd });
      const valid = await runCommandLine(['--validate', made.stdout.trim()], { cwd });
      expect([made.code, again.code, valid.code, made.stderr.includes('Still missing: OPENAI_API_KEY')]).toEqual([
        0,
        1,
        0,
        true,
      ]);
    });
  });
});
