import { describe, expect, it } from 'vitest';
import { MassgenError } from '../../src/platform/errors.ts';
import type { TeamChoice } from '../../src/tui/teams.ts';
import { agentInfos, FINAL, scriptedRun } from '../screens/scripted-events.ts';
import { settle, world } from './app-world.ts';

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

  it('leaves the palette open where no command fits', async () => {
    const w = world({ question: 'q', events: judging });
    await settle();
    w.keys(':');
    w.type('zzzz');
    w.keys('enter');
    expect(w.app.model.prompt?.editor.text).toBe('zzzz');
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
