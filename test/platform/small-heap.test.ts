import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = new URL('../../src/platform/small-heap.ts', import.meta.url).href;

/** Megabytes of the space for new objects after much that lives for a while. */
const GARBAGE = `
const kept = [];
const round = (n) => {
  for (let i = 0; i < 100_000; i++) kept.push({ i });
  if (kept.length > 400_000) kept.length = 0;
  if (n > 0) return setTimeout(round, 1, n - 1);
  const { space_size } = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  console.log(space_size / 1_048_576);
  process.exit();
};
`;

function newSpaceMb(begin: string): number {
  const code = `import v8 from 'node:v8';\n${begin}\n${GARBAGE}\nsetTimeout(round, 200, 60);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
}

/** A process that says that it takes that many megabytes. */
function keptSmall(residentMb: number): string {
  const clock = '{ after: (ms, call) => { setTimeout(call, ms); } }';
  return `import { keepHeapSmall } from ${JSON.stringify(MODULE)};\nkeepHeapSmall(${clock}, () => ${residentMb} * 1_048_576);`;
}

test('keeps the space for new objects from growing to many times its size', () => {
  const free = newSpaceMb('');
  const bound = newSpaceMb(keptSmall(0));
  expect(free).toBeGreaterThan(30);
  expect(bound).toBeLessThanOrEqual(20);
});

test('gives more memory back while the process is large', () => {
  const small = newSpaceMb(keptSmall(100));
  expect(newSpaceMb(keptSmall(200))).toBeLessThan(small);
});
