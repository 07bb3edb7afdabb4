import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../../src/events/event.ts';
import { exportHtml } from '../../../src/headless/report/export-html.ts';
import { exportMarkdown } from '../../../src/headless/report/export-markdown.ts';
import { titleOf, type ExportedConversation } from '../../../src/headless/report/export.ts';
import { timelineSvg } from '../../../src/headless/report/timeline-svg.ts';
import { reportRun, type RunReport } from '../../../src/sessions/run-report.ts';
import { answered, eventsOf, finished, started, turn, voted, wholeRun } from '../../sessions/told-events.ts';

function reportOf(...drafts: EventDraft[]): RunReport {
  const report = reportRun(eventsOf(...drafts));
  if (!report) throw new Error('no report');
  return report;
}

const whole = reportRun(wholeRun());
if (!whole) throw new Error('no report');
const conversation: ExportedConversation = {
  session: { id: 's', name: 'My talk' },
  runs: [whole, reportOf(started())],
};

const EVIL = '</pre><script>alert(1)</script><img src=x onerror="x"> \u001b[2J `` ```` | # [a](javascript:x)';
const hostile = reportOf(
  started({
    question: EVIL,
    team: EVIL,
    agents: [{ alias: 'agent1', id: EVIL, type: 't', model: EVIL, isModel: true }],
  }),
  ...turn('agent1', 'a', 'draft', ...answered('agent1', 'a', 1, EVIL)),
  ...turn('agent1', 'b', 'judge', ...voted('agent1', 'b', 'agent1.1', ['agent1.1'], EVIL)),
  {
    type: 'answer.presented',
    agent: 'agent1',
    data: { text: EVIL, source: 'presenter', mode: 'present', notice: EVIL },
  },
  { type: 'run.finished', data: { outcome: 'answered', reason: EVIL } },
);

describe('a conversation as Markdown', () => {
  it('has every turn with its answer, ballots and versions', () => {
    expect(exportMarkdown(conversation)).toMatchInlineSnapshot(`
      "# My talk

      ## Turn 1: Why?

      \`\`\`text
      Why?
      \`\`\`

      2026-01-02 03:04:05 UTC, 30.0s, 105 tokens, $0.0700. Agents: ann (m), bob (m).

      ### Final answer

      \`\`\`text
      The end.
      \`\`\`

      Winner: agent2.2 of bob by copeland. It beat every other answer.

      ### Ballots

      | after | voter | for | reason | |
      |---|---|---|---|---|
      | 11.0s | ann | agent1.1 of ann | Clearer. | void since agent2.2 |
      | 19.0s | ann | agent2.2 of bob | Clearer. | counts |
      | 23.0s | bob | agent2.2 of bob | Mine. | counts |

      ### Answers

      #### agent1.1 of ann, after 3.0s

      \`\`\`text
      First of ann.
      \`\`\`

      #### agent2.1 of bob, after 7.0s, replaced

      \`\`\`text
      First of bob.
      \`\`\`

      #### agent2.2 of bob, after 15.0s, winner

      \`\`\`text
      Second of bob.
      \`\`\`

      ## Turn 2: Why?

      \`\`\`text
      Why?
      \`\`\`

      2026-01-02 03:04:05 UTC, 0.0s, 0 tokens, $0.0000. Agents: ann (m), bob (m).

      ### Final answer

      There is none. The run is not over.
      "
    `);
  });

  it('keeps hostile texts to the letter inside fences that they cannot end', () => {
    const text = exportMarkdown({ session: null, runs: [hostile] });
    const outside = text.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    expect(text).toContain('`````text\n</pre><script>');
    expect(outside.replaceAll(/\\./g, '')).not.toMatch(/[<>`[\]]/);
    expect(text).not.toContain('\u001b');
  });
});

describe('a session that branched off another one', () => {
  const branch: ExportedConversation = {
    session: { id: 'b', name: null, parent: { session: 'my <talk>', turns: 1 } },
    runs: [whole],
  };

  it.each([
    ['page', exportHtml, 'This session branched off the session my &lt;talk&gt; after its first turn.'],
    ['text', exportMarkdown, '\n\nThis session branched off the session my \\<talk\\> after its first turn.\n\n'],
  ])('says so at the head of its %s', (_, write, line) => {
    expect([write(branch).includes(line), write(conversation).includes('branched off the session')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('a conversation as a page', () => {
  it('has every turn and its name', () => {
    const page = exportHtml(conversation);
    expect(page.match(/<h2>.*<\/h2>/g)).toEqual(['<h2>Turn 1</h2>', '<h2>Turn 2</h2>']);
    expect(page).toContain('<title>My talk</title>');
    for (const text of ['First of ann.', 'First of bob.', 'Second of bob.', 'The end.', 'Mine.'])
      expect(page).toContain(text);
  });

  it('has no tag and no attribute out of a hostile text, and loads nothing', () => {
    const page = exportHtml({ session: null, runs: [hostile] });
    const tags = new Set(Array.from(page.matchAll(/<\/?([a-z!][a-z0-9]*)/gi), ([, name]) => name));
    expect([...tags].filter((tag) => ['script', 'img', 'iframe', 'link', 'object'].includes(tag ?? ''))).toEqual([]);
    expect(page).not.toMatch(/<[^>]*\s(?:on\w+|src|href)=/i);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain('\u001b');
  });

  it('says so where there is no answer', () => {
    expect(exportHtml({ session: null, runs: [reportOf(started())] })).toContain('There is no final answer.');
  });
});

describe('the timeline', () => {
  it('has a bar for every turn, a circle for every answer and a diamond for every ballot', () => {
    const svg = timelineSvg(whole);
    const count = (pattern: RegExp): number => svg.match(pattern)?.length ?? 0;
    expect({
      turns: count(/<rect /g),
      answers: count(/<circle /g),
      winners: count(/class="answer winner"/g),
      votes: count(/class="vote"/g),
      void: count(/class="vote void"/g),
    }).toEqual({ turns: 7, answers: 3, winners: 1, votes: 2, void: 1 });
  });

  it('shows turns that came to nothing as such', () => {
    const run = reportOf(
      started(),
      ...turn('agent1', 'a', 'draft', finished('agent1', 'a', 'aborted')),
      ...turn('agent2', 'b', 'draft'),
    );
    expect(timelineSvg(run).match(/turn draft lost/g)).toHaveLength(2);
  });
});

it('is called by the name of its session, else by its first question', () => {
  expect([titleOf(conversation), titleOf({ session: { id: 's', name: null }, runs: [whole] })]).toEqual([
    'My talk',
    'Why?',
  ]);
  expect(titleOf({ session: { id: 's', name: null }, runs: [] })).toBe('s');
});
