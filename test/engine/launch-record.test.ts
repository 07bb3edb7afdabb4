import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TeamOrigin } from '../../src/config/team.ts';
import { launchRecordPath, readLaunchRecord, writeLaunchRecord } from '../../src/engine/launch-record.ts';
import { createRedactor } from '../../src/runlog/redact.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'massgen-record-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const redact = createRedactor({ secrets: ['hunter2-hunter2'] });
const quick: TeamOrigin = { kind: 'quick', model: 'm', backend: null, systemMessage: 'Be brief.', baseUrl: null };

describe('the record of how a team was made', () => {
  it.each<TeamOrigin>([{ kind: 'config', path: '/t.yaml' }, { kind: 'demo', seed: 3 }, quick, { kind: 'backends' }])(
    'is read as it was written: $kind',
    async (origin) => {
      const record = { v: 1, cwd: '/home/ann', origin, speed: Infinity, pid: 7 } as const;
      await writeLaunchRecord(dir, record, redact);
      expect(await readLaunchRecord(dir)).toEqual(record);
    },
  );

  it('holds no secret and is for its owner only', async () => {
    const origin = { ...quick, systemMessage: 'The password is hunter2-hunter2.' };
    await writeLaunchRecord(dir, { v: 1, cwd: '/', origin, speed: 1, pid: null }, redact);
    expect(await readFile(launchRecordPath(dir), 'utf8')).not.toContain('hunter2');
    expect((await stat(launchRecordPath(dir))).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    'null',
    '{"v":2}',
    '{"v":1,"cwd":"/","speed":1}',
    '{"v":1,"cwd":"/","speed":0,"origin":{"kind":"demo"}}',
    '{"v":1,"cwd":"/","speed":1,"origin":{"kind":"config"}}',
  ])('says that it cannot be used: %j', async (text) => {
    await writeFile(launchRecordPath(dir), text);
    await expect(readLaunchRecord(dir)).rejects.toMatchObject({ code: 'no-launch-record', exitCode: 1 });
  });
});
