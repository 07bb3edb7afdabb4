import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import type { WritableRunLog } from '../../src/runlog/event-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';

/** A folder that is gone after the test. */
export async function scratchFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'massgen-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A clock that moves only by hand; waiting is not what these tests are about. */
export function stillClock(at = 1_000): Clock & { set(ms: number): void } {
  let now = at;
  return {
    now: () => now,
    set: (ms) => (now = ms),
    sleep: () => Promise.reject(new Error('nobody sleeps here')),
    after: () => () => undefined,
    busy: () => () => undefined,
  };
}

export async function freshLog(secrets: string[] = []): Promise<WritableRunLog> {
  const log = await createRunLog({
    runsDir: await scratchFolder(),
    clock: stillClock(),
    redact: createRedactor({ secrets }),
    createId: () => 'run-1',
  });
  onTestFinished(() => log.close());
  return log;
}

export const cancelled: EventDraft = { type: 'run.cancelled', data: { by: 'user' } };

export function refused(message: string): EventDraft {
  return { type: 'call.refused', data: { turn: 't1', callId: null, name: null, code: 'no-call', message } };
}

export function delta(text: string, request = 'r1'): EventDraft {
  return { type: 'text.appended', data: { request, text }, agent: 'agent1' };
}
