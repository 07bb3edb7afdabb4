import { describe, expect, it } from 'vitest';
import type { EventDraft, PlannedTask } from '../../src/events/event.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { lineText } from '../../src/tui/view/line.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { planLines } from '../../src/tui/view/plan-lines.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { asked, decided, replied, requested } from './asking-run.ts';
import { modelOf } from './models.ts';

const task = (id: string, status: PlannedTask['status'], dependsOn: string[] = []): PlannedTask => ({
  id,
  title: `task ${id}`,
  status,
  dependsOn,
});
const PLAN = [
  task('1', 'done'),
  task('2', 'done'),
  task('3', 'active'),
  task('4', 'blocked', ['3', '1']),
  task('5', 'pending'),
];

function after(...drafts: EventDraft[]): Model {
  const out = new EventWriter();
  out.events.push(...scriptedRun({ agents: 2, until: 'drafting' }));
  for (const { type, data, agent } of drafts) out.add(type, data, agent);
  return modelOf(out.events, { cols: 120, rows: 40, isZoomed: true });
}

const text = (model: Model): string[] => frameText(buildFrame(model));
const pressed = (model: Model, ...actions: Parameters<typeof viewAction>[1][]): Model =>
  actions.reduce((now, action) => ({ ...now, ...viewAction(now, action) }), model);
const planned: EventDraft = { type: 'plan.changed', agent: 'agent1', data: { turn: 'agent1-t1', tasks: PLAN } };

describe("an agent's plan", () => {
  it('is one row with how far it is, and its tasks when they are asked for', () => {
    const model = after(planned);
    expect(text(model)[3]).toBe(' ▸ 2 of 5 tasks: task 3');
    expect(text(pressed(model, 'toggle-plan')).slice(3, 9)).toEqual([
      ' ▾ 2 of 5 tasks',
      '   ✓ task 1',
      '   ✓ task 2',
      '   ● task 3',
      '   ✗ task 4  waits for task 3',
      '   ○ task 5',
    ]);
  });

  it('takes no row from the end of the text', () => {
    const [without, planless] = [after(planned), after()].map((model) =>
      text(model).findLast((row) => /lock/.test(row)),
    );
    expect(without).toBe(planless);
  });

  it('shows what is going on where there is no room for all', () => {
    const rows = planLines(PLAN, { isOpen: true, width: 40, height: 4, glyphs: UNICODE }).map(lineText);
    expect(rows).toEqual(['▾ 2 of 5 tasks', '  ● task 3', '  ✗ task 4  waits for task 3', '    3 more tasks']);
  });

  it('cannot bring anything harmful to the screen', () => {
    const evil = [{ ...task('1', 'active'), title: '\x1b]52;c;AAAA\x07\u202eevil\nrow' }];
    const rows = planLines(evil, { isOpen: true, width: 40, height: 4, glyphs: UNICODE }).map(lineText);
    expect(rows.join('|')).toMatch(/^▾ 0 of 1 task\| {2}● evil row$/);
  });
});

describe('the card of a tool', () => {
  const call = { id: 'c7', name: 'bash', args: { command: 'npm test', cwd: '/w' }, rawArgs: '' };
  const model = after(
    { type: 'tool.started', agent: 'agent1', data: { turn: 'agent1-t1', call } },
    {
      type: 'tool.finished',
      agent: 'agent1',
      data: {
        turn: 'agent1-t1',
        callId: 'c7',
        name: 'bash',
        output: '\x1b[31mFAIL\x1b[0m a\n\nok b\n',
        isError: true,
        durationMs: 1200,
      },
    },
  );

  it('is folded to what was called and how it ended', () => {
    const rows = text(model);
    const from = rows.findIndex((row) => row.includes('▸ bash command=npm test'));
    expect(rows.slice(from, from + 2)).toEqual([' ▸ bash command=npm test cwd=/w', '   ✗ FAIL a (2 lines, 1.2 s)']);
  });

  it('opens with all arguments and the result', () => {
    const rows = text(pressed(model, 'toggle-tools')).filter((row) => row.trim() !== '');
    const from = rows.findIndex((row) => row.includes('▸ bash command=npm test'));
    expect(rows.slice(from, from + 7)).toEqual([
      ' ▸ bash command=npm test cwd=/w',
      '   │ command: npm test',
      '   │ cwd: /w',
      '   ✗ 2 lines, 1.2 s',
      '   │ FAIL a',
      '   │',
      '   │ ok b',
    ]);
  });
});

describe('what an agent waits for', () => {
  const delayed: EventDraft = {
    type: 'request.delayed',
    agent: 'agent1',
    data: { turn: 'agent1-t1', reason: 'rate-limit', ms: 3000, detail: 'no more' },
  };
  it('stands in its title', () => {
    const titles = [
      after(delayed),
      after(asked({ to: ['agent2'] })),
      after(asked()),
      after(requested({}, 'agent1')),
    ].map((model) => text(model)[2]);
    expect(titles).toEqual([
      expect.stringContaining('rate limit, '),
      expect.stringContaining('asks agent2'),
      expect.stringContaining('asks you'),
      expect.stringContaining('asks leave'),
    ]);
  });

  it('stands in its text, with what came of it', () => {
    const model = after(
      asked(),
      replied({ choices: ['redis'], text: 'for now' }),
      requested({}, 'agent1'),
      decided({ reason: 'not here' }, 'agent1'),
    );
    expect(text(model).filter((row) => /^ [!✓] /.test(row))).toEqual([
      ' ! asks you: Which store holds the refresh token?',
      ' ✓ you: redis, for now',
      ' ! asks leave for run_command: rm -rf dist && npm run build',
      ' ! denied by policy: not here',
    ]);
  });
});
