import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { App } from '../../src/tui/app/app.ts';
import type { SessionChoice, SessionPort } from '../../src/tui/sessions.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { sessionsPage } from '../../src/tui/view/session-pages.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

function session(id: string, questions: string[], more: Partial<SessionChoice> = {}): SessionChoice {
  const turns = questions.map((question, i) => ({
    dir: `/runs/${id}-${i}`,
    when: '2026-11-22 18:21',
    question,
    answer: `**Answer** to ${question}`,
    left: [],
    outcome: 'answered',
    cost: { usd: 0.25, isComplete: true },
  }));
  return {
    id,
    name: null,
    when: '2026-11-22 18:21',
    cwd: '/',
    isHere: true,
    isCurrent: false,
    parent: null,
    turns,
    ...more,
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

function world(events: readonly RunEvent[] = []) {
  const clock = createFakeClock();
  const log: string[] = [];
  let list = [
    session('one', ['Why?', 'And then?'], { isCurrent: true }),
    session('two', ['What is a monad?'], { name: 'functional talk' }),
  ];
  const sessions: SessionPort = {
    list: () => Promise.resolve(list),
    current: () => Promise.resolve(list[0] ?? null),
    openTurn: (dir) => {
      log.push(`open ${dir}`);
      return Promise.resolve(scriptedHandle(scriptedRun({ agents: 3 }), clock, Infinity));
    },
    goOn: (id) => void log.push(`go on ${id}`),
    begin: () => void log.push('begin'),
    fork: (id) => {
      log.push(`fork ${id}`);
      return Promise.resolve(`${id}-2`);
    },
    rename: (id, name) => {
      log.push(`rename ${id} ${name}`);
      list = list.map((one) => (one.id === id ? { ...one, name } : one));
      return Promise.resolve();
    },
    countLogs: () => Promise.resolve(3),
    remove: (id) => {
      log.push(`remove ${id}`);
      list = list.filter((one) => one.id !== id);
      return Promise.resolve();
    },
  };
  const app = new App(
    modelOf(events, { cols: 110 }),
    {
      clock,
      requestFrame: () => undefined,
      start: () => Promise.reject(new Error('not here')),
      toggleTheme: () => undefined,
      redraw: () => undefined,
      ports: { sessions },
      suspend: () => undefined,
      leave: () => undefined,
    },
    null,
  );
  return {
    app,
    log,
    keys: async (...keys: string[]): Promise<void> => {
      for (const key of keys) {
        app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
        await settle();
      }
    },
    text: () => frameText(buildFrame(app.model)).join('\n'),
  };
}

describe('earlier questions', () => {
  it('are there to read, the latest first on the screen, each with its run', async () => {
    const { app, log, keys, text } = world();
    await keys('escape', 'H');
    const latest = text().includes('2. And then?');
    await keys('k');
    const first = text().includes('1. Why?');
    await keys('enter');
    expect([latest, first, log, app.model.run?.state?.question !== undefined]).toEqual([
      true,
      true,
      ['open /runs/one-0'],
      true,
    ]);
  });

  it('give way to what was there before', async () => {
    const { app, keys } = world(scriptedRun({ agents: 3 }));
    await keys('H', 'escape');
    expect([app.model.view, app.model.turns]).toEqual(['final', null]);
  });
});

describe('the list of sessions', () => {
  it('finds one by any word in it, and goes on with it', async () => {
    const { app, log, keys, text } = world();
    await keys('escape', 'R', '/', ...'monad'.split(''));
    const found = text().includes('1 of 2, filter "monad"');
    await keys('enter', 'enter');
    expect([found, log, app.model.message?.text, app.model.isEditing]).toEqual([
      true,
      ['go on two', 'open /runs/two-0'],
      'your next question goes on with: functional talk',
      expect.any(Boolean),
    ]);
  });

  it('shows more of each answer where a session has few, and counts the rest', () => {
    const preview = (turns: number): string[] => {
      const [base] = session('one', ['Why?']).turns;
      if (!base) return [];
      const answer = Array.from({ length: 30 }, (_, i) => `- row ${i + 1}`).join('\n');
      const talk = session('one', [], { turns: Array.from({ length: turns }, () => ({ ...base, answer })) });
      const sessions = { list: [talk], pick: null, top: 0, filter: '', asked: null };
      const lines = sessionsPage(modelOf([], { sessions }))
        .detail(0, 60)
        .map((line) => lineText(line).trim());
      return lines
        .filter((line) => /row|more/.test(line))
        .slice(0, Math.floor(24 / turns) + 1)
        .slice(-2);
    };
    expect([preview(1), preview(3)]).toEqual([
      ['• row 24', '… 6 more lines'],
      ['• row 8', '… 22 more lines'],
    ]);
  });

  it('shows the questions of the picked one, and comes back', async () => {
    const { app, keys, text } = world();
    await keys('escape', 'R', 'j', 'H');
    const shown = text().includes('1. What is a monad?');
    await keys('escape');
    expect([shown, app.model.view]).toEqual([true, 'sessions']);
  });

  it('branches off', async () => {
    const { log, keys } = world();
    await keys('escape', 'R', 'f');
    expect(log).toEqual(['fork one', 'open /runs/one-1']);
  });

  it('renames', async () => {
    const { log, keys, text } = world();
    await keys('escape', 'R', 'r', ...'talk'.split(''), 'enter');
    expect([log, text().includes('talk')]).toEqual([['rename one talk'], true]);
  });

  it('deletes after a question only, and never the session that one is in', async () => {
    const { app, log, keys, text } = world();
    await keys('escape', 'R', 'x');
    const own = app.model.message?.text;
    await keys('j', 'x');
    const asked = text().includes('and the logs of 3 runs for good?');
    await keys('enter');
    const kept = [...log];
    await keys('x', 'y');
    expect([own, asked, kept, log, app.model.sessions?.list.length]).toEqual([
      'This is the session that you are in: it stays.',
      true,
      [],
      ['remove two'],
      1,
    ]);
  });

  it('stays closed while a run is going', async () => {
    const { app, keys } = world(scriptedRun({ agents: 3, until: 'drafting' }));
    await keys('R');
    expect(app.model.view).toBe('panes');
  });
});

describe('an app that begins with a session', () => {
  it('says that there are earlier questions, and is silent about none', async () => {
    const { app } = world();
    app.begin();
    await settle();
    expect(app.model.message?.text).toBe('2 earlier questions in this session: Esc, then H');
  });
});
