import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionStore, isSessionId, type SessionStore } from '../../src/sessions/session-store.ts';
import { openThread } from '../../src/sessions/session-thread.ts';

let home = '';
let store: SessionStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'massgen-home-'));
  store = createSessionStore(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const session = (id: string, createdAt = 1) => ({ id, name: null, createdAt, cwd: '/work', parent: null });
const run = (name: string, startedAt: number) => ({ run: name, dir: `/runs/${name}`, startedAt });

describe('sessions on disk', () => {
  it('keep their runs in the order in which they began', async () => {
    await store.create(session('s'));
    await Promise.all([
      store.addRun('s', run('b', 20)),
      store.addRun('s', run('a', 30)),
      store.addRun('s', run('c', 10)),
    ]);
    expect(await store.load('s')).toEqual({ ...session('s'), runs: [run('c', 10), run('b', 20), run('a', 30)] });
  });

  it('are listed by their last use, without what is none', async () => {
    await store.create({ ...session('old', 1), parent: { session: 'x', turns: 2 } });
    await store.create(session('new', 5));
    await store.create(session('used', 2));
    await store.addRun('used', run('r', 9));
    await writeFile(join(home, 'sessions', 'a-file'), 'x');
    await writeFile(join(home, 'sessions', 'old', 'runs', 'broken.json'), '{');
    await writeFile(join(home, 'sessions', 'new', 'session.json'), '{"v":2}');
    expect((await store.list()).map(({ id, parent }) => [id, parent])).toEqual([
      ['used', null],
      ['old', { session: 'x', turns: 2 }],
    ]);
    expect(await createSessionStore(join(home, 'nowhere')).list()).toEqual([]);
  });

  it('can be renamed and forgotten', async () => {
    await store.create(session('s'));
    await store.addRun('s', run('a', 3));
    await store.rename('s', 'My talk');
    expect(await store.load('s')).toEqual({ ...session('s'), name: 'My talk', runs: [run('a', 3)] });
    await store.remove('s');
    expect([await store.load('s'), await readdir(join(home, 'sessions'))]).toEqual([null, []]);
  });

  it('are for their owner only', async () => {
    await store.create(session('s'));
    const modes = await Promise.all(
      ['sessions', 'sessions/s', 'sessions/s/session.json'].map((name) => stat(join(home, name))),
    );
    expect(modes.map((mode) => mode.mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
  });

  it.each(['', '..', '.hidden', 'a/b', 'a b', 'x'.repeat(81), '-x'])('have no id like %j', async (id) => {
    expect(isSessionId(id)).toBe(false);
    await expect(store.load(id)).rejects.toMatchObject({ code: 'session-id', exitCode: 1 });
  });

  it('say when they cannot be written', async () => {
    await writeFile(join(home, 'sessions'), 'in the way');
    await expect(store.create(session('s'))).rejects.toMatchObject({ code: 'session-unwritable', exitCode: 2 });
  });
});

describe('the session that a command works in', () => {
  it('is made with its first run', async () => {
    const thread = openThread({ store, id: null, cwd: '/work', now: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(thread.id).toMatch(/^session-20260102-030405-....$/);
    expect([await thread.past(), await store.list()]).toEqual([{ session: thread.id }, []]);
    await thread.add(run('a', 3));
    await thread.add(run('b', 4));
    expect((await store.load(thread.id))?.runs.map((each) => each.run)).toEqual(['a', 'b']);
  });
});
