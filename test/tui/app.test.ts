// Above 500 lines on purpose: one scripted app and its fixtures serve every journey through the keys.
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { TuiPorts } from '../../src/tui/ports.ts';
import type { TeamChoice } from '../../src/tui/teams.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { shownRuns } from '../../src/tui/view/run-picker-view.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, FINAL, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle, type ScriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

interface World {
  app: App;
  clock: FakeClock;
  log: string[];
  questions: string[];
  handles: ScriptedHandle[];
  frames: { count: number };
  keys(...keys: string[]): void;
  type(text: string): void;
  text(): string;
}

interface Setup {
  events?: RunEvent[];
  speed?: number;
  question?: string | null;
  teams?: TeamChoice[];
  start?: (question: string) => Promise<RunHandle>;
  ports?: TuiPorts;
}

/** Lets promises go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

function world({
  events = scriptedRun({ agents: 3 }),
  speed = Infinity,
  question = null,
  teams,
  start,
  ports = {},
}: Setup = {}): World {
  const clock = createFakeClock();
  const log: string[] = [];
  const questions: string[] = [];
  const handles: ScriptedHandle[] = [];
  const frames = { count: 0 };
  const team = teams ? null : { name: 'four models', agents: agentInfos(3) };
  const model = createModel({ cols: 80, rows: 24, now: clock.now(), ascii: false, team, teams: teams ?? [] });
  const app = new App(
    model,
    {
      clock,
      requestFrame: () => frames.count++,
      start:
        start ??
        ((asked) => {
          questions.push(asked);
          const handle = scriptedHandle(events, clock, speed);
          handles.push(handle);
          return Promise.resolve(handle);
        }),
      toggleTheme: () => log.push('theme'),
      redraw: () => log.push('redraw'),
      ports,
      copyToTerminal: (text) => {
        log.push(`terminal ${text.length}`);
        return text.length < 500;
      },
      suspend: () => log.push('suspend'),
      leave: (reason) => log.push(`leave ${reason}`),
    },
    question,
  );
  app.begin();
  const keys = (...list: string[]): void => {
    for (const key of list) app.handle({ kind: 'key', key, text: key.length === 1 ? key : key === 'space' ? ' ' : '' });
  };
  return {
    app,
    clock,
    log,
    questions,
    handles,
    frames,
    keys,
    type: (text) => keys(...text.split('').map((ch) => (ch === ' ' ? 'space' : ch))),
    text: () => frameText(buildFrame({ ...app.model, now: clock.now() })).join('\n'),
  };
}

const drafting = scriptedRun({ agents: 3, until: 'drafting' });

describe('asking', () => {
  it('sends what was typed, once, and shows the run', async () => {
    const w = world({ events: drafting });
    w.type('why so');
    w.keys('ctrl+j');
    w.type('many?');
    w.keys('enter', 'enter');
    await settle();
    expect([w.questions, w.app.model.view, w.app.model.isRunActive, w.app.model.editor.text]).toEqual([
      ['why so\nmany?'],
      'panes',
      true,
      '',
    ]);
  });

  it('shows a cancelled run that goes on as one that is going', async () => {
    const last = drafting.at(-1);
    if (!last) throw new Error('the script has no events');
    const events = [
      { type: 'run.cancelled', data: { by: 'user' } },
      { type: 'run.finished', data: { outcome: 'cancelled', reason: 'The run was cancelled.' } },
      { type: 'run.resumed', data: { epoch: 2 } },
    ].map((event, index) => ({ ...last, ...event, seq: last.seq + 1 + index }) as RunEvent);
    const w = world({ events: [...drafting, ...events], question: 'why?' });
    await settle();
    expect([w.app.model.isRunActive, w.app.model.view, w.app.model.run?.state?.end]).toEqual([true, 'panes', null]);
    // Its former end had put the cursor into the field; the keys are those of a run again.
    w.keys('T');
    expect([w.app.model.view, w.app.model.editor.text]).toEqual(['timeline', '']);
  });

  it('sends nothing for an empty field', async () => {
    const w = world();
    w.type('  ');
    w.keys('enter');
    await settle();
    expect(w.questions).toEqual([]);
  });

  it('pastes lines without sending them', async () => {
    const w = world();
    w.app.handle({ kind: 'paste', text: 'one\ntwo\x1b[2J\x07' });
    await settle();
    expect([w.app.model.editor.text, w.questions]).toEqual(['one\ntwo', []]);
  });

  it('sends the question that the command line gave', async () => {
    const w = world({ question: 'from outside' });
    await settle();
    expect(w.questions).toEqual(['from outside']);
  });

  it('shows why a run could not begin and keeps the question', async () => {
    const w = world({
      start: () => Promise.reject(new MassgenError('no-key', 'Agent gpt has no key: set OPENAI_API_KEY.')),
    });
    w.type('hello');
    w.keys('enter');
    await settle();
    expect([w.app.model.editor.text, w.app.model.isEditing, w.app.model.message]).toEqual([
      'hello',
      true,
      { tone: 'err', text: 'Agent gpt has no key: set OPENAI_API_KEY.' },
    ]);
    expect(w.text()).toContain('Agent gpt has no key: set OPENAI_API_KEY.');
  });

  it('takes a follow-up as a new run and remembers the questions', async () => {
    const w = world({ question: 'first' });
    await settle();
    w.keys('i');
    w.type('second');
    w.keys('enter');
    await settle();
    w.keys('i', 'up');
    expect([w.questions, w.handles.length, w.app.model.editor.text]).toEqual([['first', 'second'], 2, 'second']);
  });

  it('lets no second run begin while one is going', async () => {
    const w = world({ question: 'first', events: drafting });
    await settle();
    w.keys('i');
    w.type('second');
    w.keys('enter');
    await settle();
    expect([w.questions, w.handles[0]?.commands]).toEqual([
      ['first'],
      [{ type: 'message', to: 'all', text: 'second' }],
    ]);
  });
});

describe('a run', () => {
  it('opens its final answer by itself and gives it to the caller', async () => {
    const w = world({ question: 'q' });
    await settle();
    expect([w.app.model.view, w.app.model.isRunActive, w.app.lastFinal]).toEqual([
      'final',
      false,
      { text: FINAL, label: 'agent2.1', outcome: 'answered' },
    ]);
    w.keys('escape');
    expect(w.app.model.view).toBe('panes');
    w.keys('A');
    expect(w.app.model.view).toBe('final');
  });

  it('moves a clock once a second while it goes, and nothing afterwards', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    const before = w.frames.count;
    w.clock.advance(3000);
    expect(w.frames.count - before).toBe(3);
    w.keys('ctrl+c');
    w.clock.advance(60_000);
    const after = w.frames.count;
    w.clock.advance(60_000);
    expect([w.frames.count - after, w.clock.pending]).toEqual([0, 0]);
  });

  it('says that the log could not be written', async () => {
    const broken: RunHandle = {
      id: 'r',
      dir: '/d',
      subscribe: () => () => undefined,
      send: () => undefined,
      ended: Promise.reject(new MassgenError('disk', 'The disk is full.')),
    };
    const w = world({ start: () => Promise.resolve(broken), question: 'q' });
    await settle();
    expect([w.app.model.message, w.app.model.isRunActive]).toEqual([{ tone: 'err', text: 'The disk is full.' }, false]);
  });
});

describe('moving', () => {
  it('focuses by number and by Tab, round and round', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    const seen: number[] = [];
    for (const key of ['3', 'tab', 'shift+tab', '9', '1']) {
      w.keys(key);
      seen.push(w.app.model.focus);
    }
    expect(seen).toEqual([2, 0, 2, 2, 0]);
  });

  it('zooms with Enter and comes back with Esc', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('enter');
    const zoomed = w.app.model.isZoomed;
    w.keys('escape');
    expect([zoomed, w.app.model.isZoomed]).toEqual([true, false]);
  });

  it('stops following on a scroll up, counts what is new, and follows again at the end', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('k');
    const stopped = w.app.model.paneScroll.get('agent1');
    expect(w.text()).toContain('▼ 1 new, f follows');
    w.keys('g');
    const atTop = w.app.model.paneScroll.get('agent1');
    w.keys('G');
    expect([stopped === 'follow', atTop, w.app.model.paneScroll.get('agent1')]).toEqual([false, { top: 0 }, 'follow']);
  });

  it('keeps its place while text comes', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('k', 'k');
    const rows = w.text().split('\n').slice(2, 8);
    const text = {
      ...drafting.at(-1)!,
      agent: 'agent1',
      type: 'text.appended',
      data: { request: 'agent1-r1', text: '\nmore\nand more' },
    } as RunEvent;
    w.app.model.run?.apply(text);
    expect(w.text().split('\n').slice(2, 8)).toEqual(rows);
  });

  it('turns follow off and on with f', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('f');
    const off = w.app.model.paneScroll.get('agent1');
    w.keys('f');
    expect([off, w.app.model.paneScroll.get('agent1')]).toEqual([{ top: expect.any(Number) as number }, 'follow']);
  });

  it('shows and folds thoughts', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('enter');
    expect(w.text()).toContain('thought: 2 lines, r shows');
    w.keys('r');
    expect(w.text()).toContain('I should look at the store first.');
  });

  it('opens timeline and help and closes the nearest first', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('T', '?');
    expect([w.app.model.view, w.app.model.isHelpOpen]).toEqual(['timeline', true]);
    w.keys('escape');
    expect([w.app.model.view, w.app.model.isHelpOpen]).toEqual(['timeline', false]);
    w.keys('escape');
    expect(w.app.model.view).toBe('panes');
  });

  it('scrolls the final answer to its end and no further', async () => {
    const w = world({ question: 'q' });
    await settle();
    w.keys('G');
    const end = w.app.model.finalTop;
    w.keys('pagedown', 'j');
    expect([w.app.model.finalTop, end > 5]).toEqual([end, true]);
    expect(w.text()).not.toContain('more line');
    w.keys('k');
    expect(w.app.model.finalTop).toBe(end - 1);
  });

  it('passes on what is not its own', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('t', 'ctrl+l', 'ctrl+z');
    expect(w.log).toEqual(['theme', 'redraw', 'suspend']);
  });
});

describe('an end without an answer', () => {
  const failed = (outcome: 'failed' | 'cancelled'): RunEvent[] => [
    ...drafting,
    {
      ...drafting.at(-1)!,
      agent: undefined,
      type: 'run.finished',
      data: { outcome, reason: 'every agent failed.' },
    } as unknown as RunEvent,
  ];

  it('is explained on the panel', async () => {
    const w = world({ question: 'q', events: failed('failed') });
    await settle();
    expect(w.text()).toContain('The run ended without an answer: every agent failed.');
    expect([w.app.lastFinal, w.app.lastOutcome]).toEqual([null, 'failed']);
  });

  it('says what is kept of a cancelled run and how it goes on', async () => {
    const w = world({ question: 'q', events: scriptedRun({ agents: 3, until: 'judging' }) });
    await settle();
    w.keys('ctrl+c');
    expect([w.app.model.view, w.app.model.message]).toEqual([
      'panes',
      {
        tone: 'warn',
        text: 'cancelled, 3 answers kept; massgen resume run-0001 goes on; /tmp/run-0001',
      },
    ]);
    expect(w.text()).toContain('interrupted here: the text above is');
    w.keys('escape', 'A');
    expect(w.text()).toContain('The run was cancelled before there was a final answer. 3 answers are kept: N');
  });

  it('leaves the panes in front when the user wanted it', async () => {
    const w = world({ question: 'q', events: failed('cancelled') });
    await settle();
    expect([w.app.model.view, w.app.model.isRunActive]).toEqual(['panes', false]);
  });

  it('leaves the answer of the run before as the last one', async () => {
    let runs = 0;
    const clock = createFakeClock();
    const w = world({
      question: 'q',
      start: () =>
        Promise.resolve(scriptedHandle(runs++ === 0 ? scriptedRun({ agents: 3 }) : failed('failed'), clock, Infinity)),
    });
    await settle();
    w.keys('i', 'x', 'enter');
    await settle();
    expect([runs, w.app.lastFinal]).toEqual([2, { text: FINAL, label: 'agent2.1', outcome: 'answered' }]);
  });
});

describe('leaving', () => {
  it('says why nothing is to be seen while a team takes its time, and no longer', async () => {
    const ready = Promise.withResolvers<RunHandle>();
    const w = world({ question: 'q', start: () => ready.promise });
    await settle();
    const early = w.app.model.message;
    w.clock.advance(1000);
    const late = w.app.model.message?.text;
    ready.resolve(scriptedHandle(drafting, createFakeClock(), Infinity));
    await settle();
    expect([early, late, w.app.model.message]).toEqual([null, 'starting the team: its tools and folders', null]);
  });

  it('cancels a run that had not begun yet as soon as it has', async () => {
    const clock = createFakeClock();
    const handle = scriptedHandle(drafting, clock, Infinity);
    const ready = Promise.withResolvers<RunHandle>();
    const w = world({ question: 'q', start: () => ready.promise });
    w.keys('ctrl+c');
    ready.resolve(handle);
    await settle();
    expect([handle.commands, w.log]).toEqual([[{ type: 'cancel', by: 'user' }], []]);
  });

  it('quits at once when nothing runs', () => {
    const w = world();
    w.keys('escape', 'q');
    expect(w.log).toEqual(['leave quit']);
  });

  it('types q in the question field', () => {
    const w = world();
    w.keys('q');
    expect([w.log, w.app.model.editor.text]).toEqual([[], 'q']);
  });

  it('cancels a run with q, is back at the prompt, and leaves with the next one outside of it', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    const footer = w.text().split('\n').at(-1);
    w.keys('q');
    await settle();
    expect([w.handles[0]?.commands, w.log, footer?.includes(' q stop ')]).toEqual([
      [{ type: 'cancel', by: 'user' }],
      [],
      true,
    ]);
    w.keys('N', 'e', 'x', 't');
    expect([w.app.model.editor.text, w.app.model.fieldFor]).toEqual(['Next', 'question']);
    w.keys('escape', 'q');
    expect(w.log).toEqual(['leave quit']);
  });

  it.each(['q', 'ctrl+c'])('leaves on the second %s, however long the run takes to stop', async (key) => {
    const seq = drafting.length + 1;
    const [first] = drafting;
    const stopping = [...drafting, { ...first, seq, type: 'run.cancelled', data: { by: 'user' } } as RunEvent];
    const slow: RunHandle = {
      id: 'r',
      dir: '/d',
      subscribe: (listener) => {
        for (const event of stopping) listener(event);
        return () => undefined;
      },
      send: () => undefined,
      ended: new Promise(() => undefined),
    };
    const w = world({ start: () => Promise.resolve(slow), question: 'q' });
    await settle();
    w.clock.advance(60_000);
    w.keys(key);
    expect(w.log).toEqual(['leave interrupted']);
  });

  it('asks before /quit while a run is going, and stays on no', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter');
    expect(w.text()).toContain('A run is going. Leave and cancel it?');
    w.keys('n');
    expect([w.log, w.app.model.isQuitAsked]).toEqual([[], false]);
  });

  it.each(['q', 'y'])('cancels the run and leaves on %s', async (key) => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter', key);
    await settle();
    expect([w.log, w.handles[0]?.commands]).toEqual([['leave quit'], [{ type: 'cancel', by: 'user' }]]);
  });

  it('does not wait for ever for a run that does not end', async () => {
    const deaf: RunHandle = {
      id: 'r',
      dir: '/d',
      subscribe: () => () => undefined,
      send: () => undefined,
      ended: new Promise(() => undefined),
    };
    const w = world({ start: () => Promise.resolve(deaf), question: 'q' });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter', 'y');
    await settle();
    const before = [...w.log];
    w.clock.advance(2000);
    await settle();
    expect([before, w.log]).toEqual([[], ['leave quit']]);
  });

  it('cancels on Ctrl+C and leaves on the second within two seconds', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('ctrl+c');
    expect([w.handles[0]?.commands, w.log, w.app.model.isRunActive]).toEqual([
      [{ type: 'cancel', by: 'user' }],
      [],
      false,
    ]);
    w.clock.advance(1900);
    w.keys('ctrl+c');
    expect(w.log).toEqual(['leave interrupted']);
  });

  it('quits on Ctrl+C when the run was over for a while', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('ctrl+c');
    w.clock.advance(2100);
    w.keys('ctrl+c');
    expect(w.log).toEqual(['leave quit']);
  });

  it('cancels as the signal says', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    await w.app.stopRun('signal');
    expect(w.handles[0]?.commands).toEqual([{ type: 'cancel', by: 'signal' }]);
  });

  it('hears no key after it was left', () => {
    const w = world();
    w.keys('escape', 'q', 'q', 'ctrl+c');
    expect([w.log, w.clock.pending]).toEqual([['leave quit'], 0]);
  });
});

describe('choosing a team', () => {
  const choice = (name: string, change: Partial<TeamChoice> = {}): TeamChoice => ({
    name,
    description: '',
    agents: agentInfos(2),
    trouble: null,
    select: () => Promise.resolve({ name, agents: agentInfos(2) }),
    ...change,
  });

  it('takes the chosen one and asks for a question', async () => {
    const w = world({ teams: [choice('a'), choice('b')] });
    w.keys('j', 'j', 'enter');
    await settle();
    expect([w.app.model.team?.name, w.app.model.view, w.app.model.isEditing]).toEqual(['b', 'home', true]);
  });

  it('starts at once if there is a question already', async () => {
    const w = world({ teams: [choice('a')], question: 'q' });
    await settle();
    const before = w.questions.length;
    w.keys('enter');
    await settle();
    expect([before, w.questions]).toEqual([0, ['q']]);
  });

  it('says why a team cannot run', async () => {
    const w = world({ teams: [choice('a', { trouble: 'Agent gpt has no key: set OPENAI_API_KEY.' })] });
    w.keys('enter');
    await settle();
    expect([w.app.model.view, w.app.model.message?.text]).toEqual([
      'picker',
      'Agent gpt has no key: set OPENAI_API_KEY.',
    ]);
  });

  it('says why a team could not be made ready', async () => {
    const w = world({
      teams: [choice('a', { select: () => Promise.reject(new MassgenError('bad', 'The file is broken.')) })],
    });
    w.keys('enter');
    await settle();
    expect([w.app.model.view, w.app.model.isSelecting, w.app.model.message?.text]).toEqual([
      'picker',
      false,
      'The file is broken.',
    ]);
  });

  it('has something to say when there is none', () => {
    const w = world({ teams: [] });
    w.keys('enter', 'j', 'k');
    expect(w.text()).toContain('There is no team to choose from');
  });
});

describe('errands', () => {
  const done = scriptedRun({ agents: 3 });
  const judging = scriptedRun({ agents: 3, until: 'judging' });

  it('copies with a program of the system where there is one', async () => {
    const copied: string[] = [];
    const w = world({
      question: 'q',
      events: done,
      ports: { copy: (text) => Promise.resolve(copied.push(text) > 0 ? 'wl-copy' : null) },
    });
    await settle();
    w.keys('Y');
    await settle();
    expect([copied, w.app.model.message?.text]).toEqual([[FINAL], 'copied the final answer, 885 characters (wl-copy)']);
  });

  it('asks the terminal otherwise, and does not claim that it did it', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys('y');
    await settle();
    expect([w.log, w.app.model.message?.text]).toEqual([
      ['terminal 70'],
      "sent the newest text of agent1, 70 characters to the terminal's clipboard (OSC 52), if it allows that",
    ]);
  });

  it('says that a text is too long for the terminal', async () => {
    const w = world({ question: 'q', events: done });
    await settle();
    w.keys('Y');
    await settle();
    expect(w.app.model.message?.tone).toBe('warn');
  });

  it('saves the final answer where the user says', async () => {
    const saved: string[][] = [];
    const save = (path: string, text: string): Promise<string> => {
      saved.push([path, text]);
      return Promise.resolve(`/home/me/${path}`);
    };
    const w = world({ question: 'q', events: done, ports: { save } });
    await settle();
    w.keys('s', 'ctrl+u');
    w.type('fix.md');
    w.keys('enter');
    await settle();
    expect([saved, w.app.model.message?.text]).toEqual([[['fix.md', FINAL]], 'saved /home/me/fix.md']);
  });

  it('says why a file could not be written', async () => {
    const w = world({
      question: 'q',
      events: done,
      ports: { save: () => Promise.reject(new MassgenError('x', 'It exists.')) },
    });
    await settle();
    w.keys('s', 'enter');
    await settle();
    expect(w.app.model.message).toEqual({ tone: 'err', text: 'It exists.' });
  });

  it('tells one agent or all of them something', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys('2', '@');
    w.type('be short');
    w.keys('enter', 'M');
    w.type('hurry');
    w.keys('enter');
    expect(w.handles[0]?.commands).toEqual([
      { type: 'message', to: ['agent2'], text: 'be short' },
      { type: 'message', to: 'all', text: 'hurry' },
    ]);
  });

  it('votes for, vetoes and chooses the picked answer, the last one only when asked twice', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys('N', 'j', 'v', 'x', 'w');
    const once = w.handles[0]?.commands.length;
    w.keys('w');
    expect([once, w.handles[0]?.commands]).toEqual([
      2,
      [
        { type: 'vote', label: 'agent2.1' },
        { type: 'veto', label: 'agent2.1', reason: 'the user does not want it' },
        { type: 'override', label: 'agent2.1' },
      ],
    ]);
  });

  it('runs the picked command of the palette', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys(':');
    w.type('answer now');
    w.keys('enter', 'ctrl+p');
    w.type('gemini');
    w.keys('enter');
    expect([w.handles[0]?.commands, w.app.model.focus, w.app.model.prompt]).toEqual([
      [{ type: 'answer-now', by: 'user' }],
      2,
      null,
    ]);
  });

  it('searches from the line that was typed', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys('ctrl+f');
    w.type('SET NX');
    w.keys('enter');
    expect([w.app.model.focus, w.app.model.message?.text]).toEqual([1, '"SET NX": 1 of 1, n next, Esc ends']);
  });
});

describe('earlier runs', () => {
  const earlier = scriptedRun({ agents: 3, question: 'earlier' });
  const choice = { id: 'run-9', when: '2026-11-22 18:21', question: 'earlier', outcome: 'answered', cost: null };

  it('open from a list, and are not what the program gives back', async () => {
    const opened: string[] = [];
    const clock = createFakeClock();
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([{ ...choice, id: 'run-8' }, choice]),
        openRun: (id) => {
          opened.push(id);
          return Promise.resolve(scriptedHandle(earlier, clock, Infinity));
        },
      },
    });
    w.keys('escape', 'O');
    await settle();
    expect(w.text()).toContain('2026-11-22 18:21  earlier');
    w.keys('j', 'enter');
    await settle();
    expect([opened, w.app.model.view, w.app.model.isRunActive, w.app.lastFinal, w.app.lastOutcome]).toEqual([
      ['run-9'],
      'final',
      false,
      null,
      null,
    ]);
  });

  it('without an end are no run that goes on', async () => {
    const clock = createFakeClock();
    const handle = { ...scriptedHandle(drafting, clock, Infinity), ended: Promise.resolve() };
    const w = world({ ports: { listRuns: () => Promise.resolve([choice]), openRun: () => Promise.resolve(handle) } });
    w.keys('escape', 'O');
    await settle();
    w.keys('enter');
    await settle();
    expect([w.app.model.view, w.app.model.isRunActive]).toEqual(['panes', false]);
  });

  it('are found by words', async () => {
    const opened: string[] = [];
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([choice, { ...choice, id: 'other', question: 'Paint the shed' }]),
        openRun: (id) => {
          opened.push(id);
          return Promise.reject(new MassgenError('x', 'no'));
        },
      },
    });
    w.keys('escape', 'O');
    await settle();
    w.keys('/');
    w.type('shed');
    w.keys('enter');
    const shown = shownRuns(w.app.model.runPicker ?? { runs: [], pick: 0, filter: '' }).map(({ id }) => id);
    w.keys('enter');
    await settle();
    expect([shown, opened]).toEqual([['other'], ['other']]);
  });

  it('that cannot be read say why, and none is said too', async () => {
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([choice]),
        openRun: () => Promise.reject(new MassgenError('x', 'It is torn.')),
      },
    });
    w.keys('escape', 'O');
    await settle();
    w.keys('enter');
    await settle();
    const torn = w.app.model.message?.text;
    const none = world();
    none.keys('escape', 'O');
    await settle();
    expect([torn, none.app.model.message?.text]).toEqual(['It is torn.', 'There is no earlier run in this folder.']);
  });

  it('wait for the run that is going', async () => {
    const w = world({ question: 'q', events: drafting, ports: { listRuns: () => Promise.resolve([choice]) } });
    await settle();
    w.keys('O');
    await settle();
    expect([w.app.model.runPicker, w.app.model.message?.tone]).toEqual([null, 'info']);
  });
});
