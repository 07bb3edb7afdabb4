import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { printJsonLines } from '../../src/headless/json-lines.ts';
import { everyDraft } from '../runlog/every-draft.ts';
import { sink, started, STORY, toldRun } from './told-run.ts';

test('every event is one line of JSON', async () => {
  const run = toldRun();
  const stdout = sink();
  const printing = printJsonLines(run.handle, { stdout });
  run.tell(...STORY);
  run.end();
  const state = await printing;
  expect(stdout.text.endsWith('\n')).toBe(true);
  expect(
    stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(run.events);
  expect(state?.end?.outcome).toBe('answered');
});

test('lines are safe to show in a terminal and lose nothing by it', async () => {
  const run = toldRun();
  const stdout = sink();
  const hostile = '\u001b[2J \u009b2J \u007f \u202e \u2028 \ud83c 🎉';
  run.tell(started, ...everyDraft(hostile).filter(({ type }) => type !== 'run.started'));
  run.end();
  await printJsonLines(run.handle, { stdout });
  expect(stdout.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
  expect(
    stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(run.events);
});

test('a reader that goes away cancels the run, and the printing ends with it', async () => {
  const run = toldRun();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const printing = printJsonLines(run.handle, { stdout });
  run.tell(started);
  await new Promise((resolve) => setImmediate(resolve));
  expect(run.commands).toEqual([{ type: 'cancel', by: 'caller' }]);
  run.tell({ type: 'run.finished', data: { outcome: 'cancelled', reason: '' } });
  run.end();
  expect((await printing)?.end?.outcome).toBe('cancelled');
});

test('a reader that stays cancels nothing', async () => {
  const run = toldRun();
  run.tell(...STORY);
  run.end();
  await printJsonLines(run.handle, { stdout: sink() });
  expect(run.commands).toEqual([]);
});

test('events that could not be written are told, and where they are', async () => {
  const run = toldRun();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }));
    },
  });
  run.tell(...STORY);
  run.end();
  await expect(printJsonLines(run.handle, { stdout })).rejects.toThrow(
    'The output could not be written (ENOSPC); the events are in /runs/run-1/run.jsonl. Check where it was to go.',
  );
});
