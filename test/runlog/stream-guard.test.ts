import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { createRedactor, REDACTED } from '../../src/runlog/redact.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createStreamGuard } from '../../src/runlog/stream-guard.ts';
import { delta, freshLog } from './fresh-log.ts';

const SECRET = 'topsecretvalue';
const guarded = (): ReturnType<typeof createStreamGuard> => createStreamGuard(createRedactor({ secrets: [SECRET] }));
const reasoning = (text: string): EventDraft => ({ type: 'reasoning.appended', data: { request: 'r1', text } });
const failed: EventDraft = {
  type: 'request.failed',
  data: {
    turn: 't1',
    request: 'r1',
    error: { kind: 'network', message: 'gone' },
    usage: NO_USAGE,
    costUsd: null,
    retryInMs: null,
  },
};

test('a possible beginning of a secret waits for the next piece of the same call', () => {
  const guard = guarded();
  expect([delta('it is topsec'), delta('retvalue!')].map((draft) => guard.filter(draft))).toEqual([
    delta('it is '),
    delta(`${REDACTED}!`),
  ]);
});

test('what waited is not lost when the text goes on otherwise', () => {
  const guard = guarded();
  expect([delta('a topsec'), delta('tion')].map((draft) => guard.filter(draft))).toEqual([
    delta('a '),
    delta('topsection'),
  ]);
});

test('calls, and text and reasoning, do not mix', () => {
  const guard = guarded();
  const drafts = [delta('topsec', 'r1'), delta('retvalue', 'r2'), reasoning('retvalue'), delta('ret', 'r1')];
  expect(drafts.map((draft) => guard.filter(draft))).toEqual([
    delta('', 'r1'),
    delta('retvalue', 'r2'),
    reasoning('retvalue'),
    delta('', 'r1'),
  ]);
});

test('clean pieces are passed on as the same object', () => {
  const draft = delta('hello');
  expect(guarded().filter(draft)).toBe(draft);
});

test('release gives back what is held, as events of the agent, and holds nothing from then on', () => {
  const guard = guarded();
  guard.filter(delta('topsec'));
  guard.filter(reasoning('hm, tops'));
  const released = guard.release('r1');
  expect(released).toEqual([delta('topsec'), { ...reasoning('tops'), agent: 'agent1' }]);
  expect(released.map((draft) => guard.filter(draft))).toEqual(released);
  expect(guard.release('r1')).toEqual([]);
});

test('release of a call that streamed nothing is empty', () => {
  expect(guarded().release('r9')).toEqual([]);
});

test('the end of a call forgets what it held', () => {
  const guard = guarded();
  guard.filter(delta('topsec'));
  guard.filter(failed);
  expect(guard.filter(delta('retvalue'))).toEqual(delta('retvalue'));
});

test('a secret split at any place is not in the file, and with release no text is lost', async () => {
  for (let cut = 0; cut <= SECRET.length; cut += 1) {
    const log = await freshLog([SECRET]);
    const drafts = [delta(`so ${SECRET.slice(0, cut)}`), delta(`${SECRET.slice(cut)} and tops`)];
    for (const draft of drafts) log.append(draft);
    for (const draft of log.releaseHeld('r1')) log.append(draft);
    await log.append(failed).committed;
    const events = await readAll(log.dir);
    const text = events.map((event) => (event.type === 'text.appended' ? event.data.text : '')).join('');
    expect(text).toBe(`so ${cut < 4 ? SECRET.slice(0, cut) : ''}${REDACTED} and tops`);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  }
});
