import { expect, test } from 'vitest';
import { CappedOutput } from '../../src/workspace/commands/capped-output.ts';

const HALF = 512 * 1024;

test.each([1, 7, 100_000])('of a long output in pieces of %s bytes the beginning and the end are kept', (size) => {
  const output = new CappedOutput();
  const text = Buffer.from(`begin${'-'.repeat(3 * HALF)}end`);
  for (let at = 0; at < text.length; at += size) output.add(text.subarray(at, at + size));
  const [, head = '', dropped = '', tail = ''] =
    /^(.*)\n\[… (\d+) bytes left out …\]\n(.*)$/s.exec(output.text()) ?? [];
  expect([head.startsWith('begin'), head.length]).toEqual([true, HALF]);
  expect([tail.endsWith('end'), tail.length]).toEqual([true, HALF]);
  expect(head.length + Number(dropped) + tail.length).toBe(text.length);
});

test('what is written byte by byte takes little more memory than what is kept', () => {
  const output = new CappedOutput();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 2 * HALF; i += 1) output.add(Buffer.from('x'));
  expect((process.memoryUsage().heapUsed - before) / 1024 ** 2).toBeLessThan(60);
});

test.each([1, 7, 100_000, 2 * HALF])('of %s bytes at a time not one is lost up to a megabyte', (size) => {
  const output = new CappedOutput();
  const text = Buffer.from(`${'ä'.repeat(HALF - 1)}.`);
  for (let at = 0; at < text.length; at += size) output.add(text.subarray(at, at + size));
  expect(output.text() === text.toString()).toBe(true);
});

test('a short output is kept as it is', () => {
  const output = new CappedOutput();
  output.add(Buffer.from('a'));
  output.add(Buffer.from('b'));
  expect(output.text()).toBe('ab');
});
