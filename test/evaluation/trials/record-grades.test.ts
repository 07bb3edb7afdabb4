import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldEvents } from '../../../src/coordination/apply.ts';
import type { EventOf } from '../../../src/events/event.ts';
import { evidenceOf, evidenceOfRun } from '../../../src/evaluation/learning/evidence-of.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { recordGrades } from '../../../src/evaluation/trials/record-grades.ts';
import { createTrialRunner } from '../../../src/evaluation/trials/run-trial.ts';
import type { TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';
import { linesFor } from '../../../src/headless/plain-lines.ts';
import { exportHtml } from '../../../src/headless/report/export-html.ts';
import { exportMarkdown } from '../../../src/headless/report/export-markdown.ts';
import { inspectText } from '../../../src/headless/report/inspect-text.ts';
import { readAll } from '../../../src/runlog/read-run-log.ts';
import { reportRun } from '../../../src/sessions/run-report.ts';
import { freshLog, stillClock } from '../../runlog/fresh-log.ts';
import { startLoopback } from '../../support/loopback-server.ts';
import { surroundingsIn } from './surroundings.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-grades-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SIGNAL = new AbortController().signal;
const KEY = 'the-right-answer';

const says = (text: string, choice: string): object[] => [
  { when: 'draft', answer: `Answer: ${text}`, repeat: true },
  { when: 'judge', vote: choice, repeat: true },
  { when: 'present', text: `Answer: ${text}`, repeat: true },
];

/** A trial of a team of two of which one is right; who wins is told by `choice`. */
async function graded(choice = 'first', turns?: object[]): Promise<{ trial: Trial; record: TrialRecord }> {
  const config = join(folder, 'team.json');
  const agents = ['ann', 'ben'].map((id) => ({
    id,
    backend: {
      type: 'scripted',
      model: `of-${id}`,
      script: { turns: turns ?? says(id === 'ann' ? KEY : 'no', choice) },
    },
  }));
  writeFileSync(config, JSON.stringify({ agents }));
  const item = { id: 'q', kind: 'riddles', question: 'Which?', check: { type: 'exact' as const, expected: [KEY] } };
  const trial: Trial = { key: 'k', team: { name: 'duo', config }, item, seed: 1 };
  return { trial, record: await createTrialRunner(surroundingsIn(folder))(trial, SIGNAL) };
}

async function gradesIn(dir: string): Promise<EventOf<'answer.graded'>['data'][]> {
  return (await readAll(dir)).flatMap((event) => (event.type === 'answer.graded' ? [event.data] : []));
}

const ours = { clock: stillClock(), isOurs: () => Promise.resolve(true) };

describe('the grades of a trial', () => {
  test('are events of its run, one for each answer and one for the presented one', async () => {
    const { record } = await graded();
    const about = { grader: 'exact', team: 'duo', kind: 'riddles' };
    const scores = record.answers.map(({ label, grade }) => ({ label, score: grade.isRight ? 1 : 0, ...about }));
    expect(await gradesIn(record.dir)).toEqual([
      { label: null, score: record.final?.isRight === true ? 1 : 0, ...about },
      ...scores,
    ]);
    expect(scores.map(({ score }) => score).toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  test('tell neither what would have been right nor why an answer is wrong', async () => {
    const { record } = await graded('first', says('no', 'first'));
    expect(record.final?.reason).toContain(KEY);
    expect(readFileSync(join(record.dir, 'run.jsonl'), 'utf8')).not.toContain(KEY);
  });

  test('are written once, and what a crash has left out is added', async () => {
    const { trial, record } = await graded();
    const whole = await gradesIn(record.dir);
    await recordGrades(trial, record, ours);
    expect(await gradesIn(record.dir)).toEqual(whole);
    const path = join(record.dir, 'run.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -2).join('\n')}\n`);
    await recordGrades(trial, record, ours);
    expect(await gradesIn(record.dir)).toEqual(whole);
  });

  test('of a second grader that says something else take the place of the first', async () => {
    const { trial, record } = await graded();
    await recordGrades(trial, { ...record, final: { isRight: false, reason: '' } }, ours);
    const grades = foldEvents(await readAll(record.dir))?.grades.filter(({ label }) => label === null);
    expect(grades?.map(({ score }) => score)).toEqual([0]);
  });

  test('leave the run over and as long as it was', async () => {
    const { record } = await graded();
    const events = await readAll(record.dir);
    const before = foldEvents(events.filter(({ type }) => type !== 'answer.graded'));
    const after = foldEvents(events);
    expect([after?.end, after?.updatedAt]).toEqual([before?.end, before?.updatedAt]);
  });

  test('are not written by a worker that lost the trial, and whoever has it is not cut off', async () => {
    const { trial, record } = await graded();
    const log = await freshLog();
    for (const event of await readAll(record.dir)) {
      if (event.type !== 'answer.graded') await log.append(event).committed;
    }
    const writing = recordGrades(trial, { ...record, dir: log.dir }, { ...ours, isOurs: () => Promise.resolve(false) });
    await expect(writing).rejects.toMatchObject({ code: 'trial-taken' });
    await log.append({ type: 'answer.rated', data: { label: 'agent1.1', rating: 'up' } }).committed;
    await log.close();
    expect(await gradesIn(log.dir)).toEqual([]);
  });

  test('that cannot be written any more are in the record all the same', async () => {
    const runsDir = join(folder, 'runs');
    const server = await startLoopback(({ body }) => {
      // The judge is asked when the run is over, and its folder goes away meanwhile.
      const isJudged = JSON.stringify(body).includes('Says why.');
      for (const run of isJudged ? readdirSync(runsDir) : []) {
        const path = join(runsDir, run, 'run.jsonl');
        if (!readFileSync(path, 'utf8').includes('Says why.')) rmSync(join(runsDir, run), { recursive: true });
      }
      return { text: isJudged ? '{"verdict": "right", "reason": "It does."}' : 'Because.' };
    });
    const config = join(folder, 'one.yaml');
    const backend = `{ type: chatcompletion, model: m, base_url: "${server.url}/v1", api_key: none }`;
    writeFileSync(config, `agents:\n  - { id: ann, backend: ${backend} }\n`);
    const item = { id: 'q', kind: 'k', question: 'Why?', check: { type: 'judge' as const, rubric: 'Says why.' } };
    const run = createTrialRunner({ ...surroundingsIn(folder), judge: config });
    const record = await run({ key: 'k', team: { name: 'one', config }, item, seed: 1 }, SIGNAL);
    await server.close();
    expect([existsSync(record.dir), record.final]).toEqual([false, { isRight: true, reason: 'It does.' }]);
  });

  test('are told by inspect, in exports and on plain lines', async () => {
    const { record } = await graded();
    const events = await readAll(record.dir);
    const report = reportRun(events);
    const state = foldEvents(events);
    if (!report || !state) throw new Error('the log is empty');
    const word = record.final?.isRight === true ? 'right' : 'wrong';
    const conversation = { session: null, runs: [report] };
    for (const text of [inspectText(report), exportMarkdown(conversation), exportHtml(conversation)])
      expect(text).toMatch(new RegExp(`Graded ${word} \\\\?\\(exact\\\\?\\)\\.`));
    expect(inspectText(report)).toMatch(/agent\d\.1 of ann \((winner, )?right\)/);
    const lines = events.flatMap((event) => (event.type === 'answer.graded' ? linesFor(event, state, '') : []));
    expect(lines[0]).toBe(`[run] the final answer graded ${word} (exact)`);
  });

  test('say to learning what the record says', async () => {
    const { record } = await graded();
    const state = foldEvents(await readAll(record.dir));
    if (!state) throw new Error('the log is empty');
    const found = evidenceOfRun(state, 'riddles');
    expect(found).toEqual(evidenceOf(record, state.updatedAt));
    expect(found.map(({ arm }) => arm).toSorted()).toEqual([
      'model:of-ann',
      'model:of-ben',
      'personas:none',
      'size:2',
      'team:duo',
    ]);
  });

  test('of a run without an answer say that it was wrong, and learning counts that once', async () => {
    const { record } = await graded('first', [{ fail: { kind: 'auth', message: 'No key.' }, repeat: true }]);
    const state = foldEvents(await readAll(record.dir));
    if (!state) throw new Error('the log is empty');
    expect(state.grades.map(({ label, score }) => [label, score])).toEqual([[null, 0]]);
    expect(evidenceOfRun(state, 'riddles')).toEqual(evidenceOf(record, state.updatedAt));
  });
});
