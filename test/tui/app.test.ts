import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { FINAL, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';
import { drafting, settle, world } from './app-world.ts';

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
