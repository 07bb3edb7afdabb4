import { expect, onTestFinished, test } from 'vitest';
import { testDesk } from './agent-desk.ts';

test('many files are searched with one pattern, and the thread that does it gathers no listeners', async () => {
  const { call, put } = await testDesk();
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  for (let index = 0; index < 15; index += 1) await put(`${index}.txt`, `line ${index}\n`);
  const { output } = await call('search_files', { text: '^line \\d+$', regex: true });
  expect([output.split('\n').length, warnings]).toEqual([15, []]);
});
