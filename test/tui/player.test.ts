import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { createReplay, type Replay } from '../../src/sessions/replay.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { placesOf, buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

interface Shown {
  app: App;
  replay: Replay;
  clock: FakeClock;
  log: string[];
  keys(...keys: string[]): void;
  text(): string;
  /** The row of the replay. */
  row(): string;
}

/** A replay on the screen, paused at an event. */
async function shown({
  from = 1,
  speed = 1,
  isOnly = true,
  size = [100, 30] as const,
  events = scriptedRun({ agents: 3 }),
}: {
  from?: number;
  speed?: number;
  isOnly?: boolean;
  size?: readonly [number, number];
  events?: RunEvent[];
} = {}): Promise<Shown> {
  const clock = createFakeClock();
  const log: string[] = [];
  const replay = createReplay({ events, dir: '/r', clock, speed, from });
  const [cols, rows] = size;
  const team = { name: 'four models', agents: [] };
  const app = new App(
    createModel({ cols, rows, now: clock.now(), ascii: false, team, teams: [] }),
    {
      clock,
      requestFrame: () => undefined,
      start: async () => replay,
      isReplay: isOnly,
      toggleTheme: () => undefined,
      redraw: () => undefined,
      suspend: () => undefined,
      leave: (reason) => log.push(reason),
    },
    'What?',
  );
  app.begin();
  for (let i = 0; i < 10; i++) await Promise.resolve();
  const text = (): string => frameText(buildFrame({ ...app.model, now: clock.now() })).join('\n');
  return {
    app,
    replay,
    clock,
    log,
    keys: (...list) => {
      for (const key of list) app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
    },
    text,
    row: () => text().split('\n')[placesOf(app.model).player ?? 0]?.trim() ?? '',
  };
}

const seqOf = (events: readonly RunEvent[], type: RunEvent['type'], after = 0): number =>
  events.find((event) => event.type === type && event.seq > after)?.seq ?? 0;

/** A run with thousands of pieces of text in its middle. */
function longRun(): RunEvent[] {
  const script = scriptedRun({ agents: 3 });
  const at = script.findIndex(({ type }) => type === 'text.appended');
  const text = script[at];
  const middle = Array.from({ length: 5000 }, () => text).filter((event) => event !== undefined);
  return [...script.slice(0, at), ...middle, ...script.slice(at)].map((event, i) => ({ ...event, seq: i + 1 }));
}

describe('a replay of a long run', () => {
  /** Lets one part of what is folded pass. */
  const pass = async (w: Shown, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) {
      w.clock.advance(0);
      for (let j = 0; j < 20; j++) await Promise.resolve();
    }
  };
  const click = (w: Shown, x: number): void =>
    w.app.handle({ kind: 'mouse', action: 'press', x, y: placesOf(w.app.model).player ?? 0 });

  it('is on its way to a far place while keys are heard, and shows it then', async () => {
    const w = await shown({ events: longRun() });
    w.keys('space');
    click(w, 98);
    await pass(w);
    w.keys('?');
    expect([w.replay.at < 100, w.app.model.isHelpOpen]).toEqual([true, true]);
    await pass(w, 15);
    expect([w.replay.isOver, w.app.model.run?.state?.seq, w.app.model.run?.state?.end?.outcome]).toEqual([
      true,
      w.replay.events.length,
      'answered',
    ]);
    w.keys('escape', ',');
    await pass(w, 15);
    expect([w.replay.at, w.app.model.run?.state?.seq]).toEqual([
      w.replay.events.length - 1,
      w.replay.events.length - 1,
    ]);
  });

  it('goes from where it is on the way to', async () => {
    const w = await shown({ events: longRun() });
    w.keys('space', '}', '}');
    await pass(w, 30);
    const first = seqOf(w.replay.events, 'answer.submitted');
    expect(w.replay.at).toBe(seqOf(w.replay.events, 'answer.submitted', first));
  });

  it('has as much of it on the timeline as is folded, and all of it soon', async () => {
    const w = await shown({ events: longRun() });
    w.keys('space', 'T', 'G');
    expect(w.text()).not.toContain('END');
    await pass(w, 15);
    w.keys('G');
    expect(w.text()).toContain('END');
  });

  it('begins far in it once what was before is folded', async () => {
    const w = await shown({ events: longRun(), from: 4000 });
    expect(w.app.model.run).toBe(null);
    await pass(w, 15);
    expect([w.replay.at >= 3999, w.app.model.run?.state?.seq]).toEqual([true, w.replay.at]);
  });
});

