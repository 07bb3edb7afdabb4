import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { exportHtml } from '../../../src/headless/report/export-html.ts';
import { exportMarkdown } from '../../../src/headless/report/export-markdown.ts';
import { inspectText } from '../../../src/headless/report/inspect-text.ts';
import { reportRun, type RunReport } from '../../../src/sessions/run-report.ts';
import { SimulatedTeam } from '../../coordination/simulated-team.ts';

/** A run in which an agent asks the user and another agent, and makes a plan. Texts are hostile. */
function asking(): RunReport {
  const team = new SimulatedTeam(2);
  const common = { options: [], isMultiple: false, allowsText: true, timeoutMs: null };
  const question = { question: 'question-1', turn: 'agent1-turn1', to: ['agent2', 'user'], text: '<b>Which\u001B[2J?' };
  const answer = { choices: [], text: '', reason: '', usage: NO_USAGE, costUsd: 0, question: 'question-1' };
  team.record(
    { type: 'question.asked', agent: 'agent1', data: { ...question, ...common } },
    {
      type: 'question.answered',
      agent: 'agent1',
      data: { ...answer, by: 'agent2', outcome: 'answered', text: 'This.' },
    },
    {
      type: 'question.answered',
      agent: 'agent1',
      data: { ...answer, by: 'user', outcome: 'skipped', reason: 'Busy.' },
    },
    {
      type: 'subagent.started',
      agent: 'agent1',
      data: {
        turn: 'agent1-turn1',
        callId: 'c1',
        subagent: 'agent1-sub1',
        task: 'Count\u001B[2J it.',
        model: 'm1',
        dir: 'subagents/agent1/agent1-sub1',
        isDetached: false,
      },
    },
    {
      type: 'subagent.worked',
      agent: 'agent1',
      data: { subagent: 'agent1-sub1', text: '', tool: null, usage: { ...NO_USAGE, input: 12 }, costUsd: 0 },
    },
    {
      type: 'subagent.finished',
      agent: 'agent1',
      data: { subagent: 'agent1-sub1', outcome: 'answered', text: 'Twelve.', reason: '', files: null, durationMs: 0 },
    },
    {
      type: 'plan.changed',
      agent: 'agent2',
      data: {
        turn: 'agent2-turn1',
        tasks: [
          { id: 'task-1', title: 'Read\nit', status: 'done', dependsOn: [] },
          { id: 'task-2', title: 'Write it', status: 'pending', dependsOn: ['task-1'] },
        ],
      },
    },
  );
  const report = reportRun(team.events);
  if (!report) throw new Error('no report');
  return report;
}

describe('what agents asked and planned', () => {
  it('is shown by inspect', () => {
    expect(inspectText(asking())).toContain(`Questions of agents
  member-1 asks member-2, user: <b>Which?
    member-2: This.
    user: skipped: Busy.

Plans
  member-2
    [x] task-1: Read it
    [ ] task-2: Write it (after task-1)

Subagents
  agent1-sub1 of member-1 (m1): answered after 2.0s, 12 tokens, no model is called
    task: Count it.
    answer: Twelve.
    log: subagents/agent1/agent1-sub1
`);
  });

  it('is in an export, and no markup', () => {
    const conversation = { session: null, runs: [asking()] };
    expect(exportHtml(conversation)).toContain('<h3>Plans</h3>\n<pre>member-2\n  [x] task-1: Read it');
    expect(exportHtml(conversation)).toContain('member-1 asks member-2, user: &lt;b&gt;Which?');
    expect(exportMarkdown(conversation)).toContain('### Questions of agents\n\n```text\nmember-1 asks member-2, user');
  });
});
