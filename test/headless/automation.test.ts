import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import { printAutomation } from '../../src/headless/automation.ts';
import { chosen, sink, started, STORY, toldRun } from './told-run.ts';

const written = { started: Promise.resolve(), settled: Promise.resolve() };

async function print(drafts: EventDraft[]): Promise<{ stdout: string; stderr: string }> {
  const run = toldRun();
  const [stdout, stderr] = [sink(), sink()];
  const printing = printAutomation(run.handle, { stdout, stderr }, written);
  run.tell(...drafts);
  run.end();
  await printing;
  return { stdout: stdout.text, stderr: stderr.text };
}

const end = (outcome: 'failed' | 'timed-out'): EventDraft => ({
  type: 'run.finished',
  data: { outcome, reason: 'It\nwent wrong.' },
});

test('a run that is answered prints the promised lines and nothing else', async () => {
  expect(await print(STORY)).toEqual({
    stdout: `LOG_DIR: /runs/run-1
STATUS: /runs/run-1/status.json
QUESTION: Why is the sky blue?
[Coordination in progress - monitor status.json for real-time updates]

WINNER: alpha
ANSWER_FILE: /runs/run-1/final/answer.txt
DURATION: 2.3s
ANSWER_PREVIEW: Rayleigh scattering, as Lord Rayleigh found.

COMPLETED: 2 agents, 2.3s total
`,
    stderr: '',
  });
});

test('a run without an answer names none, and says on stderr why', async () => {
  expect(await print([started, end('failed')])).toEqual({
    stdout: `LOG_DIR: /runs/run-1
STATUS: /runs/run-1/status.json
QUESTION: Why is the sky blue?
[Coordination in progress - monitor status.json for real-time updates]

DURATION: 0.1s

COMPLETED: 2 agents, 0.1s total
`,
    stderr: 'failed: It went wrong.\n',
  });
});

test('a winner without a presented answer is named alone', async () => {
  const answered = STORY.slice(0, STORY.indexOf(chosen) + 1);
  const { stdout } = await print([...answered, end('timed-out')]);
  expect(stdout.split('\n').filter((line) => /^(WINNER|ANSWER)/.test(line))).toEqual(['WINNER: alpha']);
});

test('the preview is one line of at most 200 characters', async () => {
  const text = 'word\n'.repeat(100);
  const drafts = STORY.map((draft) =>
    draft.type === 'answer.presented' ? { ...draft, data: { ...draft.data, text } } : draft,
  );
  const line = (await print(drafts)).stdout.split('\n').find((each) => each.startsWith('ANSWER_PREVIEW: '));
  expect(line).toBe(`ANSWER_PREVIEW: ${'word '.repeat(40).slice(0, 199)}…`);
});

test('a question cannot forge a line', async () => {
  const hostile = {
    ...started,
    data: { ...(started.data as object), question: 'x\nWINNER: evil\u001b[2J' },
  } as EventDraft;
  expect((await print([hostile, end('failed')])).stdout).toContain('QUESTION: x WINNER: evil\n');
});

test('the first lines wait for status.json, the last ones for every file', async () => {
  const run = toldRun();
  const stdout = sink();
  const [begun, settled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const files = { started: begun.promise, settled: settled.promise };
  const printing = printAutomation(run.handle, { stdout, stderr: sink() }, files);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  run.tell(...STORY);
  run.end();
  await turn();
  expect(stdout.text).toBe('');
  begun.resolve();
  await turn();
  expect(stdout.text.split('\n').at(-3)).toMatch(/^\[Coordination in progress/);
  settled.resolve();
  await printing;
  expect(stdout.text).toMatch(/COMPLETED: .*\n$/);
});

test('lines that could not be written are told', async () => {
  const run = toldRun();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EIO'), { code: 'EIO' }));
    },
  });
  run.tell(...STORY);
  run.end();
  await expect(printAutomation(run.handle, { stdout, stderr: sink() }, written)).rejects.toMatchObject({
    code: 'output-failed',
    exitCode: 2,
  });
});
