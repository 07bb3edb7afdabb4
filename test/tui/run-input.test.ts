import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import type { SessionChoice } from '../../src/tui/sessions.ts';
import { askWorld, settle, type AskWorld } from './asking-run.ts';

function answered(n: number): EventDraft {
  const agent = `agent${n}`;
  const data = { turn: `${agent}-t1`, label: `${agent}.1`, text: 'Lock it.', isCut: false, callId: null };
  return { type: 'answer.submitted', agent, data: { ...data, source: 'tool' } };
}
const END: EventDraft = { type: 'run.finished', data: { outcome: 'failed', reason: 'nobody answered' } };

/** Types a line into the field and sends it. */
function line(w: AskWorld, text: string): void {
  w.keys('i');
  w.type(text);
  w.keys('enter');
}

describe('the field while a run goes on', () => {
  it('opens for all agents or for the focused one, says for whom, and gives its row back', async () => {
    const w = await askWorld();
    const rows = w.text().split('\n').length;
    w.keys('i');
    const all = w.text().includes(' to all agents > ');
    w.keys('escape', '2', '@');
    const one = w.text().includes(' to 2 gpt > ');
    w.keys('escape');
    expect([all, one, w.text().includes(' > '), w.text().split('\n').length]).toEqual([true, true, false, rows]);
  });

  it('sends several lines and pastes as they are', async () => {
    const w = await askWorld();
    w.keys('M');
    w.type('look at');
    w.keys('ctrl+j');
    w.app.handle({ kind: 'paste', text: Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n') });
    w.keys('enter');
    expect(w.handle.commands).toEqual([
      { type: 'message', to: 'all', text: `look at\n${Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')}` },
    ]);
  });

  it('completes paths and walks through what was typed before', async () => {
    const w = await askWorld(undefined, { ports: { completePath: async () => ['src/auth.ts'] } });
    w.keys('M');
    w.type('see @src');
    await settle();
    w.keys('tab', 'enter', 'M', 'up');
    expect([w.handle.commands, w.app.model.editor.text]).toEqual([
      [{ type: 'message', to: 'all', text: 'see @src/auth.ts' }],
      'see @src/auth.ts ',
    ]);
  });

  it('marks a message as not read until its agent has read it', async () => {
    const w = await askWorld();
    const message = { message: 'm1', to: ['agent1', 'agent2'], text: 'be short' };
    w.handle.emit({ type: 'message.sent', data: message });
    const sent = w.text().includes('you, not read yet: be short');
    line(w, '/status');
    const pending = w.text().includes('read by 0 of 2: be short');
    w.handle.emit({ type: 'message.delivered', agent: 'agent2', data: { turn: 'agent2-t1', message: 'm1' } });
    const half = w.text().includes('read by 1 of 2: be short');
    w.keys('escape');
    expect([sent, pending, half, w.text().includes('you, read: be short')]).toEqual([true, true, true, true]);
  });

  it.each([
    ['ends', END],
    ['was cancelled', { type: 'run.finished', data: { outcome: 'cancelled', reason: 'by the user' } } as EventDraft],
  ])('does not make a question of a message that was typed when the run %s, unless asked twice', async (_how, end) => {
    const w = await askWorld();
    w.keys('M');
    w.type('hurry');
    w.handle.emit(end);
    const sign = w.text().includes(' not sent, Enter: make it a question > hurry');
    w.keys('enter');
    expect([sign, w.handle.commands, w.app.model.editor.text, w.app.model.isStarting]).toEqual([
      true,
      [],
      'hurry',
      false,
    ]);
    expect(w.text()).toContain('The run is over, nobody read it: Enter again asks it as a question');
    expect(w.text()).toContain('\n > hurry\n');
    w.keys('enter');
    expect([w.app.model.isStarting, w.app.model.editor.text]).toEqual([true, '']);
  });

  it('is for the next question where nothing was typed when the run ended', async () => {
    const w = await askWorld();
    w.keys('M');
    w.handle.emit(END);
    expect(w.text()).toContain('\n > Ask the team\n');
  });
});

describe('slash commands while a run goes on', () => {
  it.each([
    ['answers', 'answers'],
    ['votes', 'ballots'],
    ['cost', 'cost'],
    ['events', 'events'],
    ['timeline', 'timeline'],
    ['status', 'status'],
    ['inspect', 'inspect'],
    ['config', 'config'],
    ['context', 'context'],
  ])('/%s opens its screen', async (name, view) => {
    const w = await askWorld();
    line(w, `/${name}`);
    expect(w.app.model.view).toBe(view);
  });

  it('offer themselves while they are typed', async () => {
    const w = await askWorld();
    w.keys('i');
    w.type('/sta');
    expect(w.text()).toContain('/status');
  });

  it('steer the run', async () => {
    const w = await askWorld();
    w.handle.emit(answered(1), answered(2));
    for (const text of ['/vote agent1.1', '/veto agent2.1 too long', '/override agent1.1', '/now', '/cancel'])
      line(w, text);
    expect(w.handle.commands).toEqual([
      { type: 'vote', label: 'agent1.1' },
      { type: 'veto', label: 'agent2.1', reason: 'too long' },
      { type: 'override', label: 'agent1.1' },
      { type: 'answer-now', by: 'user' },
      { type: 'cancel', by: 'user' },
    ]);
  });

  it('name the answers that there are', async () => {
    const w = await askWorld({ cols: 120, rows: 40 });
    w.handle.emit(answered(1));
    line(w, '/vote agent9.1');
    const wrong = w.text().includes('No current answer is called agent9.1: there are agent1.1.');
    line(w, '/vote');
    expect([w.handle.commands, wrong, w.text().includes('Name an answer: /vote agent1.1')]).toEqual([[], true, true]);
  });

  it('take an agent by number or name, and a theme', async () => {
    const themes: string[] = [];
    const w = await askWorld(undefined, {
      themes: {
        names: () => ['dark', 'light'],
        current: () => 'dark',
        use: (name) => themes.push(name),
        keep: (name) => themes.push(name ?? 'kept'),
      },
    });
    line(w, '/context gemini');
    const byName = [w.app.model.view, w.app.model.focus];
    line(w, '/context 2');
    line(w, '/theme light');
    line(w, '/theme auto');
    expect([byName, w.app.model.focus, themes]).toEqual([['context', 2], 1, ['light', 'kept', 'auto']]);
  });

  it.each([
    ['/statsu', 'There is no command /statsu: /status comes nearest.'],
    ['/zzzzzzzzzz', 'There is no command /zzzzzzzzzz. : lists all.'],
    ['/save', '/save has nothing to do here'],
    ['/quit now', 'Nothing may follow /quit.'],
  ])('say what is wrong with %s and keep it', async (text, said) => {
    const w = await askWorld({ cols: 120, rows: 40 });
    line(w, text);
    expect([w.text().includes(said), w.app.model.editor.text]).toEqual([true, text]);
  });

  it('ask before they leave', async () => {
    const w = await askWorld();
    line(w, '/quit');
    expect(w.app.model.isQuitAsked).toBe(true);
  });
});

describe('slash commands between runs', () => {
  it('open an earlier question of the session by its number', async () => {
    const opened: string[] = [];
    const turns = ['/runs/one', '/runs/two'].map((dir) => ({ dir }));
    const w = await askWorld(undefined, {
      ports: {
        sessions: {
          current: async () => ({ turns }) as unknown as SessionChoice,
          openTurn: (dir: string) => {
            opened.push(dir);
            return Promise.reject(new Error('not there'));
          },
        } as never,
      },
    });
    w.handle.emit(END);
    line(w, '/inspect 2');
    await settle();
    line(w, '/inspect 3');
    await settle();
    expect([opened, w.text().includes('This session has 2 questions.')]).toEqual([['/runs/two'], true]);
  });

  it('begin a new session, but not while a run goes on', async () => {
    let begun = 0;
    const w = await askWorld(undefined, {
      ports: { sessions: { current: async () => null, begin: () => (begun += 1) } as never },
    });
    line(w, '/reset');
    const early = begun;
    w.handle.emit(END);
    line(w, '/reset');
    expect([early, begun, w.app.model.view, w.app.model.run]).toEqual([0, 1, 'home', null]);
  });

  it('show what the team is made of, without a run too', async () => {
    const config = [
      { key: 'agent a', value: '', source: '' },
      { key: 'model', value: 'gpt-5\x1b[2J', source: 'config' },
      { key: 'key', value: 'found', source: 'OPENAI_API_KEY' },
    ];
    const w = await askWorld(undefined, {
      start: () => new Promise(() => undefined),
      ports: { describeConfig: async () => config },
    });
    w.app.model = { ...w.app.model, isStarting: false, isEditing: true };
    w.type('/config');
    w.keys('enter');
    await settle();
    const shown = ['the team as it runs', 'agent a', 'gpt-5  (config)', 'found  (OPENAI_API_KEY)'].map((text) =>
      w.text().includes(text),
    );
    w.keys('escape');
    expect([shown, w.app.model.view]).toEqual([[true, true, true, true], 'home']);
  });
});
