import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldEvents, isOver } from '../../src/coordination/apply.ts';
import type { EventDraft } from '../../src/events/event.ts';
import { inspectText } from '../../src/headless/report/inspect-text.ts';
import { exportHtml } from '../../src/headless/report/export-html.ts';
import { exportMarkdown } from '../../src/headless/report/export-markdown.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { rateAnswer } from '../../src/sessions/rate-answer.ts';
import { createReplay } from '../../src/sessions/replay.ts';
import { reportRun, type RunReport } from '../../src/sessions/run-report.ts';
import { freshLog, stillClock } from '../runlog/fresh-log.ts';
import { createFakeClock } from '../tui/fake-clock.ts';
import { wholeRun } from './told-events.ts';

const A_DAY_LATER = Date.UTC(2026, 0, 3);

/** The folder of a run with these events, whose writer is gone. */
async function written(drafts: readonly EventDraft[]): Promise<string> {
  const log = await freshLog();
  for (const draft of drafts) await log.append(draft).committed;
  await log.close();
  return log.dir;
}

function reportOf(events: Awaited<ReturnType<typeof readAll>>): RunReport {
  const report = reportRun(events);
  if (!report) throw new Error('the log is empty');
  return report;
}

describe('rating the answer of a run that has ended', () => {
  it('is written to its log, and the run stays over and as long as it was', async () => {
    const dir = await written(wholeRun());
    const before = foldEvents(await readAll(dir));
    const event = await rateAnswer(dir, 'up', stillClock(A_DAY_LATER));
    const events = await readAll(dir);
    const after = foldEvents(events);
    expect(event).toEqual(events.at(-1));
    expect(event).toMatchObject({ type: 'answer.rated', at: A_DAY_LATER, data: { rating: 'up' } });
    expect([after && isOver(after), after?.end, after?.updatedAt, after?.rating]).toEqual([
      true,
      before?.end,
      before?.updatedAt,
      'up',
    ]);
  });

  it('can be changed and taken back, and says nothing twice', async () => {
    const dir = await written(wholeRun());
    const clock = stillClock(A_DAY_LATER);
    const ratings = [];
    for (const rating of ['up', 'up', 'down', null] as const) {
      const event = await rateAnswer(dir, rating, clock);
      ratings.push(event ? foldEvents(await readAll(dir))?.rating : 'nothing written');
    }
    expect(ratings).toEqual(['up', 'nothing written', 'down', null]);
  });

  it('is shown by inspect and in exports', async () => {
    const dir = await written(wholeRun());
    await rateAnswer(dir, 'down', stillClock(A_DAY_LATER));
    const report = reportOf(await readAll(dir));
    const conversation = { session: null, runs: [report] };
    for (const text of [inspectText(report), exportMarkdown(conversation), exportHtml(conversation)])
      expect(text).toContain('Rated down by the user.');
    expect(report.rating).toBe('down');
  });

  it('is replayed without the time in between', async () => {
    const dir = await written(wholeRun());
    await rateAnswer(dir, 'up', stillClock(A_DAY_LATER));
    const events = await readAll(dir);
    const clock = createFakeClock();
    const replay = createReplay({ events, dir, clock, speed: 1 });
    const told: string[] = [];
    replay.subscribe(({ type }) => told.push(type));
    clock.advance(60_000);
    expect(told.at(-1)).toBe('answer.rated');
  });

  it('is refused while the run goes on, and its writer is not cut off', async () => {
    const log = await freshLog();
    for (const draft of wholeRun().slice(0, -1)) await log.append(draft).committed;
    const before = await readFile(join(log.dir, 'run.jsonl'), 'utf8');
    await expect(rateAnswer(log.dir, 'up', stillClock())).rejects.toThrow('has not ended');
    expect(await readFile(join(log.dir, 'run.jsonl'), 'utf8')).toBe(before);
    await log.append({ type: 'run.finished', data: { outcome: 'answered', reason: '' } }).committed;
  });

  it('is refused where there is no answer', async () => {
    const [first] = wholeRun();
    if (!first) throw new Error('the run is empty');
    const dir = await written([first, { type: 'run.finished', data: { outcome: 'failed', reason: 'no' } }]);
    await expect(rateAnswer(dir, 'up', stillClock())).rejects.toThrow('no answer');
  });
});
