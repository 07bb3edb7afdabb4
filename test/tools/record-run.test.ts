import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { toolNeedsOf } from '../../src/config/read-tool-needs.ts';
import { configSchema, type Config } from '../../src/config/schema/config.ts';
import { recordRunTool } from '../../src/tools/record-run.ts';

/** Plays the program: writes down how it was called, and answers as it would. */
const PROGRAM = `
import { appendFileSync, writeFileSync } from 'node:fs';
const words = process.argv.slice(2);
appendFileSync('calls', JSON.stringify({ words, depth: process.env.MASSGEN_DEPTH }) + '\\n');
if (words[0] === 'eval') console.log('- Flicker: none.');
else if (words.includes('fail')) { console.error('error: vhs: install it'); process.exitCode = 1; }
else {
  writeFileSync('recording.txt', '──── 0.1 s ────\\nfirst\\n\\n──── 0.9 s ────\\nlast screen\\n');
  console.log(JSON.stringify({ folder: process.cwd(), exitCode: 0 }));
}`;

async function setUp(program = true): Promise<{ tool: ReturnType<typeof recordRunTool>; cwd: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'record-run-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'massgen.mjs'), PROGRAM);
  const env = { PATH: process.env['PATH'], MASSGEN_DEPTH: '1' };
  const tool = recordRunTool({ configs: ['team.yaml'], program: program ? join(cwd, 'massgen.mjs') : null, cwd, env });
  return { tool, cwd };
}

const context = { signal: new AbortController().signal };

it('records one of the configs of the user, one deeper, and tells what is on the screen', async () => {
  const { tool, cwd } = await setUp();
  const result = await tool.execute({ config: 'team.yaml', question: '--demo', size: '80x24' }, context);
  const calls = (await readFile(join(cwd, 'calls'), 'utf8')).trim().split('\n');
  expect({ result, calls: calls.map((line) => JSON.parse(line) as unknown) }).toEqual({
    result: {
      isError: false,
      output: `The run ended with exit code 0. The film is in ${cwd}.\n\n- Flicker: none.\n\n\nThe last screen:\nlast screen`,
    },
    calls: [
      {
        words: [
          'record',
          '--json',
          '--format',
          'gif,png,txt',
          '--theme',
          'dark',
          '--size',
          '80x24',
          '--',
          'team.yaml',
          '--demo',
        ],
        depth: '1',
      },
      { words: ['eval', 'terminal', '--format', 'md', cwd], depth: '1' },
    ],
  });
});

it('names no config but those of the user', async () => {
  const { tool } = await setUp();
  expect(tool.spec.parameters).toMatchObject({
    properties: { config: { enum: ['team.yaml'] } },
    additionalProperties: false,
  });
});

it('tells why nothing was recorded', async () => {
  const { tool } = await setUp();
  expect(await tool.execute({ config: 'team.yaml', question: 'fail' }, context)).toEqual({
    isError: true,
    output: 'Nothing was recorded. error: vhs: install it',
  });
});

it('does not start another program in place of the command', async () => {
  const { tool } = await setUp(false);
  expect(await tool.execute({ config: 'team.yaml', question: 'x' }, context)).toMatchObject({ isError: true });
});

it('is offered only where the config says so', () => {
  const backend = { type: 'openai', model: 'm' } as const;
  const config = (orchestrator: object): Config =>
    configSchema.parse({ agents: [{ id: 'a', backend }], ...orchestrator });
  const on = config({ orchestrator: { coordination: { recordable_configs: ['team.yaml'] } } });
  expect([toolNeedsOf(backend, config({})), toolNeedsOf(backend, on)?.recordable]).toEqual([undefined, ['team.yaml']]);
});
