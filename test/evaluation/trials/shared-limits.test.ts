import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrialRunner } from '../../../src/evaluation/trials/run-trial.ts';
import { readAll } from '../../../src/runlog/read-run-log.ts';
import { startLoopback } from '../../support/loopback-server.ts';
import { surroundingsIn } from './surroundings.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-limits-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('trials make no more requests together than a limit lets them, and the others wait', async () => {
  const server = await startLoopback([{ text: 'Answer: this' }]);
  try {
    const config = join(folder, 'team.yaml');
    const backend = `{ type: chatcompletion, model: m, base_url: "${server.url}/v1", api_key: none }`;
    writeFileSync(config, `agents:\n  - { id: ann, backend: ${backend} }\n`);
    const surroundings = surroundingsIn(folder);
    const limits = [{ type: 'chatcompletion', requests: 2, spanMs: 3_600_000 }];
    const run = createTrialRunner({ ...surroundings, sharedLimits: { ...surroundings.sharedLimits, limits } });
    const stop = new AbortController();
    const item = { id: 'q', kind: 'k', question: 'Which?', check: { type: 'exact' as const, expected: ['this'] } };
    const running = ['a', 'b', 'c'].map((key) =>
      run({ key, team: { name: 'team', config }, item, seed: 1 }, stop.signal).then(
        ({ outcome }) => outcome,
        () => 'stopped',
      ),
    );
    const outcomes = Promise.all(running);
    while ((await delays(join(folder, 'runs'))).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.arrived(2);
    stop.abort(new Error('enough'));
    const [waited = { reason: '', ms: 0 }, ...others] = await delays(join(folder, 'runs'));
    expect([server.requests.length, waited.reason, Math.round(waited.ms / 60_000), others]).toEqual([
      2,
      'rate-limit',
      60,
      [],
    ]);
    expect((await outcomes).filter((outcome) => outcome === 'stopped').length).toBeGreaterThan(0);
  } finally {
    await server.close();
  }
});

/** What the runs had to wait for. */
async function delays(runs: string): Promise<{ reason: string; ms: number }[]> {
  const names = await readdir(runs).catch(() => []);
  const events = await Promise.all(names.map((name) => readAll(join(runs, name)).catch(() => [])));
  return events.flat().flatMap((event) => (event.type === 'request.delayed' ? [event.data] : []));
}
