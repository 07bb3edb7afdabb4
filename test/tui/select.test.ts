import { describe, expect, it } from 'vitest';
import { createReplay } from '../../src/sessions/replay.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { openedText } from '../../src/tui/app/open-text.ts';
import type { MouseToken } from '../../src/tui/input/tokenizer.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

/** The app over a run that is drafting, and what leaves it. */
async function world(openOutside?: (text: string) => Promise<void>, until: 'drafting' | 'finished' = 'drafting') {
  const clock = createFakeClock();
  const copied: string[] = [];
  const replay = createReplay({
    events: scriptedRun({ agents: 3, until }),
    dir: '/r',
    clock,
    speed: Infinity,
  });
  const app = new App(
    createModel({ cols: 100, rows: 30, now: 0, ascii: false, team: { name: 't', agents: [] }, teams: [] }),
    {
      clock,
      requestFrame: () => undefined,
      start: async () => replay,
      isReplay: true,
      toggleTheme: () => undefined,
      redraw: () => undefined,
      ports: { copy: async (text) => (copied.push(text), 'xclip') },
      ...(openOutside && { openOutside }),
      suspend: () => undefined,
      leave: () => undefined,
    },
    'q',
  );
  app.begin();
  await settle();
  const keys = (...list: string[]): void => {
    for (const key of list) app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
  };
  return { app, copied, keys, rows: () => frameText(buildFrame(app.model)) };
}

