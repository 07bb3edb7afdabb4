import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { scrolled } from '../../src/tui/app/scroll.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import { FIT_TIMELINE } from '../../src/tui/app/model.ts';
import type { ActionId } from '../../src/tui/input/keymap.ts';
import { Lanes } from '../../src/tui/store/lanes.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { fitScale, laneCells, nextScale } from '../../src/tui/view/lane-cells.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { placesOf, buildFrame } from '../../src/tui/view/screen.ts';
import { shownEntries, timelineParts } from '../../src/tui/view/timeline-screen.ts';
import { EventWriter, scriptedRun, START } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';

const cells = (lanes: Lanes, cols: number, msPerCol: number, endMs: number, fromMs = 0): string =>
  laneCells(lanes.lane('agent1'), { cols, msPerCol, fromMs }, endMs)
    .map((cell) => UNICODE.lane[cell])
    .join('');

function lanesOf(write: (out: EventWriter) => void): Lanes {
  const out = new EventWriter();
  write(out);
  const lanes = new Lanes();
  for (const event of out.events) lanes.apply(event, event.at - START);
  return lanes;
}

const request = (out: EventWriter, id = 'r1'): void =>
  out.add('request.started', { turn: 't', request: id, tools: [] }, 'agent1');
const turnEnd = (out: EventWriter): void => out.add('turn.finished', { turn: 't', outcome: 'answered' }, 'agent1');
const failed = (out: EventWriter, retryInMs: number | null): void =>
  out.add(
    'request.failed',
    {
      turn: 't',
      request: 'r1',
      error: { kind: 'rate-limit', message: 'slow down' },
      usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
      costUsd: null,
      retryInMs,
    },
    'agent1',
  );

describe('a lane', () => {
  it('shows writing, a tool in front of it, and nothing beyond the end', () => {
    const lanes = lanesOf((out) => {
      out.wait(1000);
      request(out);
      out.wait(2000);
      out.add('tool.started', { turn: 't', call: { id: 'c', name: 'bash', args: {}, rawArgs: '' } }, 'agent1');
      out.wait(2000);
      out.add(
        'tool.finished',
        { turn: 't', callId: 'c', name: 'bash', output: '', isError: false, durationMs: 2000 },
        'agent1',
      );
      out.wait(1000);
      turnEnd(out);
    });
    expect(cells(lanes, 10, 1000, 7000)).toBe('·▬▬▒▒▒▬·  ');
  });

  it('shows how long an agent waits for leave, and until the last one has answered its question', () => {
    const call = { turn: 't', callId: 'c', tool: 'bash', action: 'run', target: 'ls', risk: 'low' } as const;
    const lanes = lanesOf((out) => {
      request(out);
      out.wait(1000);
      out.add('approval.requested', { ...call, request: 'a1', detail: '', diff: null }, 'agent1');
      out.wait(1000);
      out.add(
        'approval.decided',
        { ...call, request: 'a1', isAllowed: true, scope: 'once', by: 'user', reason: '' },
        'agent1',
      );
      out.wait(2000);
      const asked = { question: 'q1', turn: 't', to: ['agent2', 'user'], text: 'Which?', options: [] };
      out.add('question.asked', { ...asked, isMultiple: false, allowsText: true, timeoutMs: null }, 'agent1');
      for (const by of ['agent2', 'user']) {
        out.wait(2000);
        out.add(
          'question.answered',
          {
            question: 'q1',
            by,
            outcome: 'skipped',
            choices: [],
            text: '',
            reason: '',
            usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
            costUsd: null,
          },
          'agent1',
        );
      }
      out.wait(1000);
      turnEnd(out);
    });
    expect(cells(lanes, 12, 1000, 9000)).toBe('▬??▬?????▬  ');
  });

  it('shows where a new attempt begins, in every lane', () => {
    const lanes = lanesOf((out) => {
      request(out);
      out.wait(3000);
      turnEnd(out);
      const feedback = { reason: 'no', instructions: 'again', previous: 'x' };
      out.wait(1000);
      out.add('attempt.started', { attempt: 2, feedback });
    });
    expect(cells(lanes, 6, 1000, 5000)).toBe('▬▬▬▬B·');
  });

  it('shows a retry, the wait for it, and its end', () => {
    const lanes = lanesOf((out) => {
      request(out);
      out.wait(1000);
      failed(out, 3000);
      out.wait(3000);
      request(out, 'r2');
      out.wait(1000);
      failed(out, null);
    });
    expect(cells(lanes, 7, 1000, 6000)).toBe('▬R╌╌▬!·');
  });

  it('is done after a vote, until the vote is void', () => {
    const lanes = lanesOf((out) => {
      out.wait(1000);
      out.add(
        'ballot.cast',
        { turn: 't', ballot: 'b', choice: 'agent2.1', ranking: [], reason: '', view: [], callId: 'c' },
        'agent1',
      );
    });
    lanes.mark('agent1', 'void', 4000);
    expect(cells(lanes, 7, 1000, 6000)).toBe('·V──v··');
  });

  it('goes on to now while nothing has ended it, and stops with the run', () => {
    const open = lanesOf((out) => request(out));
    const ended = lanesOf((out) => {
      request(out);
      out.wait(2000);
      out.add('run.finished', { outcome: 'cancelled', reason: '' });
    });
    expect([cells(open, 6, 1000, 5000), cells(ended, 6, 1000, 5000)]).toEqual(['▬▬▬▬▬▬', '▬▬▬···']);
  });

  it('shows the most important of several marks in one column', () => {
    const lanes = new Lanes();
    for (const kind of ['answer', 'update', 'error', 'ballot'] as const) lanes.mark('agent1', kind, 100);
    expect(cells(lanes, 2, 1000, 1500)).toBe('!─');
  });

  it('shows the same of a time whatever part is looked at', () => {
    const run = modelOf(scriptedRun({ agents: 3 })).run!;
    const lane = run.lanes.lane('agent2');
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 40 }), (from, cols) => {
        const all = laneCells(lane, { cols: 100, msPerCol: 200, fromMs: 0 }, 9000);
        const part = laneCells(lane, { cols, msPerCol: 200, fromMs: from * 200 }, 9000);
        expect(part).toEqual(all.slice(from, from + cols));
      }),
    );
  });
});