describe('a replay on the screen', () => {
  it('tells whether it plays, how fast, where it is and how much there is', async () => {
    const w = await shown({ from: 20 });
    const total = w.replay.events.length;
    expect(w.row()).toMatch(
      new RegExp(`^▸ plays  1x    00:\\d\\d of 0\\d:\\d\\d  event +${w.replay.at} of ${total}  [─AV█]+$`),
    );
    w.keys('space');
    expect(w.row()).toMatch(/^│ paused /);
    const at = w.replay.at;
    w.clock.advance(60_000);
    expect(w.replay.at).toBe(at);
    w.keys('space');
    w.clock.advance(600_000);
    expect([w.replay.isOver, w.row().startsWith('■ end')]).toEqual([true, true]);
  });

  it('shows after steps back what it showed on the way there', async () => {
    const w = await shown({ from: 30 });
    w.keys(',');
    const frames: string[] = [];
    for (let i = 0; i < 12; i++) {
      frames.push(w.text());
      w.keys('.');
    }
    for (const frame of frames.toReversed()) {
      w.keys(',');
      expect(w.text()).toBe(frame);
    }
  });

  it('goes from one answer or vote to the next one and back', async () => {
    const w = await shown({ from: 2 });
    w.keys('space', '}');
    const first = seqOf(w.replay.events, 'answer.submitted');
    expect(w.replay.at).toBe(first);
    w.keys('}');
    expect(w.replay.at).toBe(seqOf(w.replay.events, 'answer.submitted', first));
    w.keys('{');
    expect([w.replay.at, w.app.model.run?.state?.seq, w.replay.isPaused]).toEqual([first, first, true]);
  });

  it('scrubs along its time, and stays where it is at both ends', async () => {
    const w = await shown({ from: 30 });
    w.keys('space', 'right', 'right');
    const at = w.replay.at;
    expect(at).toBeGreaterThan(30);
    w.keys('left');
    expect(w.replay.at).toBeLessThan(at);
    for (let i = 0; i < 60; i++) w.keys('left');
    expect([w.replay.at, w.app.model.message?.text]).toEqual([1, 'This is the beginning.']);
    for (let i = 0; i < 60; i++) w.keys('right');
    expect([w.replay.isOver, w.app.model.message?.text]).toEqual([true, 'This is the end.']);
  });

  it('plays again from the beginning, at the speed that was chosen', async () => {
    const w = await shown({ speed: Infinity });
    expect([w.replay.isOver, w.app.model.view]).toEqual([true, 'final']);
    w.keys('P', ']', ']');
    expect([w.replay.isOver, w.replay.speed, w.replay.isPaused]).toEqual([false, 4, false]);
    const { at } = w.replay;
    w.clock.advance(2000);
    expect(w.replay.at).toBeGreaterThan(at);
    w.keys('[');
    expect(w.replay.speed).toBe(2);
  });

  it('jumps to the moment that is picked in the timeline, and shows what is still to come', async () => {
    const w = await shown({ from: 40 });
    w.keys('space', 'T', 'g');
    const lines = w.text();
    expect(lines).toContain('END');
    w.keys(...Array.from({ length: 6 }, () => 'j'), 'enter');
    const { run } = w.app.model;
    expect([w.app.model.view, w.replay.at < 40, run?.state?.seq]).toEqual(['panes', true, w.replay.at]);
  });

  it('moves to where its line of time is clicked', async () => {
    const w = await shown({ from: 2 });
    w.keys('space');
    const y = placesOf(w.app.model).player ?? 0;
    w.app.handle({ kind: 'mouse', action: 'press', button: 'left', x: 98, y } as never);
    expect(w.replay.isOver).toBe(true);
  });

  it('refuses what is for a run that is going on, and says so', async () => {
    const w = await shown({ speed: Infinity });
    for (const [view, key] of [
      ['N', 'v'],
      ['', 'x'],
      ['', 'w'],
      ['', '@'],
      ['', 'M'],
    ] as const) {
      w.keys(...(view === '' ? [] : [view]), key);
      expect([key, w.app.model.message?.text, w.app.model.prompt]).toEqual([
        key,
        'This is a replay: nothing of it can be changed.',
        null,
      ]);
    }
    expect(w.text()).not.toContain('asks the next question');
  });

  it('lets the next question be asked where an earlier run was opened in the app', async () => {
    const w = await shown({ speed: Infinity, isOnly: false });
    expect(w.text()).toContain('i asks the next question');
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
    [40, 10],
  ] as const)('fits on %ix%i', async (cols, rows) => {
    const w = await shown({ from: 60, size: [cols, rows] });
    w.keys('space');
    for (const view of ['', 'T']) {
      w.keys(...(view === '' ? [] : [view]));
      await expect(`${w.text()}\n`).toMatchFileSnapshot(`golden/replay${view}-${cols}x${rows}.txt`);
    }
  });
});
