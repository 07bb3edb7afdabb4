import { describe, expect, it } from 'vitest';
import { mouseAction } from '../../src/tui/app/mouse.ts';
import type { MouseToken } from '../../src/tui/input/tokenizer.ts';
import { layoutBody } from '../../src/tui/view/layout.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame, placesOf } from '../../src/tui/view/screen.ts';
import { pickedEntry } from '../../src/tui/view/timeline-screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';

function at(x: number, y: number, action: MouseToken['action'] = 'press'): MouseToken {
  return { kind: 'mouse', action, x, y };
}

function four(change: Partial<Model> = {}): Model {
  return modelOf(scriptedRun({ agents: 4, until: 'judging' }), change);
}

describe('the mouse', () => {
  it('focuses the pane that is clicked, at every cell of it', () => {
    const model = four();
    const layout = layoutBody(placesOf(model).body, 4, false);
    const panes = layout.kind === 'grid' ? layout.panes : [];
    const found = panes.map(({ x, y, width, height }) => [
      mouseAction({ ...model, focus: -1 }, at(x, y))?.focus,
      mouseAction({ ...model, focus: -1 }, at(x + width - 1, y + height - 1))?.focus,
    ]);
    expect(found).toEqual([0, 1, 2, 3].map((i) => [i, i]));
  });

  it.each([
    ['the focused pane', four(), at(0, 1)],
    ['the status row', four(), at(0, 0)],
    ['a place beyond the screen', four(), at(500, 500)],
    ['anything under a question', four({ isQuitAsked: true }), at(60, 1)],
    ['a screen without panes', four({ view: 'final' }), at(60, 5)],
  ])('changes nothing on %s', (_what, model, token) => {
    expect(mouseAction(model, token)).toBeNull();
  });

  it('scrolls the pane under the wheel, three rows a step, and focuses it', () => {
    const model = four();
    const change = mouseAction(model, at(60, 3, 'wheelup'));
    expect([change?.focus, [...(change?.paneScroll ?? [])]]).toEqual([1, [['agent2', expect.anything()]]]);
  });

  it('picks the row of a list that is clicked, where it is scrolled to', () => {
    const model = modelOf(scriptedRun({ agents: 4 }), { view: 'events', cols: 120, rows: 30 });
    const rows = frameText(buildFrame(model));
    const y = rows.findIndex((row) => row.startsWith('>')) - 3;
    const clicked = { ...model, ...mouseAction(model, at(5, y)) };
    const number = (row: string | undefined): string | undefined => /\d+/.exec(row ?? '')?.[0];
    const picked = frameText(buildFrame(clicked)).find((row) => row.startsWith('>'));
    expect([number(picked), mouseAction(model, at(5, 1)), mouseAction(model, at(90, 5))]).toEqual([
      number(rows[y]),
      null,
      null,
    ]);
  });

  it('scrolls the details under the wheel as far as they go, and the list elsewhere', () => {
    let model = modelOf(scriptedRun({ agents: 4 }), { view: 'events', cols: 120, rows: 20 });
    model = { ...model, browse: { ...model.browse, events: { ...model.browse.events, pick: 0 } } };
    const tops = Array.from({ length: 100 }, () => {
      model = { ...model, ...mouseAction(model, at(90, 5, 'wheeldown')) };
      return model.browse.events.top;
    });
    const isShort = / more line/.test(frameText(buildFrame(model)).join(' '));
    expect([tops[0], tops.at(-1) === tops.at(-2), isShort, model.browse.events.pick]).toEqual([3, true, false, 0]);
    expect(mouseAction(model, at(5, 5, 'wheeldown'))?.browse?.events.pick).toBe(3);
  });

  it('scrolls the help where that is open', () => {
    const model = four({ isHelpOpen: true });
    expect(mouseAction(model, at(5, 5, 'wheeldown'))?.helpTop).toBe(3);
  });

  it('picks the moment of a lane that is clicked, and opens it in its pane with another click', () => {
    const model = four({ view: 'timeline', cols: 120, rows: 40 });
    const rows = frameText(buildFrame(model));
    const y = rows.findIndex((row) => row.startsWith('2 gpt'));
    const x = (rows[y] ?? '').indexOf('A');
    const picked = { ...model, ...mouseAction(model, at(x, y)) };
    expect(pickedEntry(picked)).toMatchObject({ word: 'ANSWER', alias: 'agent2' });
    const opened = mouseAction(picked, at(x, y));
    expect([opened?.view, opened?.focus]).toEqual(['panes', 1]);
  });

  it('picks the event of a row of the timeline', () => {
    const model = four({ view: 'timeline', cols: 120, rows: 40 });
    const y = frameText(buildFrame(model)).findIndex((row) => /ANSWER +3 gemini/.test(row));
    expect(pickedEntry({ ...model, ...mouseAction(model, at(10, y)) })).toMatchObject({
      word: 'ANSWER',
      alias: 'agent3',
    });
  });
});
