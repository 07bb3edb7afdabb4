/**
 * The app on a terminal with a stream of tokens in the same process:
 * `node terminal-app.ts <agents> <tokens per second> <seconds> <plain|mixed> <normal|economy> <report file>`.
 * Tokens follow the wall clock: what a blocked loop holds up comes in one heap, none is left out.
 */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { runTui } from '../../src/tui/run-tui.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { earlierText, eventMaker, opening, textEvent, tokenAt, tokensDue } from './terminal-stream.ts';

const [agentsText = '16', rateText = '200', secondsText = '5', kind = 'plain', pace = 'normal', report = ''] =
  process.argv.slice(2);
const agents = Number(agentsText);
const rate = Number(rateText);
const windowMs = Number(secondsText) * 1000;
const WARM_UP_MS = 1000;
const SOURCE_MS = 10;

const frameMs: number[] = [];
/** The same without what other programs on the machine took away. */
const frameCpuMs: number[] = [];
const frameBytes: number[] = [];
const gaps: number[] = [];
let isMeasuring = false;
let hasShown = false;

// oxlint-disable-next-line typescript/unbound-method -- called with the surface that it belongs to, below
const show = Surface.prototype.show;
Surface.prototype.show = function (...args) {
  const frame = show.apply(this, args);
  hasShown = true;
  if (isMeasuring && frame !== '') frameBytes.push(Buffer.byteLength(frame));
  return frame;
};
const real = createRealClock();
/** Times every timer in which a picture was made: view, paint, comparison and the hand-over to the writer. */
const clock: Clock = {
  ...real,
  after: (ms, callback) =>
    real.after(ms, () => {
      hasShown = false;
      const startedAt = performance.now();
      const cpu = process.threadCpuUsage();
      callback();
      if (!hasShown || !isMeasuring) return;
      frameMs.push(performance.now() - startedAt);
      const { user, system } = process.threadCpuUsage(cpu);
      frameCpuMs.push((user + system) / 1000);
    }),
};

const handle: RunHandle = {
  id: 'bench',
  dir: process.cwd(),
  send: () => undefined,
  ended: new Promise(() => undefined),
  subscribe: (listener) => {
    begin(listener);
    return () => undefined;
  },
};
const infos = Array.from({ length: agents }, (_, i) => ({
  id: `model-${i + 1}`,
  model: `large-${i + 1}`,
  isModel: true,
}));
await runTui({
  stdin: process.stdin,
  stdout: process.stdout,
  env: process.env,
  clock,
  theme: 'dark',
  ascii: false,
  reducedMotion: false,
  ...(pace === 'economy' ? { economy: true } : {}),
  team: { name: 'bench', agents: infos },
  teams: [],
  question: rate > 0 ? 'a long question' : null,
  start: () => Promise.resolve(handle),
});

function begin(listener: (event: RunEvent) => void): void {
  const make = eventMaker(() => real.now());
  for (const draft of opening(agents)) listener(make(draft));
  for (let agent = 1; agent <= agents; agent++) listener(make(textEvent(agent, earlierText(agent))));
  const startedAt = performance.now();
  let sent = 0;
  let lastAt = startedAt;
  let cpu = process.cpuUsage();
  let measuredAt = startedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    if (isMeasuring) gaps.push(Math.max(0, now - lastAt - SOURCE_MS));
    lastAt = now;
    if (!isMeasuring && now - startedAt >= WARM_UP_MS) {
      isMeasuring = true;
      cpu = process.cpuUsage();
      measuredAt = now;
    }
    const due = tokensDue(now - startedAt, rate);
    for (; sent < due; sent++)
      for (let agent = 1; agent <= agents; agent++)
        listener(make(textEvent(agent, tokenAt(sent * 17 + agent, kind === 'mixed'))));
    if (now - startedAt < WARM_UP_MS + windowMs) return;
    clearInterval(timer);
    const used = process.cpuUsage(cpu);
    isMeasuring = false;
    const marks = infos.map((_, i) => `end${i + 1}of${sent}`);
    for (const [i, mark] of marks.entries()) listener(make(textEvent(i + 1, ` ${mark}`)));
    const seconds = (now - measuredAt) / 1000;
    const result = {
      cpuPercent: ((used.user + used.system) / 1e6 / seconds) * 100,
      seconds,
      tokens: sent * agents,
      frameMs,
      frameCpuMs,
      frameBytes,
      gaps,
      marks,
      rssMb: process.memoryUsage().rss / 1_048_576,
    };
    setTimeout(() => writeFileSync(report, JSON.stringify(result)), 500);
  }, SOURCE_MS);
}
