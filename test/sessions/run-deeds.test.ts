import { describe, expect, it } from 'vitest';
import { exportHtml } from '../../src/headless/report/export-html.ts';
import { exportMarkdown } from '../../src/headless/report/export-markdown.ts';
import { inspectText } from '../../src/headless/report/inspect-text.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { reportRun } from '../../src/sessions/run-report.ts';
import { answered, eventsOf, finished, started, turn } from './told-events.ts';

const says = (request: string, text: string): EventDraft => ({ type: 'text.appended', data: { request, text } });
const begins = (agent: string, name: string, request: string): EventDraft[] => [
  { type: 'turn.started', agent, data: { turn: name, kind: 'draft', view: [] } },
  { type: 'request.started', agent, data: { turn: name, request, tools: [] } },
];

/** Ann has answered; Bob is in the middle of a word when the user, who has meddled in everything, has had enough. */
const MEDDLED: EventDraft[] = [
  started(),
  ...turn('agent1', 'a1', 'draft', ...answered('agent1', 'a1', 1, 'First of ann.')),
  ...begins('agent2', 'b1', 'b1.1'),
  says('b1.1', 'Bob begins '),
  { type: 'message.sent', data: { message: 'm1', to: ['agent1', 'agent2'], text: 'Be brief.' } },
  { type: 'message.delivered', agent: 'agent1', data: { turn: 'a1', message: 'm1' } },
  { type: 'answer.vetoed', data: { label: 'agent1.1', reason: 'Too <b>long</b>.' } },
  says('b1.1', 'and nev'),
  { type: 'vote.overridden', data: { label: 'agent1.1' } },
  { type: 'drafting.closed', data: { by: 'user' } },
  { type: 'run.cancelled', data: { by: 'signal' } },
  finished('agent2', 'b1', 'aborted'),
  { type: 'run.finished', data: { outcome: 'cancelled', reason: 'The run was cancelled.' } },
];

function reportOf(events: readonly RunEvent[]) {
  const report = reportRun(events);
  if (!report) throw new Error('no report');
  return report;
}

describe('the report of a run that the user meddled in', () => {
  it('says who did what to it, and when', () => {
    expect(reportOf(eventsOf(...MEDDLED)).deeds).toEqual([
      { atMs: 8000, by: 'user', what: 'message', text: 'tells ann, bob (not delivered to bob): Be brief.' },
      { atMs: 10_000, by: 'user', what: 'veto', text: 'vetoes agent1.1 of ann: Too <b>long</b>.' },
      { atMs: 12_000, by: 'user', what: 'override', text: 'chooses agent1.1 of ann as the winner' },
      { atMs: 13_000, by: 'user', what: 'answer-now', text: 'wants the answer now' },
      { atMs: 14_000, by: 'signal', what: 'cancel', text: 'cancels the run' },
    ]);
  });

  it('keeps what was said when it was stopped, marked as not complete', () => {
    const report = reportOf(eventsOf(...MEDDLED));
    expect(report.unfinished).toEqual([
      { alias: 'agent2', id: 'bob', kind: 'draft', startMs: 5000, text: 'Bob begins and nev' },
    ]);
    const mark = 'cut off: the text is not complete';
    const conversation = { session: null, runs: [report] };
    expect(inspectText(report)).toContain(`Not finished\n  bob (draft), ${mark}\n    Bob begins and nev\n`);
    expect(exportMarkdown(conversation)).toContain(`#### bob (draft), ${mark}\n\n\`\`\`text\nBob begins and nev\n`);
    expect(exportHtml(conversation)).toContain(`<summary>bob (draft), ${mark}</summary><pre>Bob begins and nev</pre>`);
  });

  it('is told in every document, with nothing of it taken for markup', () => {
    const report = reportOf(eventsOf(...MEDDLED));
    const conversation = { session: null, runs: [report] };
    expect(inspectText(report)).toContain('10.0s  user    vetoes agent1.1 of ann: Too <b>long</b>.');
    expect(exportMarkdown(conversation)).toContain('after 14.0s: signal cancels the run');
    expect(exportHtml(conversation)).toContain('class="deed"><title>user vetoes agent1.1 of ann: Too &lt;b&gt;long');
    expect(exportHtml(conversation)).toContain('user vetoes agent1.1 of ann: Too &lt;b&gt;long&lt;/b&gt;.');
  });

  it('says of a crash what was cut off by it, and nothing of a reply that came as a whole or was tried again', () => {
    const resumed: EventDraft = { type: 'run.resumed', data: { epoch: 2 } };
    const usage = { input: 1, output: 1, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
    const events = eventsOf(
      started(),
      ...begins('agent1', 'a1', 'a1.1'),
      says('a1.1', 'A first try.'),
      {
        type: 'request.failed',
        agent: 'agent1',
        data: {
          turn: 'a1',
          request: 'a1.1',
          error: { kind: 'network', message: 'Gone.' },
          usage,
          costUsd: 0,
          retryInMs: 5,
        },
      },
      { type: 'request.started', agent: 'agent1', data: { turn: 'a1', request: 'a1.2', tools: [] } },
      says('a1.2', 'A second tr'),
      resumed,
      ...turn('agent1', 'a2', 'draft', says('a2.1', 'whole'), ...answered('agent1', 'a2', 1, 'First of ann.')),
    );
    const { unfinished, deeds, turns } = reportOf(events);
    // The turn that was cut off ends with the crash; the time in between is no time of the run.
    expect(turns.map(({ startMs, endMs, outcome }) => [startMs, endMs, outcome])).toEqual([
      [1000, 6000, null],
      [7000, 11_000, 'answered'],
    ]);
    expect(unfinished.map(({ id, text }) => [id, text])).toEqual([['ann', 'A second tr']]);
    expect(deeds.map(({ by, text }) => `${by} ${text}`)).toEqual(['run is taken up again']);
  });

  it('does not say of a branch that it was cut off where it begins', () => {
    const events = eventsOf(
      started({ parent: { run: '20260101-000000-aaaa', seq: 2 } }),
      ...begins('agent1', 'a1', 'a1.1').slice(0, 1),
      { type: 'run.resumed', data: { epoch: 2 } },
      { type: 'run.resumed', data: { epoch: 3 } },
    );
    const { resumedAfter, deeds } = reportOf(events);
    expect([resumedAfter, deeds.map(({ atMs, what }) => [atMs, what])]).toEqual([['cut-off'], [[1000, 'resume']]]);
  });
});
