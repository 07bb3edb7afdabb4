import { expect, test } from 'vitest';
import { NO_USAGE } from '../../src/events/usage.ts';
import { costOf } from '../../src/providers/cost-of-end.ts';
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
  expect([paid, free, unknown].map((provider) => costOf(finished(null), provider, {}))).toEqual([null, 0, null]);
});

test('tokens that were told have their price, and what the provider itself says comes first', () => {
  const usage = { ...NO_USAGE, input: 2_000_000 };
  expect(costOf(finished(told, { usage }), paid, {})).toBe(2);
  expect(costOf(finished(null, { costUsd: 0.5 }), paid, {})).toBe(0.5);
});

test('a request that failed before it was counted costs nothing', () => {
  const error = { kind: 'auth', message: 'No.' } as const;
  const end: ModelEnd = { type: 'failed', error, usage: NO_USAGE, sent: { stopReason: null, usage: null } };
  expect(costOf(end, paid, {})).toBe(0);
});
