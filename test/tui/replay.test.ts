import { describe, expect, it } from 'vitest';
import { createReplay } from '../../src/sessions/replay.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { runScripted } from '../engine/scripted-run.ts';
import { createFakeClock } from './fake-clock.ts';

const scripts = {
  a: [
    { when: 'draft', reasoning: 'Hm.', text: 'I think so.', answer: 'one' },
    { vote: 'agent1' },
    { text: 'The end.' },
  ],
  b: [{ when: 'draft', answer: 'two' }, { vote: 'agent1' }, { text: 'The end.' }],
};

/** The screen without the row that tells where a replay is (a live run has its newest event there) and without the keys. */
function withoutPlayer(rows: string[]): string[] {
  return rows.filter((_, i) => i !== rows.length - 3 && i !== rows.length - 1);
}

/** The screen after a run, however it came. */
async function lastScreen(handle: RunHandle, view: string): Promise<string[]> {
  const clock = createFakeClock();
  const team = { name: 'scripted', agents: [] };
  const model = createModel({ cols: 100, rows: 30, now: clock.now(), ascii: false, team, teams: [] });
  const quiet = { clock, requestFrame: () => undefined, toggleTheme: () => undefined, redraw: () => undefined };
  const host = { ...quiet, start: async () => handle, suspend: () => undefined, leave: () => undefined };
  const app = new App(model, host, 'What is it?');
  app.begin();
  await handle.ended;
  for (let i = 0; i < 10; i++) await Promise.resolve();
  for (const key of view) app.handle({ kind: 'key', key, text: key });
  return frameText(buildFrame({ ...app.model, now: clock.now() }));
}

describe('the screen of a replay', () => {
  it.each([
    ['final answer', ''],
    ['agents', 'A'],
    ['timeline', 'T'],
  ])('shows in the end what the live one shows: %s', async (_, keys) => {
    const live = Promise.withResolvers<string[]>();
    const events = await runScripted({
      scripts,
      settings: { finalAnswer: 'present' },
      onStart: (handle) =>
        void lastScreen(
          {
            ...handle,
            id: 'r',
            dir: '/r',
            subscribe: (l) => handle.subscribe(l),
            send: () => undefined,
            ended: handle.ended,
          },
          keys,
        ).then(live.resolve, live.reject),
    });
    const replay = createReplay({ events, dir: '/r', clock: createFakeClock(), speed: Infinity });
    expect(withoutPlayer(await lastScreen(replay, keys))).toEqual(withoutPlayer(await live.promise));
  });
});
