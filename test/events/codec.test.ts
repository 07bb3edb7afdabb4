import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, encodeEvent, EVENT_TYPES, isEventType } from '../../src/events/codec.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { everyDraft } from '../runlog/every-draft.ts';

const envelope = { v: 1, seq: 1, at: 5, run: 'r', attempt: 1, epoch: 1 } as const;
const event: RunEvent = { ...envelope, type: 'run.cancelled', data: { by: 'user' } };

const encode = (fields: object): string => JSON.stringify({ ...event, ...fields });

describe('encodeEvent', () => {
  test('writes one line, whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const draft of everyDraft(text)) {
          const line = encodeEvent({ ...envelope, ...draft } as RunEvent);
          expect(line.indexOf('\n')).toBe(line.length - 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is undone by decodeLine for every type', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const draft of everyDraft(text)) {
          const written = { ...envelope, agent: 'agent1', cause: 1, ...draft } as RunEvent;
          expect(decodeLine(encodeEvent(written))).toEqual({ ok: written });
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('decodeLine', () => {
  test('keeps an event of an unknown type as it is', () => {
    const line = encode({ type: 'moon.landed', data: { by: 'eagle' }, extra: 1 });
    expect(decodeLine(line)).toEqual({ unknown: { ...event, type: 'moon.landed', data: { by: 'eagle' }, extra: 1 } });
  });

  test('takes a type that every object has for unknown', () => {
    expect(decodeLine(encode({ type: 'constructor' }))).toHaveProperty('unknown');
  });

  test.each([
    ['', 'it is no JSON'],
    ['{"v":1', 'it is no JSON'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    [encode({ v: 2 }), 'its version is 2, and this program reads version 1'],
    [encode({ v: '1' }), '"v" is not 1'],
    [encode({ seq: 0 }), '"seq" is no positive integer'],
    [encode({ seq: 1.5 }), '"seq" is no positive integer'],
    [encode({ at: '5' }), '"at" is no number'],
    [encode({ run: '' }), '"run" is no text'],
    [encode({ attempt: null }), '"attempt" is no positive integer'],
    [encode({ epoch: -1 }), '"epoch" is no positive integer'],
    [encode({ agent: 7 }), '"agent" is no text'],
    [encode({ cause: 'x' }), '"cause" is no positive integer'],
    [encode({ type: 1 }), '"type" is no text'],
    [encode({ data: [] }), '"data" is no object'],
  ])('says what is wrong with %j', (line, error) => {
    expect(decodeLine(line)).toEqual({ error });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(() => decodeLine(line)).not.toThrow();
      }),
    );
  });
});

test('the list of types is that of the union', () => {
  expect(EVENT_TYPES.toSorted()).toEqual(
    everyDraft('')
      .map((draft) => draft.type)
      .toSorted(),
  );
  expect(EVENT_TYPES.every(isEventType)).toBe(true);
  expect(isEventType('toString')).toBe(false);
});
