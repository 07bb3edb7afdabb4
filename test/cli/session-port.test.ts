import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSessionPort, type CurrentSession } from '../../src/cli/session-port.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { openThread } from '../../src/sessions/session-thread.ts';
import type { SessionPort } from '../../src/tui/sessions.ts';
import { runCommandLine } from './command-process.ts';

interface Place {
  port: SessionPort;
  current: CurrentSession;
  ids: string[];
  dirs: string[];
}

/** Two sessions of one question each, the latest first, made by the command itself. */
async function withSessions<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const cwd = await mkdtemp(join(tmpdir(), 'massgen-sessions-'));
  try {
    for (const id of ['first', 'second']) {
      const args = ['--demo', '--speed', 'max', '--session-id', id, 'make 125 from 25 100 3'];
      await runCommandLine(args, { cwd, env: { MASSGEN_HOME: join(cwd, 'home') } });
    }
    const store = createSessionStore(join(cwd, 'home'));
    const clock = createRealClock();
    const current: CurrentSession = { thread: openThread({ store, id: 'second', cwd, now: 0 }) };
    const port = createSessionPort({
      store,
      environment: { cwd, home: cwd, variables: { MASSGEN_HOME: join(cwd, 'home') } },
      clock,
      current,
    });
    const sessions = await store.list();
    return await use({
      port,
      current,
      ids: sessions.map(({ id }) => id),
      dirs: sessions.map(({ runs }) => runs[0]?.dir ?? ''),
    });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

describe('the sessions of the app', () => {
  it('are listed with their questions, and can be named, branched, gone on with and deleted', async () => {
    await withSessions(async ({ port, current, dirs }) => {
      const listed = await port.list();
      expect(
        listed.map(({ id, isHere, isCurrent, turns }) => [id, isHere, isCurrent, turns.map((t) => t.question)]),
      ).toEqual([
        ['second', true, true, ['make 125 from 25 100 3']],
        ['first', true, false, ['make 125 from 25 100 3']],
      ]);
      await port.rename('first', 'the first one');
      const branch = await port.fork('first');
      const branched = await port.current();
      expect([current.thread?.id, branched?.parent, branched?.turns.map(({ dir }) => dir)]).toEqual([
        branch,
        'first',
        [dirs[1]],
      ]);
      // The branch has the log too, so it stays.
      expect([await port.countLogs('first'), await port.countLogs('second')]).toEqual([0, 1]);
      port.begin();
      expect([branch, 'first', 'second']).not.toContain(current.thread?.id);
      port.goOn('first');
      await port.remove('second');
      const left = await port.list();
      expect([
        left.map(({ id, name }) => name ?? id).toSorted(),
        await stat(dirs[0] ?? '').catch(() => 'gone'),
      ]).toEqual([[branch, 'the first one'].toSorted(), 'gone']);
      const handle = await port.openTurn(dirs[1] ?? '');
      const types: string[] = [];
      handle.subscribe((event) => void types.push(event.type));
      await handle.ended;
      expect([types[0], types.at(-1), (await readFile(join(dirs[1] ?? '', 'run.jsonl'), 'utf8')).length > 0]).toEqual([
        'run.started',
        'run.finished',
        true,
      ]);
    });
  });
});
