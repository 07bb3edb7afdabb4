import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { NO_ASKS } from '../../src/tui/view/ask-draft.ts';
import { ASCII } from '../../src/tui/view/glyphs.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText, paintFrame } from '../../src/tui/view/paint.ts';
import { openPrompt } from '../../src/tui/view/prompt.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { asked, requested } from './asking-run.ts';
import { FIRST_RUN_CASES } from './first-run-cases.ts';
import { modelOf } from './models.ts';
import { revisedRun } from './revised-run.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;
const team = { name: 'four models', agents: agentInfos(4) };
const TEAMS = [
  {
    name: 'four models',
    description: 'Four vendors, one vote each.',
    agents: agentInfos(4),
    trouble: null,
    select: () => Promise.resolve(team),
  },
  {
    name: 'demo team',
    description: 'Built-in agents that show how a run goes.',
    agents: agentInfos(3, false),
    trouble: null,
    select: () => Promise.resolve(team),
  },
  {
    name: 'wide sixteen',
    description: '',
    agents: agentInfos(16),
    trouble: 'Agent grok has no key: set XAI_API_KEY.',
    select: () => Promise.resolve(team),
  },
];

const CASES: [name: string, make: () => Model][] = [
  ...[1, 3, 4, 8, 16].map((agents): [string, () => Model] => [
    `drafting-${agents}`,
    () => modelOf(scriptedRun({ agents, until: 'drafting' })),
  ]),
  ['judging-4', () => modelOf(scriptedRun({ agents: 4, until: 'judging' }))],
  ['finished-4', () => modelOf(scriptedRun({ agents: 4 }))],
  ['final-4', () => modelOf(scriptedRun({ agents: 4 }), { view: 'final' })],
  ['final-1', () => modelOf(scriptedRun({ agents: 1 }), { view: 'final' })],
  ['timeline-8', () => modelOf(scriptedRun({ agents: 8 }), { view: 'timeline' })],
  ...(['answers', 'ballots', 'cost', 'context', 'events', 'timeline'] as const).map((view): [string, () => Model] => [
    `${view}-revised`,
    () => modelOf(revisedRun(), { view, isDiff: view === 'answers' }),
  ]),
  [
    'palette',
    () =>
      modelOf(scriptedRun({ agents: 4, until: 'judging' }), { prompt: { ...openPrompt('palette', 'an'), pick: 1 } }),
  ],
  [
    'themes',
    () =>
      modelOf(scriptedRun({ agents: 3, until: 'judging' }), {
        themePicker: { names: ['dark', 'light', 'high-contrast', 'mono', 'terminal-16'], pick: 1, before: 'dark' },
      }),
  ],
  [
    'runs',
    () =>
      modelOf(scriptedRun({ agents: 3 }), {
        runPicker: {
          pick: 1,
          runs: [
            {
              id: 'r3',
              when: '2026-11-22 18:21',
              question: 'Fix the race',
              outcome: 'answered',
              cost: { usd: 0.83, isComplete: true },
            },
            {
              id: 'r2',
              when: '2026-11-21 09:00',
              question: 'A question that is too long for one row of the list'.repeat(3),
              outcome: 'cancelled',
              cost: { usd: 0, isComplete: true },
            },
            { id: 'r1', when: '2026-11-20 09:00', question: '', outcome: 'unfinished', cost: null },
          ],
        },
      }),
  ],
  [
    'search',
    () =>
      modelOf(scriptedRun({ agents: 4, until: 'judging' }), {
        prompt: openPrompt('search-all', 'token'),
        search: { text: 'token', isAll: true, at: null },
      }),
  ],
  [
    'zoom-8',
    () => modelOf(scriptedRun({ agents: 8, until: 'judging' }), { isZoomed: true, focus: 2, showReasoning: true }),
  ],
  ['no-model-3', () => modelOf(scriptedRun({ agents: 3, until: 'drafting', isModel: false }))],
  ['home', () => modelOf([])],
  ['picker', () => modelOf([], { team: null, teams: TEAMS, picked: 2, view: 'picker', isEditing: false })],
  ['help', () => modelOf(scriptedRun({ agents: 3, until: 'drafting' }), { isHelpOpen: true })],
  ['quit', () => modelOf(scriptedRun({ agents: 3, until: 'drafting' }), { isQuitAsked: true })],
  [
    'approval',
    () =>
      asking(
        requested({
          diff: '--- a/src/auth.ts\n+++ b/src/auth.ts\n@@ -1,2 +1,2 @@\n-const ttl = 60;\n+const ttl = 600;\n same',
        }),
        asked(),
      ),
  ],
  ['question', () => asking(asked())],
  [
    'status',
    () => modelOf(scriptedRun({ agents: 4 }), { view: 'status', place: { id: 'run-0001', dir: '/tmp/run-0001' } }),
  ],
  ...FIRST_RUN_CASES,
  ['ascii-4', () => modelOf(scriptedRun({ agents: 4, until: 'judging' }), { glyphs: ASCII })],
];

