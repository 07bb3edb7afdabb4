import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../src/index.ts';
import { emptyFolder } from './scripted-config.ts';

describe('validateConfig', () => {
  it('finds nothing wrong with a config that is right, whatever keys there are', async () => {
    const config = { agents: [{ id: 'a', backend: { type: 'openai', model: 'gpt-5', api_key: '${NOT_SET}' } }] };
    expect(await validateConfig(config)).toEqual({ isValid: true, errors: [], warnings: [] });
  });

  it('says what is wrong with an object, and where', async () => {
    const report = await validateConfig({ agents: [{ id: 'a', backend: { type: 'opnai', model: 'gpt-5' } }] });
    expect([report.isValid, report.errors.map(({ file, location, severity }) => [file, location, severity])]).toEqual([
      false,
      [['config', 'agents[0].backend.type', 'error']],
    ]);
  });

  it('says what is wrong with a file, with its line', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'team.yaml'), 'agents:\n  - id: a\n    backend: { type: opnai, model: gpt-5 }\n');
    const { errors } = await validateConfig('team.yaml', { cwd });
    expect(errors.map(({ file, line, location }) => [file, line, location])).toEqual([
      ['team.yaml', 3, 'agents[0].backend.type'],
    ]);
  });

  it('counts warnings as errors only when it is strict', async () => {
    const config = { agents: [{ id: 'a', backend: { type: 'openai', model: 'gpt-5' } }], no_such_key: 1 };
    const [loose, strict] = [await validateConfig(config), await validateConfig(config, { strict: true })];
    expect([loose.isValid, strict.isValid, loose.warnings.length, strict.errors]).toEqual([true, false, 1, []]);
  });

  it('reports a file that is not there', async () => {
    const { isValid, errors } = await validateConfig('nowhere.yaml', { cwd: await emptyFolder() });
    expect([isValid, errors.map(({ message }) => message)]).toEqual([false, ['There is no such file.']]);
  });

  it('rejects what is no data', async () => {
    await expect(validateConfig({ seed: 1n as unknown as number })).rejects.toMatchObject({ code: 'invalid-config' });
  });
});
