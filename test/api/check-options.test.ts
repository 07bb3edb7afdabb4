import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { resume, run, start, type RunOptions } from '../../src/index.ts';
import { emptyFolder } from './scripted-config.ts';

const PUZZLE = 'make 952 from 25 50 75 100 3 6';

describe('options of a program that no compiler checks', () => {
  it.each<[string, unknown, RegExp]>([
    ['are nothing', null, /^The options must be an object\.$/],
    ['are a text', 'demo', /^The options must be an object\.$/],
    ['have a name that is none', { modle: 'gpt-5' }, /^There is no option modle\. There are: config, /],
    ['have a switch that is a text', { demo: 'yes' }, /^demo must be true or false\.$/],
    ['have a seed that is a text', { demo: true, seed: 'x' }, /^seed must be a whole number from 0\.$/],
    ['have a broken seed', { demo: true, seed: 0.5 }, /^seed must be a whole number from 0\.$/],
    ['have a session that is a number', { demo: true, session: 5 }, /^session must be an id, or true for a new one\.$/],
    ['have a history that is a text', { demo: true, history: 'before' }, /^history must be a list of /],
    ['have a turn without an answer', { demo: true, history: [{ question: 'Who?' }] }, /^history must be a list of /],
    ['have a signal that is none', { demo: true, signal: {} }, /^signal must be an AbortSignal\.$/],
    ['have a listener that is none', { demo: true, onEvent: 'log' }, /^onEvent must be a function\.$/],
    ['have settings that are a text', { demo: true, settings: 'fast' }, /^settings must be an object\.$/],
    ['have no models', { models: [] }, /^models must be a list of texts, at least one\.$/],
  ])('are refused where they %s, and nothing is thrown or left behind', async (_, options, message) => {
    const cwd = await emptyFolder();
    const placed = options !== null && typeof options === 'object' ? { cwd, env: {}, ...options } : options;
    const stream = start(PUZZLE, placed as RunOptions);
    const refused = { name: 'MassgenError', code: 'usage', message: expect.stringMatching(message) as string };
    await expect(stream.result).rejects.toMatchObject(refused);
    await expect(stream.started).rejects.toMatchObject(refused);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('may be undefined, each', async () => {
    const options = { demo: true, seed: undefined, models: undefined, runsDir: await emptyFolder(), env: {} };
    expect((await run(PUZZLE, options)).outcome).toBe('answered');
  });

  it('are refused for a run that goes on as well', async () => {
    const refused = { code: 'usage', message: 'There is no option sped. There are: config, ' };
    await expect(resume('somewhere', { sped: 1 } as object).result).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(refused.message) as string,
    });
  });
});
