import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createRealClock, type Clock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';

/** Real time that jumps to whatever is waited for, and remembers the waits. */
function createJumpingClock(): Clock & { waits: number[]; jump(ms: number): void } {
  let now = 5_000_000;
  const waits: number[] = [];
  return {
    ...createRealClock(),
    waits,
    jump: (ms) => void (now += ms),
    now: () => now,
    after: (ms, callback) => {
      let isLive = true;
      const at = now + ms;
      setImmediate(() => {
        if (!isLive) return;
        waits.push(ms);
        now = Math.max(now, at);
        callback();
      });
      return () => void (isLive = false);
    },
  };
}

const paced = (speed = Infinity, real: Clock = createJumpingClock(), startAt = 0): Clock =>
  createPacedClock({ startAt, speed, real });

/** Lets everything run that is ready to run. */
async function idle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs `work` as the engine runs a turn. */
async function turn(clock: Clock, work: () => Promise<void>): Promise<void> {
  const done = clock.busy();
  try {
    await work();
  } finally {
    done();
  }
}

describe('createPacedClock', () => {
  it('starts at the time it was given', () => {
    expect(paced(1, createJumpingClock(), 1234).now()).toBe(1234);
  });

  it.each([0, -1, NaN])('refuses speed %s', (speed) => {
    expect(() => paced(speed)).toThrow(RangeError);
  });

  it('moves to the due time of each sleep', async () => {
    const clock = paced(Infinity, createJumpingClock(), 100);
    await clock.sleep(40);
    expect(clock.now()).toBe(140);
    await clock.sleep(2.5);
    expect(clock.now()).toBe(142.5);
  });

  it('treats a negative or missing delay as none', async () => {
    const clock = paced();
    await clock.sleep(-5);
    await clock.sleep(NaN);
    expect(clock.now()).toBe(0);
  });

  it('wakes sleepers by due time, then by who came first', async () => {
    const clock = paced();
    const order: string[] = [];
    await Promise.all(
      [
        ['c', 30],
        ['a', 10],
        ['b1', 20],
        ['b2', 20],
      ].map(async ([name, ms]) => {
        await clock.sleep(ms as number);
        order.push(`${name as string}@${clock.now()}`);
      }),
    );
    expect(order).toEqual(['a@10', 'b1@20', 'b2@20', 'c@30']);
  });

  it('stands still while work is under way', async () => {
    const clock = paced();
    const done = clock.busy();
    let fired = false;
    clock.after(1, () => (fired = true));
    await idle();
    expect({ fired, now: clock.now() }).toEqual({ fired: false, now: 0 });
    done();
    await idle();
    expect({ fired, now: clock.now() }).toEqual({ fired: true, now: 1 });
  });

  it('does not let time slip between a release and the next piece of work', async () => {
    const clock = paced();
    const first = clock.busy();
    let fired = false;
    clock.after(1, () => (fired = true));
    first();
    const next = await Promise.resolve().then(() => Promise.resolve().then(() => clock.busy()));
    await idle();
    expect(fired).toBe(false);
    next();
    await idle();
    expect(fired).toBe(true);
  });

  it('counts a release once, however often it is called', async () => {
    const clock = paced();
    const one = clock.busy();
    const two = clock.busy();
    one();
    one();
    let fired = false;
    clock.after(1, () => (fired = true));
    await idle();
    expect(fired).toBe(false);
    two();
  });

  it('lets a turn sleep inside its busy section and holds time again when it wakes', async () => {
    const clock = paced();
    const seen: number[] = [];
    let finishWork: () => void = () => undefined;
    const work = new Promise<void>((resolve) => (finishWork = resolve));
    const running = turn(clock, async () => {
      await clock.sleep(10);
      seen.push(clock.now());
      await work;
      seen.push(clock.now());
    });
    clock.after(50, () => seen.push(clock.now()));
    await idle();
    expect(seen).toEqual([10]);
    finishWork();
    await running;
    await idle();
    expect(seen).toEqual([10, 10, 50]);
  });

  it('wakes one sleeper at a time: the next waits for the work of the one before', async () => {
    const clock = paced();
    const log: string[] = [];
    const worker = (name: string, ms: number) =>
      turn(clock, async () => {
        await clock.sleep(ms);
        log.push(`${name} begins`);
        for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
      });
    await Promise.all([worker('late', 11), worker('early', 10)]);
    expect(log).toEqual(['early begins', 'early ends', 'late begins', 'late ends']);
  });

  it('rejects an aborted sleep with the reason and takes the hold back', async () => {
    const clock = paced();
    const stop = new AbortController();
    const reason = new Error('stopped');
    const log: unknown[] = [];
    let finishWork: () => void = () => undefined;
    const work = new Promise<void>((resolve) => (finishWork = resolve));
    const running = turn(clock, async () => {
      await clock.sleep(1000, stop.signal).catch((error: unknown) => log.push(error));
      await work;
    });
    clock.after(10, () => stop.abort(reason));
    clock.after(20, () => log.push('later'));
    await idle();
    expect(log).toEqual([reason]);
    finishWork();
    await running;
    await idle();
    expect(log).toEqual([reason, 'later']);
    expect(clock.now()).toBe(20);
  });

  it('rejects at once when the signal was aborted before', async () => {
    const reason = new Error('too late');
    await expect(paced().sleep(5, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('leaves no listener behind on a signal whose sleeps ended', async () => {
    const clock = paced();
    const stop = new AbortController();
    const added = vi.spyOn(stop.signal, 'addEventListener');
    const removed = vi.spyOn(stop.signal, 'removeEventListener');
    await clock.sleep(5, stop.signal);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
    expect(added).toHaveBeenCalledTimes(1);
  });

  it('never calls a cancelled callback', async () => {
    const clock = paced();
    let fired = false;
    const cancel = clock.after(5, () => (fired = true));
    cancel();
    cancel();
    await clock.sleep(10);
    expect(fired).toBe(false);
  });

  it('never reaches an entry that has no finite time', async () => {
    const clock = paced();
    let fired = false;
    clock.after(Infinity, () => (fired = true));
    await idle();
    expect({ fired, now: clock.now() }).toEqual({ fired: false, now: 0 });
  });

  it('waits the virtual gap divided by the speed', async () => {
    const real = createJumpingClock();
    const clock = paced(4, real);
    await clock.sleep(100);
    await clock.sleep(20);
    expect(real.waits).toEqual([25, 5]);
  });

  it('does not wait at infinite speed', async () => {
    const real = createJumpingClock();
    await paced(Infinity, real).sleep(1e12);
    expect(real.waits).toEqual([]);
  });

  it('takes the time that work took off the next wait', async () => {
    const real = createJumpingClock();
    const clock = paced(1, real);
    await clock.sleep(100);
    real.jump(30);
    await clock.sleep(100);
    expect(real.waits).toEqual([100, 70]);
  });

  it('forgives a long standstill instead of rushing to make up for it', async () => {
    const real = createJumpingClock();
    const clock = paced(1, real);
    await clock.sleep(100);
    real.jump(60_000);
    await clock.sleep(50);
    await clock.sleep(300);
    expect(real.waits).toEqual([100, 200]);
  });

  it('does not wait longer than the gap when the system clock is set back', async () => {
    const real = createJumpingClock();
    const clock = paced(1, real);
    await clock.sleep(100);
    real.jump(-3_600_000);
    await clock.sleep(50);
    expect(real.waits[1]).toBe(50);
  });

  it('wakes an entry that is added during a wait and due earlier', async () => {
    const real = createJumpingClock();
    const clock = paced(1, real);
    const order: number[] = [];
    const late = clock.sleep(100).then(() => order.push(100));
    await new Promise((resolve) => setImmediate(resolve));
    const early = clock.sleep(10).then(() => order.push(10));
    await Promise.all([late, early]);
    expect(order).toEqual([10, 100]);
  });

  it('cuts waits into pieces that system timers can hold', async () => {
    const real = createJumpingClock();
    await paced(1, real).sleep(3 * 3_600_000);
    expect(real.waits).toEqual([3_600_000, 3_600_000, 3_600_000]);
  });
});

/** What one sleeper of a random program does: sleeps one after the other, each perhaps followed by real work. */
const programs = fc.array(
  fc.array(fc.record({ ms: fc.integer({ min: 0, max: 50 }), ticks: fc.integer({ min: 0, max: 2 }) }), { maxLength: 6 }),
  { minLength: 1, maxLength: 5 },
);

async function wakeUps(program: { ms: number; ticks: number }[][], speed: number): Promise<[number, number, number][]> {
  const clock = paced(speed);
  const log: [number, number, number][] = [];
  const start = clock.busy();
  const all = program.map((steps, who) =>
    turn(clock, async () => {
      for (const [step, { ms, ticks }] of steps.entries()) {
        await clock.sleep(ms);
        log.push([clock.now(), who, step]);
        for (let i = 0; i < ticks; i += 1) await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  start();
  await Promise.all(all);
  return log;
}

describe('any program of sleepers', () => {
  it('wakes in order of virtual time, the same at every speed', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const fast = await wakeUps(program, Infinity);
        expect(fast.map(([at]) => at)).toEqual(fast.map(([at]) => at).toSorted((a, b) => a - b));
        for (const [at, who, step] of fast) {
          expect(at).toBe(program[who]!.slice(0, step + 1).reduce((sum, { ms }) => sum + ms, 0));
        }
        expect(await wakeUps(program, 1)).toEqual(fast);
        expect(await wakeUps(program, 7.3)).toEqual(fast);
      }),
      { numRuns: 60 },
    );
  });
});