/** A run in which agents ask, with the dialog over the first request. */
function asking(...drafts: EventDraft[]): Model {
  const events = scriptedRun({ agents: 4, until: 'drafting' });
  const last = events.at(-1);
  if (!last) throw new Error('the script has no events');
  const asks = drafts.map((draft, i) => ({ ...last, ...draft, seq: last.seq + 1 + i }) as RunEvent);
  const [first] = drafts;
  const id = first?.type === 'approval.requested' ? first.data.request : 'question-1';
  return modelOf([...events, ...asks], { asks: { ...NO_ASKS, open: id } });
}

describe.each(SIZES)('at %ix%i', (cols, rows) => {
  it.each(CASES)('draws %s', async (name, make) => {
    const text = frameText(buildFrame({ ...make(), cols, rows })).join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}-${cols}x${rows}.txt`);
  });
});

describe('every picture', () => {
  const sizes = [
    [10, 3],
    [39, 9],
    [40, 10],
    [44, 12],
    [60, 16],
    [79, 23],
    [100, 30],
    [130, 20],
    [300, 80],
  ] as const;
  it.each(CASES)('of %s fills any screen exactly', (_name, make) => {
    for (const [cols, rows] of sizes) {
      const frame = buildFrame({ ...make(), cols, rows });
      const cells = paintFrame(frame);
      expect([cells.length, new Set(cells.map((row) => row.length))]).toEqual([rows, new Set([cols])]);
      for (const row of cells) expect(textWidth(row.map(([, ch]) => ch).join(''))).toBe(cols);
    }
  });

  it.each(CASES)('of %s cuts no line without a sign', (_name, make) => {
    for (const [cols, rows] of sizes) {
      const frame = buildFrame({ ...make(), cols, rows });
      for (const area of frame.areas) {
        for (const line of area.lines.slice(0, area.height)) {
          const width = textWidth(line.map((piece) => piece.text).join(''));
          expect({
            layer: area.layer,
            cols,
            isWithin: width <= area.width,
            text: line.map((p) => p.text).join(''),
          }).toMatchObject({ isWithin: true });
        }
      }
    }
  });

  it.each(CASES)('of %s stays on the screen', (_name, make) => {
    for (const [cols, rows] of sizes) {
      for (const area of buildFrame({ ...make(), cols, rows }).areas) {
        expect(area.x >= 0 && area.y >= 0 && area.x + area.width <= cols && area.y + area.height <= rows).toBe(true);
      }
    }
  });

  it('says what is needed where there is no room', () => {
    const text = frameText(buildFrame({ ...modelOf([]), cols: 30, rows: 8 }));
    expect(text.filter((row) => row !== '').map((row) => row.trim())).toEqual(['have 30x8', 'need 40x10']);
  });

  it.each([
    [80, 24],
    [44, 12],
    [40, 10],
    [200, 50],
  ])('says at %ix%i that no model is called, while it runs', (cols, rows) => {
    const model = modelOf(scriptedRun({ agents: 3, until: 'drafting', isModel: false }), { cols, rows });
    expect(frameText(buildFrame(model)).join('\n')).toContain('no model is called');
  });

  it.each([
    [200, 50],
    [80, 24],
    [60, 14],
    [40, 10],
  ])('hides none of 16 agents at %ix%i without a word', (cols, rows) => {
    const text = frameText(
      buildFrame(modelOf(scriptedRun({ agents: 16, until: 'drafting' }), { cols, rows, focus: 7 })),
    ).join('\n');
    const seen = agentInfos(16).filter((_, i) => new RegExp(`(^|[^\\d.])${i + 1}[ ●▸↻]`, 'm').test(text)).length;
    const hidden = Number(/\+(\d+) more/.exec(text)?.[1] ?? 0);
    expect(seen + hidden).toBeGreaterThanOrEqual(16);
  });

  it('is the same with a used cache as with a new one', () => {
    const events = scriptedRun({ agents: 4 });
    const grown = modelOf(events.slice(0, 20));
    for (const event of events.slice(20)) {
      grown.run?.apply(event);
      buildFrame(grown);
    }
    expect(frameText(buildFrame(grown))).toEqual(frameText(buildFrame({ ...modelOf(events), isRunActive: true })));
  });
});
