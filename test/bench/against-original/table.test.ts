import { expect, it } from 'vitest';
import type { Measured } from './side.ts';
import { comparisonTable } from './table.ts';

const BASE: Measured = {
  firstTokenMs: 1000,
  answerMs: 2000,
  beyondModelMs: 500,
  cpuSeconds: 1,
  peakMb: 100,
  requests: 4,
  promptBytes: 5000,
  terminalBytes: 20_000,
};

it('sets medians side by side, and names each row where we are behind, with the reason', () => {
  const original = { ...BASE, firstTokenMs: 20_000, peakMb: 50 };
  const ours = [BASE, { ...BASE, firstTokenMs: 9000 }, BASE];
  expect(comparisonTable([{ agents: 1, ours, original: [original] }]).split('\n')).toEqual([
    '## One agent',
    '',
    '| | this | original | factor |',
    '| --- | --- | --- | --- |',
    '| first token on screen | 1.00 s | 20.00 s | 20× |',
    '| answer on screen | 2.00 s | 2.00 s | 1.0× |',
    '| of it beyond the model’s own time | 0.50 s | 0.50 s | 1.0× |',
    '| processor time | 1.00 s | 1.00 s | 1.0× |',
    '| peak memory | 100 MB | 50 MB | 0.5× |',
    '| model requests | 4 | 4 | 1.0× |',
    '| prompt tokens, about | 1250 | 1250 | 1.0× |',
    '| bytes to the terminal | 20 kB | 20 kB | 1.0× |',
    '',
    '## Where we are not ahead',
    '',
    '- One agent, peak memory: Node.js keeps memory until it needs it.',
    '',
  ]);
});

it('says so where we are ahead or equal everywhere', () => {
  expect(comparisonTable([{ agents: 3, ours: [BASE], original: [BASE] }])).toContain('ahead, or equal, in every row');
});
