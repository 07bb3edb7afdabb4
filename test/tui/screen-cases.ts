import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { contentKey, NO_FILES } from '../../src/tui/files.ts';
import { EMPTY_EDITOR, insertText } from '../../src/tui/input/editor.ts';
import { NO_ASKS } from '../../src/tui/view/ask-draft.ts';
import { PATCH_LABEL } from '../../src/tui/view/changes-page.ts';
import { ASCII } from '../../src/tui/view/glyphs.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { openPrompt } from '../../src/tui/view/prompt.ts';
import { NO_REVIEW } from '../../src/tui/view/review-state.ts';
import { agentInfos, EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { asked, requested } from './asking-run.ts';
import { FIRST_RUN_CASES } from './first-run-cases.ts';
import { modelOf } from './models.ts';
import { revisedRun } from './revised-run.ts';

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

/** Every screen, with something on it. */
export const CASES: [name: string, make: () => Model][] = [
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
          filter: '',
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
  ['approval-part', () => asking(requested({ subagent: 'agent2-sub1' }), asked({ subagent: 'agent1-sub2' }))],
  ['question', () => asking(asked())],
  [
    'status',
    () => modelOf(scriptedRun({ agents: 4 }), { view: 'status', place: { id: 'run-0001', dir: '/tmp/run-0001' } }),
  ],
  ...FIRST_RUN_CASES,
  ['changes-parts', () => reviewing({})],
  [
    'changes-comment',
    () => reviewing({ prompt: openPrompt('send-back', 'Name the timeout in milliseconds, and keep it') }),
  ],
  ['split-4', () => modelOf(scriptedRun({ agents: 4, until: 'judging' }), { split: [1, 3], focus: 1 })],
  [
    'select-4',
    () =>
      modelOf(scriptedRun({ agents: 4, until: 'judging' }), {
        selection: { view: 'panes', alias: 'agent1', from: 1, to: 3 },
        focus: 0,
      }),
  ],
  [
    'completion',
    () =>
      modelOf([], {
        editor: insertText(EMPTY_EDITOR, '/se'),
        completion: { kind: 'command', from: 1, items: ['search', 'sessions', 'setup'], pick: 1 },
      }),
  ],
  [
    'message',
    () =>
      modelOf(scriptedRun({ agents: 4, until: 'drafting' }), {
        isEditing: true,
        fieldFor: 'all',
        editor: insertText(
          EMPTY_EDITOR,
          'Keep it to two functions.\nAnd name the test after the bug that it is about, please.',
        ),
      }),
  ],
  ['ascii-4', () => modelOf(scriptedRun({ agents: 4, until: 'judging' }), { glyphs: ASCII })],
];

/** A run that waits for the user's word on three changed files. */
function reviewing(change: Partial<Model>): Model {
  const out = new EventWriter();
  out.events.push(...scriptedRun({ agents: 4 }).slice(0, -1));
  const files = [
    { path: 'src/auth/refresh-token.ts', change: 'modified' as const, added: 3, removed: 2, isBinary: false, hunks: 2 },
    {
      path: 'test/auth/fifty-parallel-calls.test.ts',
      change: 'added' as const,
      added: 1,
      removed: 0,
      isBinary: false,
    },
    { path: 'logo.png', change: 'deleted' as const, added: 0, removed: 0, isBinary: true },
  ];
  out.add('changes.proposed', { label: 'agent2.1', base: '/home/me', files, patch: 'p' });
  const text = [
    '--- a/src/auth/refresh-token.ts',
    '+++ b/src/auth/refresh-token.ts',
    '@@ -1,2 +1,3 @@ export function refreshToken',
    ' const inflight = new Map<string, Promise<Token>>();',
    '-return await fetchToken(id);',
    '+const live = inflight.get(id) ?? fetchToken(id).finally(() => inflight.delete(id));',
    '+return live;',
    '@@ -20,1 +21,1 @@ export function forget',
    '-cache.clear();',
    '+cache.delete(id);',
    '',
  ].join('\n');
  const contents = new Map([[contentKey(PATCH_LABEL, 'p'), { kind: 'text' as const, text, isCut: false }]]);
  const review = { ...NO_REVIEW, at: 1, parts: new Map([['src/auth/refresh-token.ts', new Set([1])]]) };
  return modelOf(out.events, { view: 'changes', review, files: { ...NO_FILES, contents }, ...change });
}

/** A run in which agents ask, with the dialog over the first request. */
export function asking(...drafts: EventDraft[]): Model {
  const events = scriptedRun({ agents: 4, until: 'drafting' });
  const last = events.at(-1);
  if (!last) throw new Error('the script has no events');
  const asks = drafts.map((draft, i) => ({ ...last, ...draft, seq: last.seq + 1 + i }) as RunEvent);
  const [first] = drafts;
  const id = first?.type === 'approval.requested' ? first.data.request : 'question-1';
  return modelOf([...events, ...asks], { asks: { ...NO_ASKS, open: id } });
}
