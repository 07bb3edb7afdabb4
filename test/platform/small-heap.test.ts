import { execFileSync } from 'node:child_process';
import type * as V8 from 'node:v8';
import { expect, test, vi } from 'vitest';
import { keepHeapSmall } from '../../src/platform/small-heap.ts';

const flags = vi.hoisted((): string[] => []);
vi.mock('node:v8', async (original) => ({
  ...(await original<typeof V8>()),
  setFlagsFromString: (flag: string) => void flags.push(flag),
}));

const MODULE = new URL('../../src/platform/small-heap.ts', import.meta.url).href;

/** Megabytes of the space for new objects after much that lives for a while. */
const GARBAGE = `
const kept = [];
const round = (n) => {
  for (let i = 0; i < 10_000; i++) kept.push({ i });
  if (kept.length > 400_000) kept.length = 0;
  if (n > 0) return setImmediate(round, n - 1);
  const { space_size } = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  console.log(space_size / 1_048_576);
  process.exit();
};
`;

function newSpaceMb(begin: string): number {
  const code = `import v8 from 'node:v8';\n${begin}\n${GARBAGE}\nround(600);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
}

/** Looks after every round, so that no growth is missed. */
const KEPT_SMALL = `import { keepHeapSmall } from ${JSON.stringify(MODULE)};
keepHeapSmall({ after: (_, call) => { setImmediate(call); } }, () => 0);`;

test('keeps the space for new objects from growing to many times its size', () => {
  const free = newSpaceMb('');
  const bound = newSpaceMb(KEPT_SMALL);
  expect(free).toBeGreaterThan(30);
  expect(bound).toBeLessThanOrEqual(20);
});

test('gives more memory back while the process is large, and no longer', () => {
  let residentMb = 100;
  const due: (() => void)[] = [];
  const after = (_: number, call: () => void): (() => void) => {
    due.push(call);
    return () => undefined;
  };
  flags.length = 0;
  keepHeapSmall({ after }, () => residentMb * 1_048_576);
  const told = [100, 127, 129, 125, 121, 119, 125, 129].map((megabytes) => {
    residentMb = megabytes;
    for (const call of due.splice(0)) call();
    return [megabytes, flags.splice(0).find((flag) => flag.endsWith('optimize-for-size')) ?? ''];
  });
  expect(told).toEqual([
    [100, ''],
    [127, ''],
    [129, '--optimize-for-size'],
    [125, ''],
    [121, ''],
    [119, '--no-optimize-for-size'],
    [125, ''],
    [129, '--optimize-for-size'],
  ]);
});
