import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfig } from '../../src/config/discover.ts';
import { listExamples, type ExamplePlaces } from '../../src/config/massgen-examples.ts';

let root: string;
let places: Required<ExamplePlaces>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'massgen-examples-'));
  places = { cwd: join(root, 'project'), home: join(root, 'home'), env: {}, system: join(root, 'system') };
});
afterEach(() => rm(root, { recursive: true }));

const SITE = 'lib/python3.12/site-packages/massgen/configs';

async function put(folder: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    const path = join(root, folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'agents: []\n');
  }
}

describe('MassGen’s example configs', () => {
  it.each([
    ['a clone', 'project/massgen/configs'],
    ['a virtual environment here', `project/.venv/${SITE}`],
    ['one of uv', `home/.local/share/uv/tools/massgen/${SITE}`],
    ['one of pipx', `home/.local/share/pipx/venvs/massgen/${SITE}`],
    ['pip for the user', `home/.local/${SITE}`],
    ['Debian’s Python', 'system/lib/python3.11/dist-packages/massgen/configs'],
  ])('are found in %s', async (_name, folder) => {
    await put(folder, 'basic/one.yaml', 'rate_limits/rate_limits.yaml', 'README.md');
    expect(await listExamples(places)).toEqual({
      folder: join(root, folder),
      examples: [{ name: 'basic/one', path: join(root, folder, 'basic/one.yaml') }],
    });
  });

  it('are taken of the active environment before one that is only there', async () => {
    await put(`active/${SITE}`, 'one.yaml');
    await put(`home/.local/${SITE}`, 'two.yaml');
    const env = { VIRTUAL_ENV: join(root, 'active') };
    expect((await listExamples({ ...places, env })).examples.map(({ name }) => name)).toEqual(['one']);
  });

  it('that are nowhere are looked for in places that the error names', async () => {
    await expect(findConfig('@examples/one', places)).rejects.toMatchObject({
      code: 'no-examples',
      exitCode: 1,
      message: expect.stringContaining('looked in ./massgen/configs, in $VIRTUAL_ENV') as string,
    });
  });
});

describe('the name of an example', () => {
  beforeEach(() =>
    put(
      'project/massgen/configs',
      'basic/multi/three_agents_default.yaml',
      'ag2/ag2_coder.yaml',
      'ag2/ag2_coder_case_study.yaml',
      'tools/mcp/gemini_mcp.yaml',
      'tools/multiturn/two.yaml',
    ),
  );

  it.each([
    ['basic/multi/three_agents_default', 'basic/multi/three_agents_default'],
    ['basic/multi/three_agents_default.yaml', 'basic/multi/three_agents_default'],
    ['configs/basic/multi/three_agents_default.yaml', 'basic/multi/three_agents_default'],
    ['basic_multi_three_agents_default', 'basic/multi/three_agents_default'],
    ['basic/multi/three-agents-default', 'basic/multi/three_agents_default'],
    ['three_agents_default', 'basic/multi/three_agents_default'],
    ['basic_multi', 'basic/multi/three_agents_default'],
    ['ag2/ag2_coder', 'ag2/ag2_coder'],
    ['tools/multiturn_two', 'tools/multiturn/two'],
  ])('%s is %s', async (name, file) => {
    expect(await findConfig(`@examples/${name}`, places)).toBe(join(root, `project/massgen/configs/${file}.yaml`));
  });

  it.each([
    [
      'ag2',
      "@examples/ag2 fits several of MassGen's examples: @examples/ag2/ag2_coder, @examples/ag2/ag2_coder_case_study.",
    ],
    ['providers/gemini_mcp', 'The nearest one is @examples/tools/mcp/gemini_mcp; '],
    ['basik/multi/three_agents', 'The nearest one is @examples/basic/multi/three_agents_default; '],
    ['../../secret\u001b[2J', String.raw`There is no @examples/../../secret\u{1b}[2J among`],
  ])('%j is none, and the error says what there is', async (name, message) => {
    await expect(findConfig(`@examples/${name}`, places)).rejects.toThrow(message);
  });
});
