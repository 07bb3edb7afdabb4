import { expect, test } from 'vitest';
import { NO_USAGE } from '../../src/events/usage.ts';
import { billOf } from '../../src/providers/cost-of-end.ts';
import type { ModelEnd, SentEnd } from '../../src/providers/provider.ts';

const paid = { costUsd: ({ input }: { input: number }): number => input / 1_000_000 };
const free = { costUsd: (): number => 0 };
const unknown = { costUsd: (): null => null };
const told = { input: 1, output: 1, cached: null, cacheWrite: null, reasoning: null, total: null };

function finished(usage: SentEnd['usage'], part: Partial<ModelEnd> = {}): ModelEnd {
  const message = { role: 'assistant', text: 'Hi', calls: [] } as const;
  const end = { message: { ...message, calls: [] }, stopReason: 'end', usage: NO_USAGE } as const;
  return { type: 'finished', ...end, sent: { stopReason: 'stop', usage }, ...part } as ModelEnd;
}

test('a reply without a word about tokens costs nobody knows what, unless the model is free', () => {
  expect([paid, free, unknown].map((provider) => billOf(finished(null), provider, {}).costUsd)).toEqual([
    null,
    0,
    null,
  ]);
});

test('tokens that were told have their price, and what the provider itself says comes first', () => {
  const usage = { ...NO_USAGE, input: 2_000_000 };
  expect(billOf(finished(told, { usage }), paid, {})).toEqual({ costUsd: 2, isWhole: true });
  expect(billOf(finished(null, { costUsd: 0.5 }), paid, {})).toEqual({ costUsd: 0.5, isWhole: true });
});

test('a request that failed before it was counted costs nothing', () => {
  const error = { kind: 'auth', message: 'No.' } as const;
  const end: ModelEnd = { type: 'failed', error, usage: NO_USAGE, sent: { stopReason: null, usage: null } };
  expect(billOf(end, paid, {})).toEqual({ costUsd: 0, isWhole: true });
});

test('what was cut off costs nobody knows what, or at least what was counted before, unless the model is free', () => {
  const error = { kind: 'network', message: 'Cut.' } as const;
  const cut = (input: number): ModelEnd => {
    const usage = { ...NO_USAGE, input };
    return { type: 'failed', error, usage, sent: { stopReason: null, usage: input > 0 ? told : null }, isCut: true };
  };
  expect([0, 2_000_000].map((input) => [paid, free, unknown].map((each) => billOf(cut(input), each, {})))).toEqual([
    [
      { costUsd: null, isWhole: true },
      { costUsd: 0, isWhole: true },
      { costUsd: null, isWhole: true },
    ],
    [
      { costUsd: 2, isWhole: false },
      { costUsd: 0, isWhole: true },
      { costUsd: null, isWhole: true },
    ],
  ]);
  expect(billOf({ ...cut(0), costUsd: 0.5 }, paid, {})).toEqual({ costUsd: 0.5, isWhole: false });
});
