import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeEvent } from '../../src/events/codec.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { earlierPersonas } from '../../src/sessions/earlier-personas.ts';
import type { Session } from '../../src/sessions/session-store.ts';

const settings = { strategy: 'diverse', diversity: 'perspective', guidelines: '' } as const;
const begun: EventDraft = {
  type: 'run.started',
  data: {
    question: 'q',
    team: 't',
    agents: [
      { alias: 'agent2', id: 'a', type: 'demo', model: 'demo', isModel: false },
      { alias: 'agent1', id: 'b', type: 'demo', model: 'demo', isModel: false },
    ],
    settings: { ...DEFAULT_SETTINGS, personas: settings },
    seed: 1,
    version: '0',
  },
};
const prepared = (word: string): EventDraft => ({
  type: 'preparation.finished',
  data: {
    what: 'personas',
    texts: { agent1: { text: `${word} b`, dependsOn: [] }, agent2: { text: `${word} a`, dependsOn: [] } },
    problem: null,
    usage: NO_USAGE,
    costUsd: 0,
  },
});

async function sessionOf(...runs: EventDraft[][]): Promise<Session> {
  const root = await mkdtemp(join(tmpdir(), 'massgen-personas-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const dirs = runs.map((_, index) => join(root, `run-${index}`));
  for (const [index, dir] of dirs.entries()) {
    const lines = (runs[index] ?? []).map((draft, seq) =>
      encodeEvent({ ...draft, v: 1, seq: seq + 1, at: 0, run: 'r', attempt: 1, epoch: 1 } as RunEvent),
    );
    await mkdir(dir);
    await writeFile(join(dir, 'run.jsonl'), lines.join(''));
  }
  const kept = dirs.map((dir, startedAt) => ({ run: 'r', dir, startedAt }));
  return { id: 's', name: null, createdAt: 0, cwd: root, parent: null, runs: kept };
}

test('are those of the latest run that has any, by the ids of its agents', async () => {
  const session = await sessionOf([begun, prepared('old')], [begun, prepared('new')], [begun]);
  expect(await earlierPersonas(session)).toEqual({ settings, texts: { a: 'new a', b: 'new b' } });
});

test('are none where no run had any, or its log is gone', async () => {
  const session = await sessionOf([begun]);
  expect(await earlierPersonas(session)).toBeNull();
  await rm(session.cwd, { recursive: true });
  expect(await earlierPersonas(session)).toBeNull();
});
