import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command } from '../../../src/events/run-handle.ts';
import { keepAnswerFiles } from '../../../src/headless/steer/answer-files.ts';
import { keepInbox, openInbox } from '../../../src/headless/steer/inbox.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';
import { started, toldRun } from '../told-run.ts';

const clock = createRealClock();

test('a run whose folder takes no files is told of, and goes on', async () => {
  const dir = join(await temporaryFolder(), 'not-there');
  const run = toldRun(dir);
  const problems: string[] = [];
  const kept = keepAnswerFiles(run.handle, {
    clock,
    timeoutMs: 1_000,
    onProblem: (problem) => void problems.push(problem),
  });
  run.tell(started);
  run.end();
  await kept;
  expect(problems).toEqual([
    `The files of what agents ask could not be kept in ${dir} (ENOENT); what waits is declined when its time is over.`,
  ]);
});

test('runs that share an inbox take each of its files once, and none of them gives up', async () => {
  const dir = await openInbox(join(await temporaryFolder(), 'in'));
  const names = Array.from({ length: 60 }, (_, index) => `${String(index).padStart(2, '0')}.json`);
  for (const name of names) await writeFile(join(dir, name), JSON.stringify({ text: name }));
  const problems: string[] = [];
  const taken: Command[] = [];
  const all = Promise.withResolvers<void>();
  const runs = Array.from({ length: 3 }, () => toldRun());
  const kept = runs.map(({ handle }) => {
    const send = (command: Command): void => {
      taken.push(command);
      if (taken.length === names.length) all.resolve();
    };
    const onProblem = (problem: string): void => void problems.push(problem);
    return keepInbox({ ...handle, send }, { dir, clock, onProblem });
  });
  for (const run of runs) run.tell(started);
  await all.promise;
  for (const run of runs) run.end();
  await Promise.all(kept);
  expect(problems).toEqual([]);
  const texts = taken.flatMap((command) => (command.type === 'message' ? [command.text] : []));
  expect(texts.toSorted()).toEqual(names);
  expect(await readdir(dir)).toEqual(['done', 'rejected']);
});
