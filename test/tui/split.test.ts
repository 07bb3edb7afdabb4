import { describe, expect, it } from 'vitest';
import { viewAction } from '../../src/tui/app/view-action.ts';
import { startSearch } from '../../src/tui/app/prompt-action.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { paneLayout, focusedRect } from '../../src/tui/view/pane-layout.ts';
import { buildFrame, placesOf } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';

type Step = Parameters<typeof viewAction>[1] | number;

const drafting = scriptedRun({ agents: 8, until: 'drafting' });
const eight = (change: Partial<Model> = {}): Model => modelOf(drafting, { cols: 120, rows: 40, ...change });
/** A number focuses that agent. */
const after = (model: Model, ...steps: Step[]): Model =>
  steps.reduce<Model>(
    (now, step) => ({
      ...now,
      ...(typeof step === 'number' ? viewAction(now, 'focus-number', step) : viewAction(now, step)),
    }),
    model,
  );
const shown = (model: Model): number[] | string => {
  const layout = paneLayout(model, placesOf(model).body);
  return layout.kind === 'grid' ? layout.shown.map((i) => i + 1) : layout.kind;
};

describe('a split', () => {
  it('has the focused agent and the next one beside each other; a number takes the place of the focused one', () => {
    const split = after(eight(), 3, 'split');
    expect([
      shown(split),
      shown(after(split, 7)),
      shown(after(split, 'focus-next', 1)),
      shown(after(split, 'split')),
    ]).toEqual([
      [3, 4],
      [7, 4],
      [3, 1],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  });

  it('lets Tab go between the two, and Esc back to all', () => {
    const split = after(eight(), 'split', 'focus-next');
    expect([split.focus, after(split, 'focus-next').focus, shown(after(split, 'back'))]).toEqual([
      1,
      0,
      [1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  });

  it('shows an agent in which something is found, in the place of another', () => {
    const model = after(eight(), 'split');
    const found = { ...model, ...startSearch(model, 'retry', true) };
    expect(shown(found)).toContain(found.focus + 1);
  });

  it('scrolls the pane that is focused, by its own height', () => {
    const model = after(eight({ cols: 50, rows: 20 }), 'split', 'focus-next');
    const { body } = placesOf(model);
    const { y, height } = focusedRect(model, body);
    expect([y + height, height < body.height / 2 + 1]).toEqual([body.y + body.height, true]);
  });
});

describe('how many agents are shown at once', () => {
  it('halves with + until there is one, and Esc shows all', () => {
    const model = after(eight(), 6);
    expect(
      [after(model, 'larger'), after(model, 'larger', 'larger'), after(model, 'larger', 'larger', 'larger')].map(shown),
    ).toEqual([[5, 6, 7, 8], [5, 6], 'zoom']);
    expect(shown(after(model, 'larger', 'back'))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('turns the page with the focus', () => {
    expect(shown(after(eight(), 'larger', 'focus-previous'))).toEqual([5, 6, 7, 8]);
  });

  it('shows all in small panes with _ where a list would stand', () => {
    const list = eight({ cols: 80, rows: 20 });
    expect([shown(list), shown(after(list, 'smaller'))]).toEqual(['list', [1, 2, 3, 4, 5, 6, 7, 8]]);
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const)('looks well at %ix%i', async (cols, rows) => {
    const frames = [after(eight({ cols, rows }), 2, 'split'), after(eight({ cols, rows }), 'larger', 'larger')];
    const text = frames.map((model) => frameText(buildFrame(model)).join('\n')).join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/split-${cols}x${rows}.txt`);
  });
});

describe('two answers', () => {
  const done = modelOf(scriptedRun({ agents: 3 }), { view: 'answers', cols: 140, rows: 30 });
  it('stand beside each other when one is marked and another one picked', () => {
    const model = after(done, 'top', 'compare', 'scroll-down');
    const rows = frameText(buildFrame(model));
    expect(rows.find((row) => row.includes('plan 1'))).toMatch(/plan 1\).* │ .*plan 2\)/);
    expect(rows.join('\n')).toContain('agent1.1 and agent2.1');
  });

  it('show what differs on request, and where there is no room for two', () => {
    const marked = after(done, 'top', 'compare', 'scroll-down');
    for (const model of [after(marked, 'diff'), { ...marked, cols: 60, rows: 24 }]) {
      const text = frameText(buildFrame(model)).join('\n');
      expect(text).toMatch(/- Guard the refresh.*plan 1[\s\S]*\+ Guard the refresh.*plan 2|- Guard[\s\S]*\+ Guard/);
    }
  });

  it('are one again when the mark is taken back', () => {
    expect(after(done, 'top', 'compare', 'compare').compared).toBeNull();
  });
});
