import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT, MassgenError } from '../../src/platform/errors.ts';
import { createEventStream } from '../../src/server/event-stream.ts';
import { HttpRefusal, toRefusal } from '../../src/server/http-refusal.ts';
import { piecesOf } from '../../src/server/reply.ts';
import { RunPool } from '../../src/server/run-pool.ts';
import { createTokenCheck } from '../../src/server/token.ts';
import { createManualClock } from '../providers/manual-clock.ts';

describe('pieces of a text', () => {
  it('add up to it, and none cuts a character in two', () => {
    const text = fc.array(fc.constantFrom('a', '🙂', 'é', '\n', 'x'.repeat(399)), { maxLength: 30 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        const pieces = piecesOf(whole);
        expect([pieces.join(''), pieces.every((piece) => piece.isWellFormed() && piece !== '')]).toEqual([whole, true]);
      }),
    );
  });
});

describe('a token check', () => {
  it('lets only the token through, in either case of the scheme', () => {
    const check = createTokenCheck('secret-token');
    const passes = (header: string | undefined): boolean => {
      try {
        check(header);
        return true;
      } catch (error) {
        return !(error instanceof HttpRefusal && error.status === 401);
      }
    };
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(passes(`Bearer ${text}`)).toBe(text.trim() === 'secret-token');
      }),
    );
    const headers = ['Bearer secret-token', 'bearer  secret-token', 'secret-token', undefined, ''];
    expect(headers.map(passes)).toEqual([true, true, false, false, false]);
  });
});

describe('any error as a refusal', () => {
  it.each<[string, unknown, [number, string, string]]>([
    ['a wrong config', new MassgenError('cannot-start', 'No key.'), [400, 'cannot-start', 'No key.']],
    ['no log', new MassgenError('runs-folder', 'No.', { exitCode: EXIT.execution }), [500, 'runs-folder', 'No.']],
    ['a cancel', new MassgenError('cancelled', 'Gone.', { exitCode: EXIT.interrupted }), [503, 'cancelled', 'Gone.']],
    ['a refusal', new HttpRefusal(404, 'x', 'Y.'), [404, 'x', 'Y.']],
  ])('%s', (_, error, expected) => {
    const bugs: unknown[] = [];
    const { status, code, message } = toRefusal(error, (bug) => bugs.push(bug));
    expect([[status, code, message], bugs]).toEqual([expected, []]);
  });

  it('keeps a bug to itself and to its owner', () => {
    const bugs: unknown[] = [];
    const bug = new Error('with a secret path');
    const { status, message } = toRefusal(bug, (each) => bugs.push(each));
    expect([status, message.includes('secret'), bugs]).toEqual([500, false, [bug]]);
  });
});

describe('a run pool', () => {
  it('counts who is in, however often they leave', () => {
    const pool = new RunPool(2);
    const [first] = [pool.enter(), pool.enter()];
    expect(() => pool.enter()).toThrow(expect.objectContaining({ status: 429 }));
    first.leave();
    first.leave();
    expect(pool.running).toBe(1);
    pool.enter();
    expect(() => pool.enter()).toThrow(expect.objectContaining({ status: 429 }));
  });

  it('closes once the last one has left, and lets nobody in before', async () => {
    const pool = new RunPool(2);
    const slot = pool.enter();
    const closed = pool.close();
    expect(() => pool.enter()).toThrow(expect.objectContaining({ status: 503 }));
    expect(slot.signal.aborted).toBe(false);
    pool.cancelAll();
    expect(slot.signal.aborted).toBe(true);
    slot.leave();
    await closed;
    expect(pool.running).toBe(0);
  });
});

describe('an event stream', () => {
  it('breaks the silence of a long run with comments, and stops when it has ended', async () => {
    const clock = createManualClock();
    const stream = createEventStream(clock, () => undefined);
    const reader = stream.body.getReader();
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
    stream.write('data: 1\n\n');
    expect(await read()).toBe('data: 1\n\n');
    clock.advance(15_000);
    expect(await read()).toBe(': the run goes on\n\n');
    stream.end();
    clock.advance(60_000);
    stream.write('too late');
    stream.end();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  it('tells when its reader goes, once, and takes nothing after that', async () => {
    const gone: string[] = [];
    const stream = createEventStream(createManualClock(), () => gone.push('gone'));
    onTestFinished(() => stream.end());
    await stream.body.cancel();
    stream.write('data: 1\n\n');
    stream.end();
    expect(gone).toEqual(['gone']);
  });
});
