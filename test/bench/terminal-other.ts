import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { tokenAt } from './terminal-stream.ts';

const SOURCE_MS = 10;
const FRAME_MS = 33;

/** Another way to draw the stream. */
export interface OtherScreen {
  /** A token of the agent with that index, from 0. */
  say(agent: number, token: string): void;
  draw(): void;
}

export interface OtherLoad {
  agents: number;
  /** Tokens per second and agent. */
  rate: number;
  seconds: number;
  /** The file that the figures are written to. */
  report: string;
}

/**
 * Gives a screen the same stream as ours and measures it, then writes the report. What its timer missed is lost, as in
 * the measurements of the study: real streams would queue up instead.
 */
export function measureOther({ agents, rate, seconds, report }: OtherLoad, screen: OtherScreen): void {
  const frameMs: number[] = [];
  const perTick = Math.round((SOURCE_MS * rate) / 1000);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let sent = 0;
  let frameAt = startedAt;
  const timer = setInterval(() => {
    for (let n = 0; n < perTick; n++, sent++)
      for (let agent = 0; agent < agents; agent++) screen.say(agent, tokenAt(sent * 17 + agent + 1, false));
    const now = performance.now();
    if (now - frameAt >= FRAME_MS) {
      frameAt = now;
      screen.draw();
      frameMs.push(performance.now() - now);
    }
    if (now - startedAt < seconds * 1000) return;
    clearInterval(timer);
    const used = process.cpuUsage(cpu);
    const took = (now - startedAt) / 1000;
    const cpuPercent = ((used.user + used.system) / 1e6 / took) * 100;
    writeFileSync(report, JSON.stringify({ cpuPercent, seconds: took, tokens: sent * agents, frameMs }));
  }, SOURCE_MS);
}
