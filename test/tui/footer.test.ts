import { describe, expect, it } from 'vitest';
import type { Model, ViewName } from '../../src/tui/view/model.ts';
import { footerArea } from '../../src/tui/view/footer.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { askWorld, requested } from './asking-run.ts';
import { modelOf } from './models.ts';

const VIEWS: ViewName[] = ['panes', 'timeline', 'final', 'answers', 'ballots', 'events', 'files', 'cost', 'context'];
const events = scriptedRun({ agents: 3 });
const footer = (change: Partial<Model>): string => lineText(footerArea(modelOf(events, change)).lines[0] ?? []);

describe('the footer', () => {
  it('shows whole keys only, at any width of any screen, and help beside them', () => {
    for (const view of VIEWS) {
      const whole = footer({ view, cols: 400 }).split(/ {2,}/);
      for (let cols = 40; cols <= 160; cols++) {
        const row = footer({ view, cols });
        const words = row.trim().split(/ {2,}/);
        expect([
          view,
          cols,
          textWidth(row) <= cols,
          words.filter((word) => !whole.some((each) => each.trim() === word)),
        ]).toEqual([view, cols, true, []]);
        expect(row.trimEnd()).toMatch(/\? help$/);
      }
    }
  });

  it('keeps the keys that fit beside a message, and none where none does', () => {
    const message = { tone: 'info' as const, text: 'x'.repeat(60) };
    expect(footer({ cols: 80, message }).trimEnd()).toMatch(/^ x{60} {2,}\? help$/);
    expect(footer({ cols: 120, message })).toMatch(/^ x{60} {2}\S/);
    expect(textWidth(footer({ cols: 40, message }))).toBeLessThanOrEqual(40);
  });

  it('names no key of answers or files where there are none, and no vote when the run is over', () => {
    const early = scriptedRun({ agents: 3, until: 'drafting' }).slice(0, 3);
    const row = (view: ViewName, shown = early): string =>
      lineText(footerArea(modelOf(shown, { view, cols: 300 })).lines[0] ?? []);
    expect([row('answers'), row('files', events)].map((each) => / (?:diff|compare|next) /.test(each))).toEqual([
      false,
      false,
    ]);
    expect([row('answers', events).includes(' vote '), row('answers', events).includes(' diff ')]).toEqual([
      false,
      true,
    ]);
  });

  it('names no key that would do nothing: no rating without an answer, no next request with one', async () => {
    const failed = modelOf(scriptedRun({ agents: 3, until: 'judging' }), { view: 'final', cols: 200 });
    expect(lineText(footerArea(failed).lines[0] ?? [])).not.toContain('good');
    expect(footer({ view: 'final', cols: 200 })).toContain('+ good');
    const world = await askWorld({ cols: 120, rows: 40 });
    world.handle.emit(requested());
    world.keys('a');
    expect(world.text()).not.toContain('the next request');
    world.handle.emit(requested({ request: 'approval-2' }));
    expect(world.text()).toContain(']     the next request');
  });
});
