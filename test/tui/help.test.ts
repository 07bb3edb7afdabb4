import { describe, expect, it } from 'vitest';
import { createReplay } from '../../src/sessions/replay.ts';
import type { ViewName } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { createPlayback } from '../../src/tui/view/playback.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

describe('the help', () => {
  it.each<[ViewName, string]>([
    ['panes', '1-9          focus agent 1 to 9'],
    ['timeline', '>            timeline: finer scale'],
    ['sessions', 'H            earlier questions of this session'],
  ])('begins with the keys of the screen behind it: %s', (view, first) => {
    const model = modelOf(scriptedRun({ agents: 3 }), { view, isHelpOpen: true, cols: 100, rows: 200 });
    const rows = frameText(buildFrame(model)).map((row) => row.slice(row.indexOf('│') + 1));
    const title = rows.findIndex((row) => row.includes('On this screen'));
    const text = rows.map((row) => row.replace(/\s+/g, ' '));
    const at = text.findIndex((row, i) => i > title && row.includes(first.replace(/\s+/g, ' ')));
    const next = text.findIndex((row, i) => i > title && /^ (Move|Scroll|Views|Find|Run|Question|Typing) │?/.test(row));
    expect([title >= 0, at > title, at < next]).toEqual([true, true, true]);
  });

  it.each<[ViewName, string, string]>([
    ['panes', 'PgDn a page down', 'Space P play or pause'],
    ['events', 'Space PgDn a page down', 'P play or pause'],
  ])('gives every key of a replay to what it does there: %s', (view, page, play) => {
    const events = scriptedRun({ agents: 3 });
    const replay = createReplay({ events, dir: '/r', clock: createFakeClock(), speed: 1 });
    const playback = createPlayback(replay, true, null, () => undefined);
    const model = modelOf(events, { view, playback, isHelpOpen: true, cols: 100, rows: 200 });
    const rows = frameText(buildFrame(model)).map((row) => row.split('│')[1]?.trim().replace(/ +/g, ' '));
    expect([rows.filter((row) => row?.includes('PgDn')), rows.filter((row) => row?.includes('pause'))]).toEqual([
      [page, 'Space PgDn details: a page down'],
      [play],
    ]);
  });

  it('still has every key once', () => {
    const model = modelOf(scriptedRun({ agents: 3 }), { isHelpOpen: true, cols: 100, rows: 400 });
    const rows = frameText(buildFrame(model)).filter((row) => row.includes('put the program to sleep'));
    expect(rows.length).toBe(1);
  });
});
