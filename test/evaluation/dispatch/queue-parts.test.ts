import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOwnCopy, referTo } from '../../../src/evaluation/dispatch/queue/config-reference.ts';
import { connectRedis, readRedisAddress } from '../../../src/evaluation/dispatch/queue/connect-redis.ts';
import { createJobRunners } from '../../../src/evaluation/dispatch/queue/job-runners.ts';
import { jobIdOf, readTrialJob, type TrialJob } from '../../../src/evaluation/dispatch/queue/trial-job.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalRates } from '../../../src/providers/limits/shared-rates.ts';
import { trialsThat } from './contract-trials.ts';
import { jobOf } from './queue-harness.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-parts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RATES = createLocalRates(createRealClock());
const [TRIAL] = trialsThat('answer');
const job = (partial: Partial<TrialJob> = {}): TrialJob => ({
  ...jobOf(TRIAL!, { evaluation: '0011223344556677', session: 's', limits: [] }),
  ...partial,
});

describe('the address of a queue', () => {
  test.each([
    ['redis://example.org', 'example.org:6379', { host: 'example.org', port: 6379, db: 0 }],
    [
      'rediss://me:p%40ss@example.org:7000/2',
      'example.org:7000',
      { host: 'example.org', port: 7000, db: 2, username: 'me', password: 'p@ss', tls: { servername: 'example.org' } },
    ],
    ['redis://[::1]:6380', '[::1]:6380', { host: '::1', port: 6380, db: 0 }],
    ['unix:/run/redis.sock', '/run/redis.sock', { path: '/run/redis.sock' }],
    ['/run/redis.sock', '/run/redis.sock', { path: '/run/redis.sock' }],
  ])('%s is read, and shown without a password', (text, shown, options) => {
    expect(readRedisAddress(text)).toEqual({ shown, options });
  });

  test.each(['', 'http://example.org', 'redis://', 'redis://h/secret-name', 'redis://me:100%@h', 'redis.sock'])(
    '%j is none',
    (text) => {
      expect(() => readRedisAddress(text)).toThrow(/^The address of the queue must be redis:/);
    },
  );

  test('is told without its password when nobody answers there', async () => {
    const connecting = connectRedis({ ...readRedisAddress('redis://me:secret@127.0.0.1:1') });
    await expect(connecting).rejects.toThrow(
      'The queue at 127.0.0.1:1 cannot be used (ECONNREFUSED). Start Redis there ("redis-server"), or check address and password.',
    );
  });
});

describe('a job', () => {
  test('is read as it was written', () => {
    expect(readTrialJob(JSON.parse(JSON.stringify(job())))).toEqual(job());
  });

  test.each([
    { runs: '../elsewhere' },
    { runs: '/elsewhere' },
    { config: { path: 'a/../../b', sha256: 'a'.repeat(64) } },
    { config: { path: 'c:\\windows', sha256: 'a'.repeat(64) } },
    { evaluation: '../x' },
  ])('with %j is refused', (partial) => {
    expect(() => readTrialJob({ ...job(), ...partial })).toThrow(/^The job cannot be read: /);
  });

  test('has an id that only another trial, evaluation or config changes', () => {
    const config = { path: 'team.yaml', sha256: 'b'.repeat(64) };
    const ids = [{}, { session: 'other' }, { key: 'x' }, { config }, { evaluation: 'ff00ff00' }];
    const [own, ...others] = ids.map((partial) => jobIdOf(job(partial)));
    expect(others.map((id) => id === own)).toEqual([true, false, false, false]);
  });
});

describe('a config that workers have themselves', () => {
  test('is found by its place and its content', async () => {
    const path = join(folder, 'team.yaml');
    writeFileSync(path, 'agents: []');
    const reference = await referTo(path, folder);
    expect([reference.path, await findOwnCopy(reference, folder)]).toEqual(['team.yaml', path]);
    writeFileSync(path, 'agents: [other]');
    await expect(findOwnCopy(reference, folder)).rejects.toThrow(
      `team.yaml is another one than that of the evaluation in ${folder}. Copy the folder of the suite to this machine.`,
    );
    rmSync(path);
    await expect(findOwnCopy(reference, folder)).rejects.toThrow(`There is no team.yaml in ${folder}.`);
  });

  test('must lie in the folder', async () => {
    await expect(referTo('/etc/team.yaml', folder)).rejects.toMatchObject({ code: 'outside-folder' });
  });
});

describe('a worker', () => {
  const runnersIn = (variables: Record<string, string>): ReturnType<typeof createJobRunners> =>
    createJobRunners({ cwd: folder, home: folder, variables, path: '', clock: createRealClock(), version: '1.0.0' });
  const withConfig = async (text: string): Promise<TrialJob> => {
    writeFileSync(join(folder, 'team.yaml'), text);
    return job({ version: '1.0.0', config: await referTo(join(folder, 'team.yaml'), folder) });
  };

  test('refuses trials of another version', async () => {
    await expect(runnersIn({})(job({ version: '2.0.0' }), RATES)).rejects.toThrow(
      'This worker is massgen 1.0.0, and the evaluation was started by 2.0.0. Use the same version everywhere.',
    );
  });

  test('refuses a team whose key it lacks, and takes it once the key is there', async () => {
    const given = await withConfig('agents: [{ id: x, backend: { type: openai, model: gpt-5 } }]');
    const variables: Record<string, string> = {};
    const runnerOf = runnersIn(variables);
    await expect(runnerOf(given, RATES)).rejects.toThrow('OPENAI_API_KEY');
    variables['OPENAI_API_KEY'] = 'sk-not-a-real-one';
    expect(await runnerOf(given, RATES)).toBe(await runnerOf(given, RATES));
  });
});
