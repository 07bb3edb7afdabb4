import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { scrolled } from '../../src/tui/app/scroll.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import type { ActionId } from '../../src/tui/input/keymap.ts';
import { renderDiff } from '../../src/tui/view/answer-diff.ts';
import { lineText } from '../../src/tui/view/line.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';
import { revisedRun } from './revised-run.ts';

const at = (view: Model['view'], change: Partial<Model> = {}): Model =>
  modelOf(revisedRun(), { view, cols: 120, rows: 40, ...change });
const text = (model: Model): string => frameText(buildFrame(model)).join('\n');
const act = (model: Model, ...actions: ActionId[]): Model =>
  actions.reduce((m, action) => ({ ...m, ...viewAction(m, action) }), model);

describe('every browser', () => {
  it.each(['answers', 'ballots', 'events', 'cost', 'context'] as const)('%s opens with its key and goes back', (id) => {
    const opened = act(modelOf(revisedRun()), id);
    expect([opened.view, act(opened, id).view, act(opened, 'back').view]).toEqual([id, 'panes', 'panes']);
  });

  it.each(['answers', 'ballots', 'events', 'cost', 'context'] as const)(
    '%s has something to say when nothing has happened',
    (view) => {
      const model = modelOf(scriptedRun({ agents: 3 }).slice(0, 1), { view });
      for (const move of ['scroll-down', 'scroll-up', 'half-down', 'top', 'bottom'] as const) {
        expect(() => text(scrolled(model, move))).not.toThrow();
      }
      expect(text(model).split('\n').slice(2, -1).join('').trim()).not.toBe('');
    },
  );
});

describe('answers', () => {
  it('lists every version, begins at the winner and shows it in Markdown', () => {
    const shown = text(at('answers'));
    expect(shown.match(/agent\d\.\d/g)?.length).toBeGreaterThanOrEqual(4);
    expect(shown).toMatch(/> ★ \d\d:\d\d 2 gpt agent2\.2/);
    expect(shown).toContain('replaced');
    expect(shown).toContain('Keep the old token until the new one works.');
  });

  it('shows what changed since the version before', () => {
    const shown = text(act(at('answers'), 'diff'));
    expect(shown).toContain('changes since agent2.1');
    expect(shown).toMatch(/\+2 -0 lines/);
    expect(shown).toContain('+ Keep the **old token** until the new one works.');
  });

  it('shows the text of a first version even while changes are asked for', () => {
    const first = scrolled(act(at('answers'), 'diff'), 'top');
    expect(text(first)).toContain('Guard the refresh with one shared promise (plan 1).');
  });
});

describe('renderDiff', () => {
  const rows = (before: string, after: string, width = 40): string[] => renderDiff(before, after, width).map(lineText);

  it('marks lines that came and went', () => {
    expect(rows('a\nb\nc', 'a\nx\nc')).toEqual(['+1 -1 lines', '', '  a', '- b', '+ x', '  c']);
  });

  it('says how much in between is the same', () => {
    const same = Array.from({ length: 20 }, (_, i) => `l${i}`).join('\n');
    const shown = rows(`x\n${same}\ny`, `X\n${same}\nY`);
    expect([shown.includes('  14 lines are the same'), shown.length]).toEqual([true, 13]);
  });

  it('breaks long lines and keeps all of them', () => {
    const shown = rows('', 'word '.repeat(30).trim(), 20);
    expect(
      shown
        .slice(2)
        .map((row) => row.slice(2))
        .join(' '),
    ).toBe('word '.repeat(30).trim());
    expect(shown.every((row) => row.length <= 20)).toBe(true);
  });
});

describe('ballots', () => {
  it('begin with the result, its tie and the points', () => {
    const shown = text(at('ballots'));
    expect(shown).toContain('agent2.2 wins by copeland.');
    expect(shown).toContain('Tie of agent2.2, agent3.1: borda decided.');
    expect(shown).toMatch(/agent2\.2 +1\.50 {2}1 first choice/);
  });

  it('tell of each ballot whether it counts and why not', () => {
    const first = scrolled(at('ballots'), 'scroll-down');
    expect(text(first)).toContain('no: agent2.2 came later');
    const second = scrolled(first, 'scroll-down');
    expect(text(second)).toMatch(/counts +yes/);
    const own = scrolled(second, 'scroll-down');
    expect(text(own)).toContain('agent3.1, its own answer');
  });

  it("name the user's own ballot", () => {
    const events = revisedRun();
    const { agent: _, ...rest } = events.at(-1)!;
    const before = events.slice(0, -1);
    const mine = {
      ...rest,
      type: 'vote.added',
      data: { choice: 'agent1.1', view: ['agent1.1', 'agent2.2', 'agent3.1'] },
    };
    const model = modelOf([...before, mine as RunEvent], { view: 'ballots', cols: 120, rows: 40 });
    expect(text(scrolled(model, 'bottom'))).toContain('ballot of you');
  });
});

