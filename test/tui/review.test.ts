import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { WrittenFiles } from '../../src/tui/ports.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';

const PATCH = [
  'diff --git a/src/a.ts b/src/a.ts',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -1,2 +1,2 @@',
  ' one',
  '-two',
  '+zwei',
  '@@ -11,2 +11,2 @@',
  ' ten',
  '-eleven',
  '+elf',
  '@@ -21,2 +21,2 @@',
  ' twenty',
  '-last',
  '+letzte',
  'diff --git a/new.txt b/new.txt',
  '--- /dev/null',
  '+++ b/new.txt',
  '@@ -0,0 +1 @@',
  '+hello',
  '',
].join('\n');
const FILES = [
  { path: 'src/a.ts', change: 'modified', added: 3, removed: 3, isBinary: false, hunks: 3 },
  { path: 'new.txt', change: 'added', added: 1, removed: 0, isBinary: false },
] as const;
const LABEL = 'agent2.1';

/** A run that proposes two files, and what came after. */
function reviewed(...drafts: EventDraft[]): RunEvent[] {
  const out = new EventWriter();
  const whole = scriptedRun({ agents: 3 });
  out.events.push(...whole.slice(0, -1));
  out.add('changes.proposed', { label: LABEL, base: '/home/me', files: [...FILES], patch: 'changes/p.patch' });
  for (const { type, data } of drafts) out.add(type, data as never);
  return out.events;
}

const END: EventDraft = {
  type: 'run.finished',
  data: { outcome: 'answered', reason: 'The final answer was presented.' },
};
const DECLINED: EventDraft = { type: 'changes.decided', data: { label: LABEL, paths: [], by: 'user', comment: '' } };
const APPLIED: EventDraft = {
  type: 'changes.applied',
  data: { label: LABEL, paths: ['src/a.ts', 'new.txt'], backup: 'b' },
};

