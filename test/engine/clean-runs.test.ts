import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanedText, cleanRuns } from '../../src/engine/clean-runs.ts';
import { readRemote, writeRemote, type RemoteConnect } from '../../src/engine/remote-record.ts';
import type { RemoteFiles } from '../../src/providers/remote/remote-files.ts';
import { writeLaunchRecord } from '../../src/engine/launch-record.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { SimulatedTeam } from '../coordination/simulated-team.ts';

const [OLD, STILL, OVER, NEW] = [
  '20260101-000000-aaaa',
  '20260102-000000-bbbb',
  '20260103-000000-cccc',
  '20260601-000000-dddd',
] as const;
const BEFORE = Date.UTC(2026, 4, 1);

let runsDir = '';
beforeEach(async () => {
  runsDir = await mkdtemp(join(tmpdir(), 'massgen-clean-'));
  const open = new SimulatedTeam(2).events;
  const over = new SimulatedTeam(1);
  over.move('agent1', { do: 'say', text: 'It.' });
  await writeRun(OLD, open, null, Date.UTC(2026, 0, 1));
  await writeRun(STILL, open, process.ppid, Date.UTC(2026, 0, 2));
  // The process of a server lives on, its runs do not.
  await writeRun(OVER, over.events, process.ppid, Date.UTC(2026, 0, 3));
  await writeRun(NEW, over.events, null, Date.UTC(2026, 5, 1));
  await mkdir(join(runsDir, 'notes'));
});
afterEach(() => rm(runsDir, { recursive: true, force: true }));

async function writeRun(name: string, events: readonly RunEvent[], pid: number | null, at: number): Promise<void> {
  const dir = join(runsDir, name);
  await mkdir(dir);
  const log = join(dir, 'run.jsonl');
  await writeFile(log, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await writeLaunchRecord(
    dir,
    { v: 1, cwd: '/', origin: { kind: 'demo', seed: 1 }, speed: 1, pid },
    createRedactor({ secrets: [] }),
  );
  await utimes(log, at / 1000, at / 1000);
}

describe('cleaning', () => {
  it('removes old runs, but none that a process works on', async () => {
    const cleaned = await cleanRuns(runsDir, BEFORE);
    expect(cleaned).toEqual({ removed: [OLD, OVER], kept: [STILL], failed: [], unreleased: [] });
    expect((await readdir(runsDir)).toSorted()).toEqual([STILL, NEW, 'notes']);
    expect(cleanedText(cleaned)).toBe(
      `Removed 2 runs: ${OLD}, ${OVER}. Kept one run that a process works on: ${STILL}.`,
    );
  });

  it('takes away what a run has left at a provider, and keeps the folder where that does not work', async () => {
    const things = [
      { kind: 'file' as const, id: 'f', type: 'openai', baseUrl: null, keyVariables: ['A_KEY'] },
      { kind: 'store' as const, id: 's', type: 'openai', baseUrl: null, keyVariables: ['A_KEY'] },
    ];
    for (const id of [OLD, OVER]) await writeRemote(join(runsDir, id), things);
    for (const id of [OLD, OVER]) await utimes(join(runsDir, id, 'run.jsonl'), 1, 1);
    const removed: string[] = [];
    const connect: RemoteConnect = (entry) => {
      const isRefused = entry.id === 'f' && removed.length >= 3;
      const remove: RemoteFiles['remove'] = ({ id }) => {
        removed.push(id);
        return isRefused ? Promise.reject(new Error('no')) : Promise.resolve();
      };
      return Promise.resolve({ isWorthIt: () => false, upload: () => Promise.reject(new Error('no')), remove });
    };
    const cleaned = await cleanRuns(runsDir, BEFORE, { connect });
    expect(cleaned).toMatchObject({ removed: [OLD], unreleased: [OVER] });
    // A store goes before the files in it.
    expect(removed).toEqual(['s', 'f', 's', 'f']);
    expect(await readRemote(join(runsDir, OVER))).toEqual([things[0]]);
    expect(cleanedText(cleaned)).toContain(
      `Kept one run with files at a provider that could not be removed there; check the key: ${OVER}.`,
    );
  });

  it('only tells, on trial', async () => {
    expect((await cleanRuns(runsDir, BEFORE, { isTrial: true })).removed).toEqual([OLD, OVER]);
    expect(await readdir(runsDir)).toHaveLength(5);
  });

  it('does nothing where there is nothing', async () => {
    const cleaned = await cleanRuns(join(runsDir, 'gone'), BEFORE);
    expect([cleaned, cleanedText(cleaned)]).toEqual([{ removed: [], kept: [], failed: [], unreleased: [] }, '']);
  });
});
