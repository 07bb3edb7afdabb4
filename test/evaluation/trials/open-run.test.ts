import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrialHome } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { createTrialRunner } from '../../../src/evaluation/trials/run-trial.ts';
import { homeOf } from '../../../src/evaluation/trials/trial-home.ts';
import { readAll } from '../../../src/runlog/read-run-log.ts';
import { startLoopback, type Handler, type Loopback } from '../../support/loopback-server.ts';
import { surroundingsIn } from './surroundings.ts';

let folder = '';
let server: Loopback | null = null;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-home-'))));
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

const SIGNAL = new AbortController().signal;
const HOME: TrialHome = { ...homeOf('team/q/1', Date.UTC(2026, 0, 2)), isOurs: () => Promise.resolve(true) };

/** A worker with a memory of its own, as another process would have. */
async function worker(model: Handler): Promise<{ run: ReturnType<typeof createTrialRunner>; trial: Trial }> {
  server ??= await startLoopback(model);
  const config = join(folder, 'team.yaml');
  const backend = `{ type: chatcompletion, model: m, base_url: "${server.url}/v1", api_key: none }`;
  writeFileSync(config, `agents:\n  - { id: ann, backend: ${backend} }\n`);
  const run = createTrialRunner(surroundingsIn(folder));
  const item = { id: 'q', kind: 'k', question: 'Which?', check: { type: 'exact' as const, expected: ['this'] } };
  return { run, trial: { key: 'team/q/1', team: { name: 'team', config }, item, seed: 1 } };
}

describe('a trial with a home', () => {
  test('goes on where another process left it, which can write no more', async () => {
    const release = Promise.withResolvers<void>();
    const model: Handler = async (_, index) => {
      if (index === 0) await release.promise;
      return { text: 'Answer: this' };
    };
    const first = await worker(model);
    const sleeping = first.run(first.trial, SIGNAL, HOME).catch((error: unknown) => error);
    await server?.arrived(1);
    const second = await worker(model);
    const record = await second.run(second.trial, SIGNAL, HOME);
    release.resolve();
    expect(await sleeping).toMatchObject({ code: 'run-adopted' });
    const events = await readAll(record.dir);
    expect({
      right: record.final?.isRight,
      runs: readdirSync(join(folder, 'runs', HOME.folder)),
      ends: events.filter(({ type }) => type === 'run.finished').length,
      epochs: [...new Set(events.filter(({ type }) => type !== 'answer.graded').map(({ epoch }) => epoch))],
    }).toEqual({ right: true, runs: [HOME.runId], ends: 1, epochs: [1, 2] });
  });

  test('pays for nothing again once its run is over', async () => {
    const model: Handler = () => ({ text: 'Answer: this' });
    const first = await worker(model);
    const one = await first.run(first.trial, SIGNAL, HOME);
    const asked = server?.requests.length;
    const second = await worker(model);
    expect(await second.run(second.trial, SIGNAL, HOME)).toEqual(one);
    expect(server?.requests.length).toBe(asked);
  });

  test('is left alone by a worker that it does not belong to any more', async () => {
    const { run, trial } = await worker(() => ({ text: 'Answer: this' }));
    const running = run(trial, SIGNAL, { ...HOME, isOurs: () => Promise.resolve(false) });
    await expect(running).rejects.toMatchObject({ code: 'trial-taken' });
    expect(server?.requests).toEqual([]);
  });

  test('begins anew for a folder that holds no run', async () => {
    const dir = join(folder, 'runs', HOME.folder, HOME.runId);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'run.jsonl'), '');
    const { run, trial } = await worker(() => ({ text: 'Answer: this' }));
    expect(await run(trial, SIGNAL, HOME)).toMatchObject({ dir, final: { isRight: true } });
  });
});