describe('the scale', () => {
  it('is the finest that fits, in steps while the run goes, and has ends', () => {
    expect([
      fitScale(0, 60, true),
      fitScale(60_000, 60, true),
      fitScale(3_600_000, 60, true),
      fitScale(1e6, 60, false),
    ]).toEqual([10, 1200, 80_000, 16_667]);
    expect([nextScale(1000, 1), nextScale(1000, -1), nextScale(50, -1), nextScale(600_000, 1)]).toEqual([
      2000, 500, 50, 600_000,
    ]);
  });
});

describe('the timeline screen', () => {
  const model = (change: Partial<Model> = {}): Model =>
    modelOf(scriptedRun({ agents: 4 }), { view: 'timeline', cols: 80, rows: 24, ...change });
  const act = (from: Model, ...actions: ActionId[]): Model =>
    actions.reduce((m, action) => ({ ...m, ...viewAction(m, action) }), from);
  const windowOf = (m: Model): { msPerCol: number; fromMs: number } => {
    const { msPerCol, fromMs } = timelineParts(m, m.run!.state!, placesOf(m).body).window;
    return { msPerCol, fromMs };
  };

  it('fits the whole run at first', () => {
    expect(windowOf(model())).toEqual({ msPerCol: 117, fromMs: 0 });
  });

  it('zooms in at the middle and out again, and pans between both ends', () => {
    const start = model();
    const near = act(start, 'zoom-in', 'zoom-in');
    const left = act(near, 'pan-left', 'pan-left', 'pan-left', 'pan-left', 'pan-left');
    const out = act(near, 'zoom-out', 'zoom-out');
    expect([windowOf(near).msPerCol, windowOf(left).fromMs, windowOf(out)]).toEqual([
      50,
      0,
      { msPerCol: 200, fromMs: 0 },
    ]);
    const right = act(near, ...Array.from({ length: 20 }, () => 'pan-right' as const));
    expect(windowOf(right).fromMs).toBe(
      windowOf(act(near, 'pan-right', ...Array.from({ length: 30 }, () => 'pan-right' as const))).fromMs,
    );
  });

  it('picks events one by one and follows the newest at the end', () => {
    const last = shownEntries(model()).length - 1;
    const up = scrolled(scrolled(model(), 'scroll-up'), 'scroll-up');
    expect([up.timeline.pick, scrolled(scrolled(up, 'scroll-down'), 'scroll-down').timeline.pick]).toEqual([
      last - 2,
      null,
    ]);
    expect([scrolled(model(), 'top').timeline.pick, scrolled(model(), 'bottom').timeline.pick]).toEqual([0, null]);
  });

  it('brings the picked moment into sight', () => {
    const near = act(model(), 'zoom-in', 'zoom-in');
    const first = scrolled(near, 'top');
    expect(windowOf(first).fromMs).toBe(0);
    expect(frameText(buildFrame(first)).join('\n')).toContain('> 00:00 START');
  });

  it('shows only what the filter lets through, and says so', () => {
    const filtered = model({ timeline: { ...FIT_TIMELINE, filter: 'vote agent2.1' } });
    expect(shownEntries(filtered).map((entry) => [entry.word, entry.alias])).toEqual([
      ['VOTE', 'agent1'],
      ['VOTE', 'agent2'],
    ]);
    const text = frameText(buildFrame(filtered)).join('\n');
    expect(text).toContain('2 events  filter: vote agent2.1');
    const none = model({ timeline: { ...FIT_TIMELINE, filter: 'nothing like it' } });
    expect(frameText(buildFrame(none)).join('\n')).toContain('no event matches the filter');
  });

  it('opens the moment in the pane of its agent', () => {
    const entries = shownEntries(model());
    const at = entries.findIndex((entry) => entry.word === 'DRAFT' && entry.alias === 'agent3');
    const opened = act(model({ timeline: { ...FIT_TIMELINE, pick: at } }), 'open-moment');
    expect([opened.view, opened.focus, opened.paneScroll.get('agent3')]).toEqual(['panes', 2, { top: 0 }]);
    expect(frameText(buildFrame(opened)).join('\n')).toContain('writing a first answer');
  });

  it('says why an event of the whole run has no pane', () => {
    expect(act(model(), 'open-moment').message?.text).toContain('the run as a whole');
  });

  it('counts the lanes that it cannot show', () => {
    const wide = modelOf(scriptedRun({ agents: 16 }), { view: 'timeline', cols: 80, rows: 24 });
    const text = frameText(buildFrame(wide)).join('\n');
    const seen = [...text.matchAll(/^\d+ \w+ +[·▬]/gm)].length;
    expect(seen + Number(/\+(\d+) more agents/.exec(text)?.[1])).toBe(16);
  });

  it('takes an event of a type that it does not know', () => {
    const known = scriptedRun({ agents: 2, until: 'drafting' });
    const future = { ...known.at(-1)!, seq: known.length + 1, type: 'moon.landed', data: {} } as unknown as RunEvent;
    expect(() => frameText(buildFrame(modelOf([...known, future], { view: 'timeline' })))).not.toThrow();
  });
});
