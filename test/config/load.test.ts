import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, validateConfigFile } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-load-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const GOOD = 'agent:\n  id: a\n  backend: {type: openai, model: "${MODEL}"}\n';

describe('loading a file', () => {
  it.each(['team.yaml', 'team.YML'])('reads %s as YAML', async (name) => {
    await writeFile(join(cwd, name), GOOD);
    const loaded = await loadConfig(name, { env: { MODEL: 'gpt-5' }, cwd });
    expect(loaded).toMatchObject({
      path: join(cwd, name),
      shownAs: name,
      name: 'team',
      problems: [],
      config: { agent: { id: 'a', backend: { type: 'openai', model: 'gpt-5' } } },
      references: [{ path: ['agent', 'backend', 'model'], variable: 'MODEL', isSet: true }],
    });
    expect(loaded.locate(['agent', 'id'])).toEqual({ line: 2, column: 7 });
  });

  it('reads .json as JSON', async () => {
    await writeFile(join(cwd, 'team.json'), '{"agent": {"id": "a", "backend": {"type": "demo", "error_rate": 1e-1}}}');
    expect((await loadConfig('team.json', { env: {}, cwd })).config?.agent?.backend.error_rate).toBe(0.1);
  });

  it.each([
    [
      'latin-1',
      Buffer.from('agents:\n  - id: caf\u00e9\n', 'latin1'),
      'latin.yaml:2:1  file  The file is not written in UTF-8.',
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffagents: []\n', 'utf16le'),
      'latin.yaml  file  The file is written in UTF-16, not in UTF-8.',
    ],
  ])('says where %s stands', async (_name, bytes, problem) => {
    await writeFile(join(cwd, 'latin.yaml'), bytes);
    const { problems } = await loadConfig('latin.yaml', { env: {}, cwd });
    expect(problems.map(formatProblem)).toEqual([`${problem}\n    Save it as UTF-8.`]);
  });

  it.each([
    ['missing.yaml', 'There is no such file.'],
    ['team.toml', 'A config is a .yaml, .yml or .json file.'],
    ['folder.yaml', 'This is a folder.'],
    ['large.yaml', 'The file is too large for a config (2000001 bytes).'],
  ])('of %s fails without throwing', async (name, message) => {
    await mkdir(join(cwd, 'folder.yaml'));
    await writeFile(join(cwd, 'large.yaml'), '#'.repeat(2_000_001));
    const loaded = await loadConfig(name, { env: {}, cwd });
    expect(loaded.config).toBeNull();
    expect(loaded.problems).toEqual([
      expect.objectContaining({ severity: 'error', file: name, location: 'file', line: null, message }),
    ]);
  });
});

describe('validating a file', () => {
  it('leaves variables out of account', async () => {
    await writeFile(join(cwd, 'a.yaml'), GOOD);
    expect(await validateConfigFile('a.yaml', { strict: true, cwd })).toEqual({
      problems: [],
      json: { valid: true, error_count: 0, warning_count: 0, errors: [], warnings: [] },
    });
  });

  it('counts warnings only when strict', async () => {
    await writeFile(join(cwd, 'a.yaml'), `${GOOD}nonsense: 1\n`);
    const lax = await validateConfigFile('a.yaml', { strict: false, cwd });
    const strict = await validateConfigFile('a.yaml', { strict: true, cwd });
    expect([lax.json.valid, strict.json.valid]).toEqual([true, false]);
    expect(strict.json.warnings).toEqual([
      expect.objectContaining({
        message: 'Unknown key nonsense; it has no effect.',
        location: 'nonsense',
        line: 4,
        column: 1,
      }),
    ]);
  });

  it('warns of parts of the work that nobody is given', async () => {
    const agents = '[{id: a, backend: {type: demo}, subtask: Read.}, {id: b, backend: {type: demo}, subtask: Write.}]';
    await writeFile(join(cwd, 'a.yaml'), `agents: ${agents}\n`);
    const { json } = await validateConfigFile('a.yaml', { strict: false, cwd });
    expect([json.valid, json.warnings]).toMatchObject([
      true,
      [{ location: 'agents[0].subtask', suggestion: 'Add coordination_mode: decomposition to orchestrator.' }],
    ]);
  });

  it('reports mistakes of the text as mistakes of the file', async () => {
    await writeFile(join(cwd, 'a.yaml'), 'agents: [\n');
    const { json } = await validateConfigFile('a.yaml', { strict: false, cwd });
    expect(json).toMatchObject({ valid: false, error_count: 1, errors: [{ location: 'file' }] });
  });
});