describe('selecting rows of a pane', () => {
  it('begins at the last row that is seen, grows with k, and copies what is shown', async () => {
    const w = await world();
    w.keys('2', 'v', 'k', 'k', 'y');
    await settle();
    const [text = ''] = w.copied;
    expect(text.split('\n').map((row) => row.trim().slice(0, 11))).toEqual([
      '▸ read_file',
      '✓ import { ',
      '▸ bash comm',
    ]);
    expect([w.app.model.selection, w.app.model.message?.text]).toEqual([
      null,
      expect.stringContaining('copied the selected rows'),
    ]);
  });

  it('scrolls along, to the first row', async () => {
    const w = await world();
    w.keys('1', 'enter', 'v', 'g', 'enter');
    await settle();
    expect(w.copied[0]?.split('\n')[0]).toMatch(/^── writing a first answer/);
  });

  it.each([
    ['A', 'final', /^# Fix for|Nothing else changes for callers/],
    ['I', 'inspect', /run-/],
    ['$', 'cost', /\S/],
  ] as const)('works in the text behind %s as in a pane', async (key, view, text) => {
    const w = await world(undefined, 'finished');
    w.app.model = { ...w.app.model, view: 'panes' };
    w.keys(key, 'v', 'g', 'y');
    await settle();
    expect([w.app.model.view, w.copied.length]).toEqual([view, 1]);
    expect(w.copied[0]).toMatch(text);
  });

  it('copies the same text from a narrow screen as from a wide one', async () => {
    const copied = await Promise.all(
      [44, 160].map(async (cols) => {
        const w = await world(undefined, 'finished');
        w.app.model = { ...w.app.model, cols, rows: 400, view: 'panes', renderMarkdown };
        w.keys('A', 'g', 'v', 'g', 'y');
        await settle();
        // On a narrow screen the reasons follow, under a title.
        return w.copied[0]?.split(/\n\n[─═]/)[0];
      }),
    );
    expect(copied[0]).toContain('the second call revokes the refresh token that the first one just received.');
    expect(copied[1]).toBe(copied[0]);
  });

  it('ends where another screen comes to the front', async () => {
    const w = await world(undefined, 'finished');
    w.app.model = { ...w.app.model, view: 'final' };
    w.keys('v', 'k');
    w.app.model = { ...w.app.model, view: 'cost' };
    expect(w.rows().at(-1)).not.toContain('copy');
  });

  it('ends with Esc and copies nothing', async () => {
    const w = await world();
    w.keys('v', 'k', 'escape');
    await settle();
    expect([w.app.model.selection, w.copied]).toEqual([null, []]);
  });
});

describe('dragging with the mouse', () => {
  type Spot = readonly [action: MouseToken['action'], x: number, y: number];
  const drag = (w: Awaited<ReturnType<typeof world>>, ...spots: readonly Spot[]): void => {
    for (const [action, x, y] of spots) w.app.handle({ kind: 'mouse', action, x, y });
  };
  const rowOf = (w: Awaited<ReturnType<typeof world>>, text: string): number =>
    w.rows().findIndex((row) => row.includes(text));

  it('selects rows of the pane where it began, and copies them when the button is let go', async () => {
    const w = await world();
    const y = rowOf(w, '▸ bash');
    const x = (w.rows()[y] ?? '').indexOf('▸ bash') + 3;
    drag(w, ['press', x, y - 1], ['drag', x, y], ['drag', x, y]);
    expect([w.app.model.selection, w.copied]).toMatchObject([{ alias: w.app.model.run?.panes[w.app.model.focus] }, []]);
    drag(w, ['release', x, y]);
    await settle();
    expect([w.copied[0]?.split('\n')[1]?.startsWith('▸ bash'), w.app.model.selection]).toEqual([true, null]);
  });

  it('scrolls beyond the edge of the text', async () => {
    const w = await world(undefined, 'finished');
    w.app.model = { ...w.app.model, rows: 14, view: 'final', finalTop: 0 };
    drag(w, ['press', 5, 4], ['drag', 5, 12], ['drag', 5, 13], ['drag', 5, 13]);
    expect([w.app.model.finalTop > 0, w.app.model.selection?.from]).toEqual([true, 2]);
  });

  it.each([
    [
      'a click',
      [
        ['press', 5, 5],
        ['release', 5, 5],
      ],
    ],
    [
      'a click of an unsteady hand',
      [
        ['press', 5, 5],
        ['drag', 6, 5],
        ['release', 6, 5],
      ],
    ],
    [
      'a drag from the status row',
      [
        ['press', 5, 0],
        ['drag', 5, 8],
        ['release', 5, 8],
      ],
    ],
    [
      'a drag that began elsewhere',
      [
        ['drag', 5, 8],
        ['release', 5, 8],
      ],
    ],
  ] as const)('copies nothing after %s', async (_what, spots) => {
    const w = await world();
    drag(w, ...spots);
    await settle();
    expect([w.copied, w.app.model.selection]).toEqual([[], null]);
  });

  it('leaves what stands under a dialog alone', async () => {
    const w = await world();
    w.app.model = { ...w.app.model, isHelpOpen: true };
    drag(w, ['press', 5, 5], ['drag', 5, 8], ['release', 5, 8]);
    await settle();
    expect(w.copied).toEqual([]);
  });
});

describe('opening what is in front', () => {
  it('gives all of it to the pager, harmless', async () => {
    const opened: string[] = [];
    const w = await world(async (text) => void opened.push(text));
    w.keys('2', 'o');
    await settle();
    expect(opened[0]).toMatch(
      /^-- writing a first answer\n\n\(thought\)[\s\S]*> read_file\n\npath: |^-- writing a first answer/,
    );
    expect(opened[0]).toContain('> bash\ncommand: npm test -- auth');
    // oxlint-disable-next-line no-control-regex -- controls are what it is about
    expect(opened[0]).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });

  it('says why it cannot be opened', async () => {
    const none = await world();
    none.keys('o');
    await settle();
    const failing = await world(async () => Promise.reject(new Error('The pager nope could not be started.')));
    failing.keys('o');
    await settle();
    expect([none.app.model.message?.text, failing.app.model.message?.text]).toEqual([
      'No pager can be opened from here.',
      'The pager nope could not be started.',
    ]);
  });

  it.each([
    ['final', /^# Fix for the parallel refresh race/],
    ['timeline', /00:00 START/],
    ['ballots', /result by copeland[\s\S]*ballot of/],
    ['events', /"type":"run\.finished"/],
  ] as const)('has the text of %s', (view, text) => {
    expect(openedText(modelOf(scriptedRun({ agents: 3 }), { view }))?.text).toMatch(text);
  });
});