describe('cost', () => {
  it('has a row per agent and a sum, to the millionth of a dollar', () => {
    const rows = text(at('cost')).split('\n');
    expect(rows.find((row) => row.includes('2 gpt'))).toMatch(/1\.2k +0 % +347 .*\$0\.011000/);
    expect(rows.find((row) => row.startsWith(' all'))).toMatch(/3\.7k +0 % +1k .*\$0\.033000/);
  });

  it('has a row per turn once an agent has had several', () => {
    const turns = (events: RunEvent[]): string[] => {
      const rows = text(modelOf(events, { view: 'cost', cols: 120, rows: 60 })).split('\n');
      const from = rows.findIndex((row) => row.includes('turn by turn'));
      return from < 0 ? [] : rows.slice(from + 1).filter((row) => / calls? /.test(row));
    };
    expect(turns(revisedRun())).toEqual([]);
    const rows = turns(scriptedRun({ agents: 2 }));
    expect(rows.length).toBeGreaterThan(2);
    expect(rows[0]).toMatch(/ 1 {2}1 claude +first answers +\d+ calls? .*tokens {2}\$0\.\d\d/);
  });

  it('and panes say that tokens are not known where an agent keeps them to itself', () => {
    const events = scriptedRun({ agents: 2 }).map((event): RunEvent =>
      event.type === 'request.finished'
        ? {
            ...event,
            data: {
              ...event.data,
              costUsd: null,
              usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
            },
          }
        : event,
    );
    const panes = text(modelOf(events, { cols: 160, rows: 40 }));
    expect(panes).not.toMatch(/\b0 tok/);
    expect(panes).toContain('tokens unknown');
    const rows = text(modelOf(events, { view: 'cost', cols: 120, rows: 40 })).split('\n');
    expect(rows.find((row) => row.includes('2 gpt'))).toMatch(/ \? .* \? .*price unknown/);
  });

  it('says that a price is not known', () => {
    const events = scriptedRun({ agents: 2 }).map((event): RunEvent =>
      event.type === 'request.finished' && event.agent === 'agent1'
        ? { ...event, data: { ...event.data, costUsd: null } }
        : event,
    );
    const shown = text(modelOf(events, { view: 'cost', cols: 120, rows: 40 }));
    expect(shown).toContain('What some calls, or tools in them, have cost is not known (claude-large-2)');
    expect(shown).toContain('price unknown');
  });

  it('keeps what matters on a narrow screen', () => {
    const shown = text(at('cost', { cols: 44, rows: 16 }));
    expect([/input/.test(shown), /cost/.test(shown), /tools/.test(shown)]).toEqual([true, true, false]);
  });
});

describe('context', () => {
  it('is what the focused agent is sent, word for word', () => {
    const shown = text(at('context'));
    expect(shown).toContain('what 1 claude is sent: 2 messages');
    expect(shown).toContain('─ 1 system ─');
    expect(shown).toContain('Read the answers and vote.');
    expect(text(act(at('context'), 'focus-next'))).toContain('what 2 gpt is sent');
  });

  it('names the key of the next agent whole or not at all', () => {
    const titleAt = (cols: number): string => text({ ...at('context'), cols }).split('\n')[1] ?? '';
    expect(titleAt(80)).toContain('Tab: next agent ═');
    expect(titleAt(66)).not.toContain('Tab');
    expect(titleAt(66)).toContain('characters ═');
  });
});

describe('events', () => {
  it('follow the newest, pick one and show its data', () => {
    const model = at('events');
    expect(text(model)).toContain('"decidedBy": "borda"');
    const up = scrolled(model, 'scroll-up');
    expect([up.browse.events.pick !== null, scrolled(up, 'bottom').browse.events.pick]).toEqual([true, null]);
    expect(text(up)).toContain('turn.finished');
  });

  it('show what the filter lets through', () => {
    const model = at('events');
    const browse = { ...model.browse, events: { ...model.browse.events, filter: 'ballot claude' } };
    expect(text({ ...model, browse })).toContain('2 events  filter: ballot claude');
  });

  it('let no escape sequence through', () => {
    const events = revisedRun();
    const evil = {
      ...events.at(-1)!,
      agent: 'agent1',
      type: 'agent.abstained',
      data: { reason: '\x1b]0;x\x07\u009b2J' },
    };
    const model = modelOf([...events.slice(0, -1), evil as RunEvent], { view: 'events', cols: 120, rows: 40 });
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text(model))).toBe(false);
  });
});
