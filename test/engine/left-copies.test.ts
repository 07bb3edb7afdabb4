import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findLeftCopies, removeUselessCopies } from '../../src/engine/left-copies.ts';
import { writeLaunchRecord } from '../../src/engine/launch-record.ts';
import type { EventDraft } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

test('copies of runs that are over are removed; those of runs that work, can go on or cannot be read stay', async () => {
  const base = await temporaryFolder();
  const redact = createRedactor({ secrets: [] });
  const folder = join(base, 'worktrees');
  const add = async (id: string, pid: number | null, ...more: EventDraft[]): Promise<void> => {
    const log = await createRunLog({
      runsDir: join(base, 'runs'),
      clock: createRealClock(),
      redact,
      createId: () => id,
    });
    const agents = [{ alias: 'agent1', id: 'a', type: 'scripted', model: 'm', isModel: false }];
    const start = { question: 'q', team: 't', agents, settings: DEFAULT_SETTINGS, seed: 1, version: '0' };
    const drafts: EventDraft[] = [{ type: 'run.started', data: start }, ...more];
    await Promise.all(drafts.map((draft) => log.append(draft).committed));
    await log.close();
    await writeLaunchRecord(log.dir, { v: 1, cwd: base, origin: { kind: 'backends' }, speed: 1, pid }, redact);
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, '.owner.json'), JSON.stringify({ runDir: log.dir }));
  };
  const finished = (outcome: 'answered' | 'cancelled'): EventDraft => ({
    type: 'run.finished',
    data: { outcome, reason: 'r' },
  });
  await add('20260101-000000-0001', null, finished('answered'));
  await add('20260101-000000-0002', null, finished('cancelled'));
  await add('20260101-000000-0003', null);
  await add('20260101-000000-0004', process.pid);
  await mkdir(join(folder, '20260101-000000-0005'));
  await mkdir(join(folder, '20260101-000000-0006'));
  await writeFile(join(folder, '20260101-000000-0006', '.owner.json'), JSON.stringify({ runDir: join(base, 'gone') }));
  await add('20260101-000000-0007', null, finished('answered'));
  await writeFile(join(base, 'runs', '20260101-000000-0007', 'run.jsonl'), '{"v":2,"from":"a later version"}\n');
  await add('20260101-000000-0008', process.pid);
  await writeFile(join(base, 'runs', '20260101-000000-0008', 'run.jsonl'), '');
  expect(await findLeftCopies(folder)).toEqual({
    resumable: ['20260101-000000-0002', '20260101-000000-0003'],
    useless: ['20260101-000000-0001', '20260101-000000-0006'],
  });
  await removeUselessCopies(folder);
  expect((await readdir(folder)).map((id) => id.slice(-1))).toEqual(['2', '3', '4', '5', '7', '8']);
});
