import { describe, expect, it } from 'vitest';
import { createReplay } from '../../src/sessions/replay.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { openedText } from '../../src/tui/app/open-text.ts';
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
