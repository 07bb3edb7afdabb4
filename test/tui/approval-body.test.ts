import { expect, it } from 'vitest';
import { askWorld, requested } from './asking-run.ts';

it('says of a call without arguments that it has none, not that nothing is to be read word for word', async () => {
  const world = await askWorld({ cols: 160, rows: 40 });
  world.handle.emit(requested({ tool: 'mcp__db__vacuum', action: 'mcp__db__vacuum', target: '', detail: '{}' }));
  expect([world.text().includes('mcp__db__vacuum'), world.text().includes('mcp__db__vacuum:')]).toEqual([true, false]);
  world.keys('a');
  expect([world.text().includes('without arguments'), world.text().includes('word for word')]).toEqual([true, false]);
});
