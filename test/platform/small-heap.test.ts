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
  console.log(Math.round(space_size / 1_048_576));
};
`;

function newSpaceMb(begin: string): number {
  const code = `import v8 from 'node:v8';\n${begin}\n${GARBAGE}\nsetTimeout(round, 200, 60);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
}

test('keeps the space for new objects from growing to many times its size', () => {
  const free = newSpaceMb('');
  const bound = newSpaceMb(
    `import { keepHeapSmall } from ${JSON.stringify(MODULE)};\nkeepHeapSmall({ after: (ms, call) => { setTimeout(call, ms); } });`,
  );
  expect(free).toBeGreaterThan(30);
  expect(bound).toBeLessThanOrEqual(20);
});
