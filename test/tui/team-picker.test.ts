import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { App } from '../../src/tui/app/app.ts';
import type { TeamChoice } from '../../src/tui/teams.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

const log: string[] = [];

function choice(name: string, more: Partial<TeamChoice> = {}): TeamChoice {
  const team = { name, agents: agentInfos(2) };
  return { ...team, description: `/teams/${name}.yaml`, trouble: null, select: () => Promise.resolve(team), ...more };
}

const TEAMS = [
  choice('four models'),
  choice('review', {
    origin: 'this folder',
    settings: ['votes are counted by borda'],
    estimate: () => {
      log.push('asked for the cost');
      return Promise.resolve({ usd: 0.05, isComplete: true });
    },
  }),
  choice('search', {
    trouble: 'Cannot start the team, one problem:\nNo API key for xAI.',
    missing: [{ variables: ['XAI_API_KEY'], agents: ['a'] }],
  }),
];

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function world(events: readonly RunEvent[] = []) {
  const clock = createFakeClock();
  const app = new App(
    modelOf(events, { cols: 100 }),
    {
      clock,
      requestFrame: () => undefined,
      start: () => Promise.reject(new Error('not here')),
      toggleTheme: () => undefined,
      redraw: () => undefined,
      ports: { listTeams: () => Promise.resolve(TEAMS) },
      suspend: () => undefined,
      leave: () => undefined,
    },
    null,
  );
  return {
    app,
    keys: async (...keys: string[]): Promise<void> => {
      for (const key of keys) {
        app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
        await settle();
      }
    },
    text: () => frameText(buildFrame(app.model)).join('\n'),
  };
}

describe('the choice of a team', () => {
  it('opens between questions at the team that is there, and leaves it by Esc', async () => {
    const { app, keys } = world();
    await keys('escape', 'S');
    const opened = [app.model.view, app.model.picked];
    await keys('j', 'escape');
    expect([opened, app.model.view, app.model.team?.name]).toEqual([['picker', 0], 'home', 'four models']);
  });

  it('tells the cost of the picked team, and asks for it once', async () => {
    log.length = 0;
    const { keys, text } = world();
    await keys('escape', 'S', 'j', 'k', 'j');
    expect([text().includes('A question costs about $0.05'), text().includes('counted by borda'), log]).toEqual([
      true,
      true,
      ['asked for the cost'],
    ]);
  });

  it('names missing keys and what is wrong, and does not start such a team', async () => {
    const { app, keys, text } = world();
    await keys('escape', 'S', 'j', 'j');
    const shown = [/! XAI_API_KEY is missing, for a/.test(text()), text().includes('No API key for xAI.')];
    await keys('enter');
    expect([shown, app.model.view]).toEqual([[true, true], 'picker']);
  });

  it('is made shorter by typing, with arrows and Enter in the shorter list', async () => {
    const { app, keys, text } = world();
    await keys('escape', 'S', '/', 'r', 'e', 'v', 'down');
    const title = text().includes('teams 1 of 3, filter "rev"');
    await keys('enter', 'enter');
    expect([title, app.model.team?.name]).toEqual([true, 'review']);
  });

  it('leaves the answer of the run before on the screen', async () => {
    const { app, keys } = world(scriptedRun({ agents: 3 }));
    await keys('S', 'j', 'enter');
    expect([app.model.view, app.model.team?.name, app.model.isEditing]).toEqual(['final', 'review', true]);
  });

  it('stays closed while a run is going', async () => {
    const { app, keys } = world(scriptedRun({ agents: 3, until: 'drafting' }));
    await keys('S');
    expect([app.model.view, app.model.message?.text]).toEqual([
      'panes',
      'A run is going: choose another team when it has ended.',
    ]);
  });

  it('shows all that is known of a team, page by page, and of the next one from the beginning', async () => {
    const settings = Array.from({ length: 40 }, (_, i) => `setting ${i}`);
    const w = world();
    w.app.model = {
      ...w.app.model,
      rows: 20,
      view: 'picker',
      isEditing: false,
      teams: [choice('long', { settings }), choice('longer', { settings })],
    };
    const text = (): string => frameText(buildFrame(w.app.model)).join('\n');
    const seen = [text().includes('setting 39'), /▼ \d+ more lines, Space ─/.test(text())];
    await w.keys('space', 'space', 'space', 'space', 'space');
    expect([...seen, text().includes('setting 39'), text().includes('▲ b ─')]).toEqual([false, true, true, true]);
    await w.keys('b', 'b', 'b', 'b', 'b');
    expect(text()).toContain('/teams/long.yaml');
    await w.keys('space', 'j');
    expect([text().includes('/teams/longer.yaml'), w.app.model.detailTop]).toEqual([true, 0]);
  });
});
