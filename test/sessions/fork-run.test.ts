import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoTeam } from '../../src/config/demo-team.ts';
import { readLaunchRecord, writeLaunchRecord } from '../../src/engine/launch-record.ts';
import { encodeEvent } from '../../src/events/codec.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { forkRun, type ForkOptions } from '../../src/sessions/fork-run.ts';
import { createFakeClock } from '../tui/fake-clock.ts';
import { STARTED_AT, wholeRun } from './told-events.ts';

let cwd = '';
let dir = '';
const events = wholeRun();
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-fork-'));
  dir = join(cwd, 'original');
  await mkdir(dir);
  await writeFile(join(dir, 'run.jsonl'), events.map(encodeEvent).join(''));
  const record = { v: 1, cwd: '/there', origin: { kind: 'demo', seed: 1 }, speed: 1, pid: 9 } as const;
  await writeLaunchRecord(dir, record, createRedactor({ secrets: [] }));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const fork = (more: Partial<ForkOptions> = {}) =>
  forkRun({
    dir,
    at: null,
    runsDir: join(cwd, 'runs'),
    clock: createFakeClock(STARTED_AT),
    team: null,
    cwd,
    session: 's',
    ...more,
  });

describe('a branch of a run', () => {
  it('has its beginning up to that event, under a name of its own', async () => {
    const branch = await fork({ at: 8 });
    const run = basename(branch.dir);
    const [first, ...rest] = await readAll(branch.dir);
    expect(first).toMatchObject({ run, data: { question: 'Why?', session: 's', parent: { run: 'original', seq: 8 } } });
    expect(rest).toEqual(events.slice(1, 8).map((event) => ({ ...event, run })));
    expect(await readLaunchRecord(branch.dir)).toMatchObject({
      cwd: '/there',
      origin: { kind: 'demo', seed: 1 },
      pid: null,
    });
  });

  it('begins before the decision when no event is named', async () => {
    const { at } = await fork();
    expect(events[at]?.type).toBe('winner.chosen');
  });

  it('has the files of the question, and cannot be made without them', async () => {
    const input = { name: 'a.txt', mediaType: 'text/plain', bytes: 2, path: 'inputs/1.txt' };
    const asked = events.map((event) =>
      event.type === 'run.started' ? { ...event, data: { ...event.data, inputs: [input] } } : event,
    );
    await writeFile(join(dir, 'run.jsonl'), asked.map(encodeEvent).join(''));
    await expect(fork({ at: 8 })).rejects.toMatchObject({ code: 'fork-files' });
    await mkdir(join(dir, 'inputs'));
    await writeFile(join(dir, input.path), 'Hi');
    const branch = await fork({ at: 8 });
    expect(await readFile(join(branch.dir, input.path), 'utf8')).toBe('Hi');
  });

  it('leaves the run alone', async () => {
    await fork();
    expect(await readFile(join(dir, 'run.jsonl'), 'utf8')).toBe(events.map(encodeEvent).join(''));
  });

  it('keeps what a later version has written', async () => {
    const lines = events.map(encodeEvent);
    lines[4] = lines[4]?.replace(/"type":"[^"]*"/, '"type":"moon.rose"') ?? '';
    await writeFile(join(dir, 'run.jsonl'), lines.join(''));
    const branch = await fork({ at: 8 });
    expect((await readFile(join(branch.dir, 'run.jsonl'), 'utf8')).split('\n')[4]).toContain('moon.rose');
  });

  it('can have another team and other rules, if its agents have the same ids', async () => {
    const [agent] = demoTeam().agents;
    if (!agent) throw new Error('the demo team has no agents');
    const team = { ...demoTeam(), name: 'other', agents: ['ann', 'bob'].map((id) => ({ ...agent, id })) };
    team.settings = { ...team.settings, votingRule: 'plurality' };
    const branch = await fork({ at: 8, team });
    const [first] = await readAll(branch.dir);
    expect(first).toMatchObject({
      data: {
        team: 'other',
        settings: { votingRule: 'plurality' },
        agents: [{ id: 'ann', type: 'demo' }, { id: 'bob' }],
      },
    });
    await expect(fork({ at: 8, team: demoTeam() })).rejects.toMatchObject({ code: 'team-changed' });
  });

  it.each([
    [0, 'empty-run'],
    [events.length, 'fork-point'],
    [events.length + 1, 'fork-point'],
  ])('cannot begin at %i', async (at, code) => {
    await expect(fork({ at })).rejects.toMatchObject({ code });
  });
});
