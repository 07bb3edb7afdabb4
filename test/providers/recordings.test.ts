import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { ModelEvent } from '../../src/providers/provider.ts';
import { collect } from './backend.ts';
import { readExpected, observe, type Recording } from './recording-expectations.ts';
import {
  hasRecordings,
  readRecordings,
  RECORDINGS_DIR,
  replayBackend,
  startReplay,
  type ReplayServer,
} from './replay-server.ts';

const recordings = readRecordings();
if (!hasRecordings) console.log('Recorded provider streams are absent: the conformance tests are skipped.');

let server: ReplayServer;

async function play(recording: Recording, options = ''): Promise<ModelEvent[]> {
  const backend = replayBackend(server, recording.api, recording.stem + options);
  return collect(await createProvider(backend, { clock: createRealClock() }));
}

/** Where a stream must be cut so that its terminal event is missing or broken. */
function placesBeforeEnd(body: Buffer): { inEvent: number; betweenEvents: number } {
  const text = body.toString('latin1');
  const mark =
    /"finish_reason": ?"|"finishReason": ?"|"type": ?"response\.(?:completed|incomplete)"|"type": ?"message_stop"/;
  const inEvent = mark.exec(text)?.index ?? 0;
  const before = text.slice(0, inEvent);
  const lf = before.lastIndexOf('\n\n');
  const crlf = before.lastIndexOf('\r\n\r\n');
  return { inEvent, betweenEvents: Math.max(lf < 0 ? 0 : lf + 2, crlf < 0 ? 0 : crlf + 4) };
}

const streams = recordings.filter((r) => r.kind === 'stream' || r.stem === 'json-gem-model-armor');
const errors = recordings.filter((r) => r.kind === 'error');

describe.runIf(hasRecordings)('recorded streams (skipped where the recordings are absent)', () => {
  beforeAll(async () => {
    server = await startReplay();
  });
  afterAll(async () => server.close());

  const WAYS = ['', '~split=utf8', '~split=r1', '~split=all~eol=crlf', '~split=r7~eol=cr', '~bom=1', '~comments=1'];
  for (const way of WAYS) {
    test.each(streams.map((r) => [r.stem, r] as const))(
      `%s means the same${way === '' ? '' : ` with ${way}`}`,
      async (_stem, recording) => {
        expect(observe(await play(recording, way))).toEqual(readExpected(recording));
      },
    );
  }

  test.each(errors.map((r) => [r.stem, r] as const))("%s fails in the server's words", async (_stem, recording) => {
    const events = await play(recording);
    expect(events).toHaveLength(1);
    const [end] = events;
    const error = recording.expected.error as { message?: string; detail?: string };
    expect(end).toMatchObject({
      type: 'failed',
      error: { status: recording.expected.http_status, message: error.message ?? error.detail },
    });
  });

  const whole = streams.filter((r) => r.kind === 'stream' && r.expected.error === undefined);

  test.each(whole.map((r) => [r.stem, r] as const))('%s fails when its end is missing', async (_stem, recording) => {
    const { inEvent, betweenEvents } = placesBeforeEnd(readFileSync(join(RECORDINGS_DIR, recording.file)));
    const ways = [`~trunc=${inEvent}`, `~cut=${inEvent}`, ...(betweenEvents > 0 ? [`~trunc=${betweenEvents}`] : [])];
    for (const way of ways) {
      const events = await play(recording, way);
      const ends = events.filter((event) => event.type === 'finished' || event.type === 'failed');
      expect(ends).toEqual([events.at(-1)]);
      expect(ends[0]).toMatchObject({
        type: 'failed',
        error: { kind: way.startsWith('~cut') ? 'network' : 'protocol' },
      });
    }
  });

  test.each(whole.map((r) => [r.stem, r] as const))(
    '%s fails when the server reports an error in the middle',
    async (_stem, recording) => {
      const events = await play(recording, '~error=50pb');
      expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'overloaded' } });
    },
  );
});
