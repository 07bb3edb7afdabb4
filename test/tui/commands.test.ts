import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '../../src/tui/input/keymap.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import { pickedCommand, promptAction, startSearch, typedInPrompt } from '../../src/tui/app/prompt-action.ts';
import { copyOf, finalOf } from '../../src/tui/app/copy-text.ts';
import { commandsOf, matchingCommands } from '../../src/tui/view/commands.ts';
import { lineText, lineWidth, span } from '../../src/tui/view/line.ts';
import { marked } from '../../src/tui/view/marked.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { style } from '../../src/tui/theme/style.ts';
import { FINAL, scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';
import { revisedRun } from './revised-run.ts';

const run = (change: Partial<Model> = {}): Model => modelOf(scriptedRun({ agents: 3, until: 'judging' }), change);
const act = (model: Model, ...actions: ActionId[]): Model =>
  actions.reduce((m, action) => ({ ...m, ...(promptAction(m, action) ?? viewAction(m, action)) }), model);
const type = (model: Model, text: string): Model => ({ ...model, ...typedInPrompt(model, text) });
const text = (model: Model): string => frameText(buildFrame(model)).join('\n');

describe('the palette', () => {
  it('finds a command by the letters of its words and takes the best first', () => {
    const names = (query: string): string[] =>
      matchingCommands(commandsOf(run()), query)
        .slice(0, 1)
        .map((command) => command.name);
    expect(['timel', '/votes', 'what agent sent', 'gem', 'cost'].map(names)).toEqual([
      ['timeline'],
      ['votes'],
      ['context'],
      ['agent3'],
      ['cost'],
    ]);
  });

  it('offers what makes sense now, and nothing else', () => {
    const going = commandsOf(run()).map((command) => command.action);
    const over = commandsOf(modelOf(scriptedRun({ agents: 3 }))).map((command) => command.action);
    const both = (id: ActionId): boolean[] => [going.includes(id), over.includes(id)];
    expect([both('cancel'), both('message'), both('save'), both('quit'), both('scroll-down')]).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [true, true],
      [false, false],
    ]);
  });

  it('opens, narrows down as one types, moves and closes', () => {
    const open = type(act(run(), 'palette'), 'agent');
    expect(text(open)).toContain('> agent');
    const second = act(open, 'prompt-next');
    expect([pickedCommand(open)?.name, pickedCommand(second)?.name, act(second, 'prompt-cancel').prompt]).toEqual([
      'agent1',
      'agent2',
      null,
    ]);
    expect(text(type(open, ' nothing at all'))).toContain('no command fits');
  });

  it('never gives a command that does not have all letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,6}$/), (query) => {
        for (const { name, title } of matchingCommands(commandsOf(run()), query)) {
          const has = (target: string): boolean => {
            let at = -1;
            return query.split('').every((letter) => (at = target.indexOf(letter, at + 1)) >= 0);
          };
          expect(has(name.toLowerCase()) || has(title.toLowerCase())).toBe(true);
        }
      }),
    );
  });

  it('leaves out what has the letters only here and there', () => {
    const names = matchingCommands(commandsOf(run()), 'an').map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['answer', 'answers']);
    expect(names).not.toContain('quit');
  });
});

describe('searching', () => {
  const found = (model: Model): unknown => [model.focus, model.search?.at?.alias, model.message?.text];

  it('marks every place and goes from one to the next', () => {
    const start = run();
    const one = { ...start, ...startSearch(start, 'TOKEN', false) };
    expect(one.message?.text).toMatch(/^"TOKEN": \d+ of \d+, n next, Esc ends$/);
    const next = act(one, 'next-match');
    const back = act(next, 'previous-match');
    expect([next.search?.at?.row !== one.search?.at?.row, back.search?.at]).toEqual([true, one.search?.at]);
    expect(act(next, 'back').search).toBe(null);
  });

  it('goes through all panes', () => {
    const start = run({ focus: 0 });
    const one = { ...start, ...startSearch(start, 'SET NX', true) };
    expect(found(one)).toEqual([1, 'agent2', '"SET NX": 1 of 1, n next, Esc ends']);
  });

  it('says that there is nothing', () => {
    expect(startSearch(run(), 'no such words', false).message?.text).toBe(
      '"no such words" stands nowhere in this pane',
    );
    expect(startSearch(run(), 'no such words', true).message?.text).toBe('"no such words" stands nowhere');
    expect(startSearch(run(), '  ', true)).toEqual({ search: null });
  });

  it('marks without changing a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ab', 'A', 'İ', 'b ', '日'), { maxLength: 6 }),
        fc.constantFrom('a', 'ab', 'b', '日'),
        (parts, query) => {
          const line = parts.map((part, i) => span(part, style(i % 2 === 0 ? 'fg' : 'dim')));
          expect([lineText(marked(line, query)), lineWidth(marked(line, query))]).toEqual([
            lineText(line),
            lineWidth(line),
          ]);
        },
      ),
    );
    expect(marked([span('one two', style('fg'))], 'TWO').map((piece) => piece.text)).toEqual(['one ', 'two']);
  });
});

describe('the filter', () => {
  it('works while it is typed and is gone after Escape', () => {
    const timeline = act(modelOf(revisedRun(), { view: 'timeline' }), 'filter');
    const typed = type(timeline, 'void');
    expect([typed.timeline.filter, text(typed).includes('1 event  filter: void')]).toEqual(['void', true]);
    expect(act(typed, 'delete-line-start').timeline.filter).toBe('');
    expect(act(typed, 'prompt-cancel')).toMatchObject({ prompt: null, timeline: { filter: '' } });
    const events = type(act(modelOf(revisedRun(), { view: 'events' }), 'filter'), 'ballot');
    expect([events.browse.events.filter, events.timeline.filter]).toEqual(['ballot', '']);
  });

  it('keeps a long line readable where it is typed', () => {
    const long = type(act(modelOf(revisedRun(), { view: 'timeline' }), 'filter'), 'x'.repeat(100) + 'end');
    expect(text(long)).toContain('end');
  });
});

describe('copying', () => {
  it('takes what is in front, as it was written', () => {
    const done = modelOf(scriptedRun({ agents: 3 }), { cols: 44, rows: 16 });
    expect([
      copyOf({ ...done, view: 'final' })?.text,
      finalOf(done)?.text,
      copyOf({ ...done, view: 'answers' }),
      copyOf({ ...done, focus: 0 })?.what,
    ]).toEqual([
      FINAL,
      FINAL,
      { text: 'Guard the refresh with one shared promise (plan 2).', what: 'agent2.1' },
      'the newest text of agent1',
    ]);
    expect(JSON.parse(copyOf({ ...done, view: 'events' })?.text ?? '')).toMatchObject({ type: 'run.finished' });
  });

  it('has nothing before a run', () => {
    expect([copyOf(modelOf([])), finalOf(run())]).toEqual([null, null]);
  });
});
