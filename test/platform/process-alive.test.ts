import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isProcessAlive } from '../../src/platform/process-alive.ts';

test('this process is alive', () => {
  expect(isProcessAlive(process.pid)).toBe(true);
});

test('one that ended is not', () => {
  expect(isProcessAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
});

test('a number that no process can have is not', () => {
  expect(isProcessAlive(999_999_999)).toBe(false);
});
