import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { customToolsOf } from '../../../src/config/read-custom-tools.ts';
import { toolNeedsOf } from '../../../src/config/read-tool-needs.ts';
import type { BackendConfig } from '../../../src/config/schema/config.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { findPacks, type FoundPacks } from '../../../src/tools/custom/find-packs.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { hasSandbox } from '../../support/sandbox.ts';

const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;

const TREE: Record<string, string> = {
  'shop/TOOL.md': '---\nname: shop\ndescription: Prices.\ncategory: money\nrequires_api_keys: [SHOP_KEY]\n---\nWords.',
  'shop/prices.py':
    'import os\n\n\ndef price(item: str) -> str:\n    """Says a price."""\n    return item + os.environ["SHOP_KEY"]\n',
  'shop/_shared.py': '',
  'shop/test_prices.py': '',
  'weather/TOOL.md': '---\nnetwork: true\nread_only: true\ntimeout: 9\n---\n',
  'weather/forecast.ts': 'export const forecast = 1;',
  'weather/forecast.test.ts': '',
  'weather/types.d.ts': '',
  'far/TOOL.md': '---\nname: far away\nrequires_api_keys: [NOT_THERE, NEITHER]\n---\n',
  'far/go.py': '',
  'bare/TOOL.md': '# No front matter',
  'bare/go.py': '',
  'broken/TOOL.md': '---\n&a [*a, {\n---\n',
  'broken/go.py': '',
  'empty/TOOL.md': '---\nname: empty\n---\n',
  'no-pack/go.py': '',
  '.hidden/TOOL.md': '---\nname: hidden\n---\n',
  '.hidden/go.py': '',
  'loose.py': '',
};

async function packs(): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(TREE)) {
    await mkdir(dirname(join(folder, 'packs', path)), { recursive: true });
    await writeFile(join(folder, 'packs', path), text);
  }
  return folder;
}

async function find(excluded: string[] = []): Promise<FoundPacks & { folder: string }> {
  const cwd = await packs();
  const needs = { folder: 'packs', isNamed: true, excluded, isDeferred: false };
  const found = await findPacks({ needs, cwd, environment: { SHOP_KEY: 'k', OTHER_KEY: 'o', NEITHER: '' } });
  return { ...found, folder: join(cwd, 'packs') };
}

test('packs whose keys are there are offered, with what they say of themselves and no other key', async () => {
  const { tools, folder } = await find();
  const rest = { functions: null, fault: null };
  expect(tools).toEqual([
    {
      ...rest,
      path: join(folder, 'shop/prices.py'),
      timeoutMs: null,
      env: { SHOP_KEY: 'k' },
      network: false,
      readOnly: false,
    },
    { ...rest, path: join(folder, 'weather/forecast.ts'), timeoutMs: 9_000, env: {}, network: true, readOnly: true },
  ]);
});

test('what is left out is named, with the reason', async () => {
  const { problems } = await find();
  expect(problems).toEqual([
    'The tool pack bare is left out: its TOOL.md does not begin with a map between two lines of ---.',
    'The tool pack broken is left out: its TOOL.md does not begin with a map between two lines of ---.',
    'The tool pack empty is left out: it has no module of Python, JavaScript or TypeScript.',
    'The tool pack far away is left out: it needs NOT_THERE, NEITHER, which is not set.',
  ]);
});

test('a pack is left out by its name or its folder', async () => {
  const { tools, problems } = await find(['shop', 'weather', 'far', 'bare', 'broken', 'empty']);
  expect([tools, problems]).toEqual([[], []]);
});

test('a folder that the config names has to be there, the usual one need not', async () => {
  const cwd = await temporaryFolder();
  const problemsOf = async (backend: Partial<BackendConfig>): Promise<string[]> => {
    const needs = customToolsOf({ type: 'openai', model: 'm', ...backend } as BackendConfig)?.packs;
    return needs ? (await findPacks({ needs, cwd, environment: {} })).problems : ['none'];
  };
  expect([
    await problemsOf({ custom_tools_path: 'nowhere' }),
    await problemsOf({ auto_discover_custom_tools: true }),
    await problemsOf({ custom_tools_path: 'nowhere', auto_discover_custom_tools: false }),
    await problemsOf({}),
  ]).toEqual([['There is no folder nowhere with tool packs.'], [], ['none'], ['none']]);
});

test.runIf(hasSandbox && hasPython)(
  'a tool of a pack is called like every custom tool',
  { timeout: 20_000 },
  async () => {
    const cwd = await packs();
    const runDir = join(cwd, 'runs', 'run');
    await mkdir(runDir, { recursive: true });
    const backend = { type: 'openai', model: 'm', custom_tools_path: 'packs', exclude_custom_tools: ['weather'] };
    const needs = toolNeedsOf(backend as BackendConfig, {});
    if (!needs) throw new Error('no needs');
    const host = await createToolHost({
      needs,
      alias: 'agent1',
      runDir,
      cwd,
      clock: createRealClock(),
      version: '0',
      environment: { SHOP_KEY: 'k' },
      extraTools: [],
    });
    onTestFinished(() => host.dispose());
    expect(host.problems).toHaveLength(4);
    const [price] = host.tools();
    const context = { signal: new AbortController().signal };
    expect(price && (await runToolCall(price, { item: 'tea' }, host.rules, context))).toEqual({
      output: 'teak',
      isError: false,
    });
  },
);
