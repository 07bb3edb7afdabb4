import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { commandEvents } from '../../src/coordination/step-in.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import { partOf } from '../../src/tui/view/changes-page.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

const PATCH = [
  'diff --git a/src/a.ts b/src/a.ts',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -1,3 +1,3 @@',
  ' one',
  '--- two',
  '+++ zwei',
  ' three',
  'diff --git a/new.txt b/new.txt',
  '--- /dev/null',
  '+++ b/new.txt',
  '@@ -0,0 +1 @@',
  '+hello \x1b]52;c;x\x07',
  '',
].join('\n');
const FILES = [
  { path: 'src/a.ts', change: 'modified', added: 1, removed: 1, isBinary: false },
  { path: 'new.txt', change: 'added', added: 1, removed: 0, isBinary: false },
  { path: 'logo.png', change: 'added', added: 0, removed: 0, isBinary: true },
] as const;

/** A run whose winner would change files, and that waits for the user. */
function proposing(): RunEvent[] {
  const out = new EventWriter();
  const whole = scriptedRun({ agents: 3 });
  out.events.push(...whole.slice(0, -1));
  out.add('changes.proposed', { label: 'agent2.1', base: 'b', files: [...FILES], patch: 'changes/agent2.1.patch' });
  return out.events;
}

async function shown(cols = 120, rows = 30) {
  const clock = createFakeClock();
  const handle = scriptedHandle(proposing(), clock, Infinity);
  const app = new App(
    createModel({ cols, rows, now: 0, ascii: false, team: { name: 't', agents: [] }, teams: [] }),
    {
      clock,
      requestFrame: () => undefined,
      start: async () => handle,
      toggleTheme: () => undefined,
      redraw: () => undefined,
      ports: {
        files: {
          list: async () => null,
          read: async () => ({ kind: 'missing' }),
          readOfRun: async () => ({ kind: 'text', text: PATCH, isCut: false }),
        },
      },
      suspend: () => undefined,
      leave: () => undefined,
    },
    'q',
  );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  app.begin();
  await settle();
  const keys = async (...list: string[]): Promise<void> => {
    for (const key of list) {
      app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
      await settle();
    }
  };
  return { app, handle, keys, text: () => frameText(buildFrame(app.model)).join('\n') };
}

describe('the sides of the final answer', () => {
  it('are one Tab apart, and the row above names them', () => {
    let model: Model = modelOf(scriptedRun({ agents: 3 }), { view: 'final', cols: 120, rows: 30 });
    const views: string[] = [];
    for (let i = 0; i < 4; i++) {
      views.push(model.view);
      expect(frameText(buildFrame(model))[1]).toBe(' answer   votes 2   cost and figures');
      model = { ...model, ...viewAction(model, 'next-tab') };
    }
    expect(views).toEqual(['final', 'ballots', 'cost', 'final']);
  });

  it('tell the figures of a run that is over', () => {
    const text = frameText(buildFrame(modelOf(scriptedRun({ agents: 3 }), { view: 'cost', cols: 120, rows: 40 }))).join(
      '\n',
    );
    for (const figure of ['self-votes', 'margin', 'wasted', 'first answer', 'consensus'])
      expect(text).toContain(figure);
  });
});

describe('changes of files that wait for the user', () => {
  it('are shown file by file, with the changes of the picked one and nothing harmful', async () => {
    const w = await shown();
    await w.keys('W');
    expect(w.text()).toMatch(/✓ ~ src\/a\.ts {2}\+1 -1[\s\S]*✓ \+ new\.txt {2}\+1 -0[\s\S]*✓ \+ logo\.png {2}binary/);
    expect(w.text()).toMatch(/- -- two[\s\S]*\+ \+\+ zwei/);
    await w.keys('j');
    expect(w.text()).toMatch(/\+ hello *$/m);
  });

  it('are decided by file, with a comment', async () => {
    const w = await shown();
    await w.keys('W', 'j', 'x');
    expect(w.text()).toContain('✗ + new.txt  +1 -0, left out');
    await w.keys('enter', 'n', 'o', 'enter');
    expect(w.handle.commands).toEqual([{ type: 'review', paths: ['src/a.ts', 'logo.png'], comment: 'no' }]);
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const)('look well at %ix%i', async (cols, rows) => {
    const w = await shown(cols, rows);
    await w.keys('W', 'j', 'x', 'k');
    await expect(`${w.text()}\n`).toMatchFileSnapshot(`golden/changes-${cols}x${rows}.txt`);
  });
});

describe('a decision over files', () => {
  const state = foldEvents(proposing());
  if (!state) throw new Error('no state');

  it('accepts what was proposed and nothing else, once', () => {
    const drafts = commandEvents(state, { type: 'review', paths: ['new.txt', '../../etc/passwd'], comment: 'ok' }, 'm');
    const data = { label: 'agent2.1', paths: ['new.txt'], by: 'user', comment: 'ok' };
    expect(drafts).toEqual([{ type: 'changes.decided', data }]);
    const decided = foldEvents([
      ...proposing(),
      { ...proposing().at(-1), seq: 999, type: 'changes.decided', data } as RunEvent,
    ]);
    expect(decided && commandEvents(decided, { type: 'review', paths: [], comment: '' }, 'm')).toEqual([]);
  });
});

describe('the part of a patch that is about one file', () => {
  it('has its hunks, also rows that look like headers', () => {
    expect([partOf(PATCH, 'src/a.ts'), partOf(PATCH, 'new.txt'), partOf(PATCH, 'other')]).toEqual([
      ['@@ -1,3 +1,3 @@', ' one', '--- two', '+++ zwei', ' three'],
      ['@@ -0,0 +1 @@', '+hello \x1b]52;c;x\x07'],
      [],
    ]);
  });
});
