import { describe, expect, it } from 'vitest';
import { createReplay } from '../../src/sessions/replay.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { AnswerFiles, FileContent, FilesPort } from '../../src/tui/files.ts';
import { renderDiff } from '../../src/tui/view/answer-diff.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';

const file = (path: string, hash: string, bytes = 20) => ({ path, hash, bytes, kind: 'file' as const });
const LISTS: Record<string, AnswerFiles> = {
  'agent1.1': { files: [file('README.md', 'r1'), file('src/a.ts', 'a1'), file('src/old.ts', 'o1')], leftOut: 0 },
  'agent1.2': {
    files: [
      file('README.md', 'r1'),
      file('logo.png', 'p1', 34_567),
      file('src/a.ts', 'a2'),
      { path: 'src/link', hash: null, bytes: 0, kind: 'link' },
      file('src/\x1b]52;c;x\x07\u202eevil\nname.ts', 'e1'),
    ],
    leftOut: 3,
  },
};
const CONTENTS: Record<string, FileContent> = {
  'agent1.1 src/a.ts': { kind: 'text', text: 'const a = 1;\nconst b = 2;\n', isCut: false },
  'agent1.2 src/a.ts': { kind: 'text', text: 'const a = 3;\nconst b = 2;\n```\n', isCut: false },
  'agent1.2 logo.png': { kind: 'binary', bytes: 34_567 },
  'agent1.1 src/old.ts': { kind: 'text', text: 'gone();\n', isCut: false },
};

async function shown({
  cols = 120,
  rows = 30,
  lists = LISTS,
  contents = CONTENTS,
}: { cols?: number; rows?: number; lists?: typeof LISTS; contents?: typeof CONTENTS } = {}) {
  const out = new EventWriter();
  out.events.push(...scriptedRun({ agents: 2, until: 'drafting' }));
  for (const label of ['agent1.1', 'agent1.2']) {
    out.add('snapshot.taken', { turn: 't', label, files: 3, bytes: 60, leftOut: 0, problem: null }, 'agent1');
    out.add('answer.submitted', { turn: 't', label, text: 'x', source: 'tool', isCut: false, callId: null }, 'agent1');
  }
  const clock = createFakeClock();
  const reads: string[] = [];
  const files: FilesPort = {
    list: async (dir, label) => (reads.push(`${dir} ${label}`), lists[label] ?? null),
    readOfRun: async () => ({ kind: 'missing' }),
    read: async (_, label, path) => (
      reads.push(`${label} ${path}`),
      contents[`${label} ${path}`] ?? { kind: 'missing' }
    ),
  };
  const app = new App(
    {
      ...createModel({ cols, rows, now: 0, ascii: false, team: { name: 't', agents: [] }, teams: [] }),
      renderMarkdown,
      renderDiff,
    },
    {
      clock,
      requestFrame: () => undefined,
      start: async () => createReplay({ events: out.events, dir: '/r', clock, speed: Infinity }),
      isReplay: true,
      toggleTheme: () => undefined,
      redraw: () => undefined,
      ports: { files },
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
  return { app, reads, keys, text: () => frameText(buildFrame(app.model)).join('\n') };
}

describe('the browser of files', () => {
  it('shows the tree of the newest answer, with what became of every file', async () => {
    const w = await shown();
    await w.keys('F');
    const left = w
      .text()
      .split('\n')
      .slice(1, 10)
      .map((row) => row.slice(0, 40).trimEnd());
    expect(left.map((row) => row.replace(/^[> ] /, ''))).toEqual([
      expect.stringContaining('files of agent1.2  5 files, 35 kB,'),
      '  README.md  20 B',
      '+ logo.png  35 kB',
      '  src/  4 files',
      '  + evil name.ts  20 B',
      '  ~ a.ts  20 B',
      '  + link  a link',
      '  - old.ts  20 B',
      '',
    ]);
  });

  it('shows a file, what changed in it, and one that is gone; binary files and links are told', async () => {
    const w = await shown();
    await w.keys('F', 'j', 'j', 'j', 'j');
    expect(w.text()).toMatch(/const a = 3;[\s\S]*```/);
    await w.keys('d');
    expect(w.text()).toMatch(/- const a = 1;[\s\S]*\+ const a = 3;/);
    await w.keys('d', 'j');
    expect(w.text()).toContain('A symbolic link. Links are not followed.');
    await w.keys('j');
    expect(w.text()).toContain('gone();');
    await w.keys('g', 'j');
    expect(w.text()).toContain('A binary file of 35 kB.');
  });

  it('shows a file of nothing but signs of code', async () => {
    const text = '`a'.repeat(150_000);
    const w = await shown({ contents: { 'agent1.2 README.md': { kind: 'text', text, isCut: false } } });
    await w.keys('F');
    expect(w.text()).toContain('`a`a`a');
  });

  it('turns to the next answer with Tab, and reads everything once', async () => {
    const w = await shown();
    await w.keys('F', 'tab');
    expect(w.text()).toContain('files of agent1.1  3 files');
    await w.keys('tab', 'tab', 'tab');
    expect(w.reads.filter((read) => read.startsWith('/r'))).toEqual(['/r agent1.2', '/r agent1.1']);
    expect(new Set(w.reads).size).toBe(w.reads.length);
  });

  it('says why it shows nothing', async () => {
    const w = await shown({ lists: {} });
    await w.keys('F');
    expect(w.text()).toContain('the files are not there any more');
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const)('looks well at %ix%i', async (cols, rows) => {
    const w = await shown({ cols, rows });
    await w.keys('F', 'j', 'j', 'j', 'j', 'd');
    await expect(`${w.text()}\n`).toMatchFileSnapshot(`golden/files-${cols}x${rows}.txt`);
  });
});