async function shown(events: readonly RunEvent[]) {
  const clock = createFakeClock();
  const handle = scriptedHandle(events, clock, Infinity);
  const written: unknown[] = [];
  const done = (draft: EventDraft): WrittenFiles => {
    const out = new EventWriter();
    out.events.push(...events);
    out.add(draft.type, draft.data as never);
    const event = out.events.at(-1);
    if (!event) throw new Error('no event');
    return { paths: ['src/a.ts'], left: [], event };
  };
  const app = new App(
    createModel({ cols: 120, rows: 30, now: 0, ascii: false, team: { name: 't', agents: [] }, teams: [] }),
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
        writeChanges: async (dir, paths, hunks) => {
          written.push({ dir, paths, hunks });
          return done({ type: 'changes.applied', data: { label: LABEL, paths: [...paths], backup: 'b' } });
        },
        undoChanges: async (dir) => {
          written.push({ dir, undone: true });
          return done({ type: 'changes.undone', data: { label: LABEL, paths: ['src/a.ts', 'new.txt'] } });
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
  await keys('W');
  return { app, handle, keys, written, text: () => frameText(buildFrame(app.model)).join('\n') };
}

describe('the parts of a changed file', () => {
  it('are marked, and keys are about one of them', async () => {
    const w = await shown(reviewed());
    expect(w.text()).toMatch(/> ✓ part 1 of 3 {2}@@ -1,2 \+1,2 @@[\s\S]* ✓ part 2 of 3 /);
    await w.keys('n', 'h');
    expect(w.text()).toMatch(/ {2}✓ part 1 of 3 [\s\S]*> ✗ part 2 of 3, left out {2}@@ -11/);
    expect(w.text()).toContain('✓ ~ src/a.ts  +3 -3, 2 of 3 parts');
  });

  it('are shown as they were decided, whatever the file is called', async () => {
    const files = [{ ...FILES[0], path: 'constructor' }];
    const run = reviewed(
      { type: 'changes.decided', data: { label: LABEL, paths: ['constructor'], by: 'user', comment: '' } },
      { type: 'changes.applied', data: { label: LABEL, paths: ['constructor'], backup: 'b' } },
      END,
    );
    const w = await shown(
      run.map((event) => (event.type === 'changes.proposed' ? { ...event, data: { ...event.data, files } } : event)),
    );
    expect(w.text()).toContain('✓ ~ constructor  +3 -3');
  });

  it('say what no line of them shows', async () => {
    const run = reviewed();
    const files = [
      { path: 'run.sh', change: 'modified', added: 0, removed: 0, isBinary: false, detail: 'executable' },
    ] as const;
    const proposal = { label: LABEL, base: '/home/me', files: [...files], patch: 'changes/p.patch' };
    const w = await shown(
      run.map((event) => (event.type === 'changes.proposed' ? { ...event, data: proposal } : event)),
    );
    expect(w.text()).toContain('run.sh  +0 -0, executable');
    expect(w.text()).toContain('No line of its text changes: executable.');
  });

  it('are accepted one by one', async () => {
    const w = await shown(reviewed());
    await w.keys('n', 'h', 'enter', 'o', 'k', 'enter');
    expect(w.handle.commands).toEqual([
      { type: 'review', paths: ['src/a.ts', 'new.txt'], comment: 'ok', hunks: { 'src/a.ts': [0, 2] } },
    ]);
  });

  it('leave the file out with the last of them, and come back with the file', async () => {
    const w = await shown(reviewed());
    await w.keys('h', 'n', 'h', 'n', 'h');
    expect(w.text()).toContain('✗ ~ src/a.ts  +3 -3, left out');
    await w.keys('x');
    expect(w.text()).toContain('✓ ~ src/a.ts  +3 -3 ');
  });

  it('are the file itself where there is one', async () => {
    const w = await shown(reviewed());
    await w.keys('j', 'h');
    expect(w.text()).toContain('✗ + new.txt  +1 -0, left out');
  });
});

describe('sending changed files back', () => {
  it('tells the run what is to be different, and shows the team again', async () => {
    const w = await shown(reviewed());
    await w.keys('c', 'n', 'o', 'enter');
    expect([w.handle.commands, w.app.model.view]).toEqual([[{ type: 'send-back', comment: 'no' }], 'panes']);
  });

  it('needs words', async () => {
    const w = await shown(reviewed());
    await w.keys('c', 'enter');
    expect([w.handle.commands, w.app.model.view]).toEqual([[], 'changes']);
    expect(w.text()).toContain('Say what is to be different');
  });

  it('is not offered after the end', async () => {
    const w = await shown(reviewed(DECLINED, END));
    await w.keys('c');
    expect([w.app.model.prompt, w.text().includes('send back')]).toEqual([null, false]);
  });
});

describe('after the end of the run', () => {
  it('what was written is brought back when it is asked for twice', async () => {
    const w = await shown(reviewed(APPLIED, END));
    await w.keys('u');
    expect(w.written).toEqual([]);
    expect(w.text()).toContain('u again brings back what was in your folder before');
    await w.keys('u');
    expect(w.written).toEqual([{ dir: '/tmp/run-0001', undone: true }]);
    expect(w.text()).toContain('2 files of agent2.1  brought back');
  });

  it('what was declined is written after all, as it is chosen, when it is asked for twice', async () => {
    const w = await shown(reviewed(DECLINED, END));
    await w.keys('n', 'h', 'enter');
    expect(w.text()).toContain('Enter again writes 2 files to your folder');
    await w.keys('enter');
    expect(w.written).toEqual([
      { dir: '/tmp/run-0001', paths: ['src/a.ts', 'new.txt'], hunks: { 'src/a.ts': [0, 2] } },
    ]);
    expect(w.text()).toContain('2 files of agent2.1  written');
  });

  it('another key in between asks anew', async () => {
    const w = await shown(reviewed(DECLINED, END));
    await w.keys('enter', 'x', 'x', 'enter');
    expect(w.written).toEqual([]);
  });
});
