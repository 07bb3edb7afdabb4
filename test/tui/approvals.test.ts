import { describe, expect, it } from 'vitest';
import { KEYMAP } from '../../src/tui/input/keymap.ts';
import { askWorld, decided, requested, type AskWorld } from './asking-run.ts';

const REST_MS = 400;

/** The dialog is in front and takes keys. */
async function opened(size = { cols: 80, rows: 24 }, ...drafts: Parameters<AskWorld['handle']['emit']>) {
  const world = await askWorld(size);
  world.handle.emit(...(drafts.length > 0 ? drafts : [requested()]));
  world.keys('a');
  world.clock.advance(REST_MS);
  return world;
}

const DECISION = { type: 'decide', request: 'approval-1', by: 'user' };

describe('a call that waits for leave', () => {
  it('is told on the status row, in its pane and in the footer, and takes no key away', async () => {
    const w = await askWorld();
    w.handle.emit(requested());
    expect([w.text().includes('! 1 for you: a'), w.text().includes('! asks leave'), w.app.model.asks.open]).toEqual([
      true,
      true,
      null,
    ]);
    expect(w.text()).toContain('2 gpt asks for leave: a opens it');
    w.keys('@');
    w.type('a word');
    expect([w.app.model.asks.open, w.handle.commands]).toEqual([null, []]);
  });

  it('names the keys that the user has bound', async () => {
    const keymap = KEYMAP.map((each) =>
      each.id === 'open-ask' || each.id === 'allow-once' ? { ...each, keys: ['Z'], label: 'Z' } : each,
    );
    const w = await askWorld(undefined, {}, { keymap });
    w.handle.emit(requested());
    const sign = w.text().includes('! 1 for you: Z');
    w.keys('Z');
    expect([sign, w.text().includes('Z     allow this once')]).toEqual([true, true]);
  });

  it('shows the arguments of a foreign tool by their names', async () => {
    const target = JSON.stringify({ title: 'Bug', labels: ['a', 'b'], body: 'one\ntwo' });
    const w = await opened(undefined, requested({ tool: 'mcp__github__create_issue', target, detail: '' }));
    const shown = w
      .text()
      .split('\n')
      .map((row) => /^.│ (.*?) *│.$/.exec(row.padEnd(80))?.[1] ?? '');
    const at = shown.indexOf('its arguments, word for word:');
    expect(shown.slice(at + 1, at + 8)).toEqual([
      'title  Bug',
      'labels',
      '  -  a',
      '  -  b',
      'body',
      '  │ one',
      '  │ two',
    ]);
  });

  it('shows the command of an agent program once, with what else it was given', async () => {
    const detail = JSON.stringify({ command: 'npm run one-command', folder: 'here', again: 'npm run one-command' });
    const w = await opened(undefined, requested({ target: 'npm run one-command', detail }));
    const shown = w.text();
    const names = ['command', 'folder', 'again'].filter((name) => new RegExp(`│ ${name}  `).test(shown));
    expect(names).toEqual(['folder', 'again']);
  });

  it('rings only while another window is in front', async () => {
    const w = await askWorld();
    w.handle.emit(requested());
    w.app.handle({ kind: 'focus', isFocused: false });
    w.handle.emit(requested({ request: 'approval-2' }, 'agent1'));
    expect(w.log.filter((line) => line.startsWith('ring'))).toEqual(['ring 1 claude asks for leave']);
  });

  it('opens by key, palette and mouse', async () => {
    const w = await askWorld();
    w.handle.emit(requested());
    const open = (): string | null => w.app.model.asks.open;
    w.keys('a');
    const byKey = open();
    w.keys('escape');
    const closed = open();
    w.keys(':');
    w.type('asks');
    w.keys('enter');
    const byPalette = open();
    w.keys('escape');
    w.click('! 1 for you');
    expect([byKey, closed, byPalette, open()]).toEqual(['approval-1', null, 'approval-1', 'approval-1']);
  });

  it.each([
    ['a', 'once'],
    ['r', 'run'],
    ['s', 'session'],
    ['w', 'always'],
  ])('is allowed with %s: %s', async (key, scope) => {
    const w = await opened();
    w.keys(key);
    expect(w.handle.commands).toEqual([{ ...DECISION, isAllowed: true, scope, reason: '' }]);
  });

  it.each(['d', 'enter'])('is denied with %s', async (key) => {
    const w = await opened();
    w.keys(key);
    expect(w.handle.commands).toEqual([
      { ...DECISION, isAllowed: false, scope: 'once', reason: 'The user does not allow it.' },
    ]);
  });

  it('is denied with the reason that was typed', async () => {
    const w = await opened();
    w.keys('n');
    w.type('not the dist folder');
    expect(w.text()).toContain('why not: not the dist folder');
    w.keys('enter');
    expect(w.handle.commands).toEqual([
      { ...DECISION, isAllowed: false, scope: 'once', reason: 'not the dist folder' },
    ]);
  });

  it('is decided by a click', async () => {
    const w = await opened();
    w.click('allow this once');
    expect(w.handle.commands).toEqual([{ ...DECISION, isAllowed: true, scope: 'once', reason: '' }]);
  });

  it('takes no decision from a key that was on its way when it came to the front', async () => {
    const w = await askWorld();
    w.handle.emit(requested());
    w.keys('a', 'a', 'enter');
    expect([w.handle.commands, w.app.model.asks.open]).toEqual([[], 'approval-1']);
  });

  it('gives way to the next one in the queue, which rests first', async () => {
    const w = await opened(undefined, requested(), requested({ request: 'approval-2', target: 'ls' }, 'agent1'));
    expect(w.text()).toContain('approval 1 of 2');
    w.keys('d', 'd');
    expect([w.handle.commands.length, w.app.model.asks.open, w.text().includes('approval 1 of 1')]).toEqual([
      1,
      'approval-2',
      true,
    ]);
  });

  it('is looked at in any order', async () => {
    const w = await opened(undefined, requested(), requested({ request: 'approval-2', target: 'ls' }, 'agent1'));
    w.keys(']');
    const second = w.text().includes('approval 2 of 2');
    w.keys('[');
    expect([second, w.text().includes('approval 1 of 2')]).toEqual([true, true]);
  });

  it('disappears when it was decided elsewhere', async () => {
    const w = await opened();
    w.handle.emit(decided());
    expect([w.app.model.asks.open, w.text().includes('No longer open: denied by policy.')]).toEqual([null, true]);
  });

  it('disappears when its turn ends', async () => {
    const w = await opened();
    w.handle.emit({ type: 'turn.finished', agent: 'agent2', data: { turn: 'agent2-t1', outcome: 'aborted' } });
    expect([w.app.model.asks.open, w.text().includes('for you')]).toEqual([null, false]);
  });

  it('is told of when the run is left', async () => {
    const w = await askWorld();
    w.handle.emit(requested());
    w.keys(':', 'q', 'u', 'i', 't', 'enter');
    expect(w.text()).toContain('1 request waits for you and is denied then.');
    w.keys('y');
    expect(w.handle.commands).toEqual([{ type: 'cancel', by: 'user' }]);
  });
});

describe('a command that may be changed', () => {
  it('is allowed once as it stands in the field', async () => {
    const w = await opened(undefined, requested({ editable: true }));
    expect(w.text()).toContain('change it, then allow');
    w.keys('e');
    w.type(' --offline');
    expect(w.text()).toMatch(/run: rm -rf dist && npm run build --offline[\s\S]*allows it once, as it stands here/);
    w.keys('enter');
    expect(w.handle.commands).toEqual([
      { ...DECISION, isAllowed: true, scope: 'once', reason: '', edited: 'rm -rf dist && npm run build --offline' },
    ]);
  });

  it('does not become the reason of a denial', async () => {
    const w = await opened(undefined, requested({ editable: true }));
    w.keys('e', 'escape', 'd');
    expect(w.handle.commands).toEqual([
      { ...DECISION, isAllowed: false, scope: 'once', reason: 'The user does not allow it.' },
    ]);
  });

  it('is nothing else than one command', async () => {
    const w = await opened();
    w.keys('e');
    expect([w.text().includes('change it, then allow'), w.text().includes('Only a call of one command')]).toEqual([
      false,
      true,
    ]);
  });
});

describe('what is to be allowed', () => {
  const LONG = `echo ok${' '.repeat(3000)}; rm -rf ~`;

  it('cannot be allowed before its last row was on the screen', async () => {
    const w = await opened(undefined, requested({ target: LONG }));
    w.keys('a');
    const early = [w.handle.commands.length, w.text().includes('were not shown yet')];
    // The end alone is not all of it.
    w.keys('G', 'a');
    const jumped = w.handle.commands.length;
    w.keys('g');
    for (let i = 0; i < 20; i++) w.keys('space');
    const shown = w.text().includes('; rm -rf ~');
    w.keys('a');
    expect({ early, jumped, shown, sent: w.handle.commands.length }).toEqual({
      early: [0, true],
      jumped: 0,
      shown: true,
      sent: 1,
    });
  });

  it('can be denied at once', async () => {
    const w = await opened(undefined, requested({ target: LONG }));
    w.keys('d');
    expect(w.handle.commands.length).toBe(1);
  });

  it('spells out what a terminal would obey, hide or reorder', async () => {
    const w = await opened(undefined, requested({ target: 'ls \u202etxt.exe\u200b \x1b[8m; rm\x9b2J\t\u00a0x' }));
    expect(w.text()).toContain(String.raw`ls \u{202e}txt.exe\u{200b} \x1b[8m; rm\x9b2J\t\xa0x`);
  });

  it('names letters that look like others', async () => {
    const w = await opened(undefined, requested({ target: 'cat p\u0430sswd' }));
    expect(w.text()).toContain('some may look like others: \u0430 U+0430');
  });

  it('shows the diff, whole and with what is hidden in it', async () => {
    const diff = '--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-const a = 1;\n+const a = 2; // \u2066evil\n';
    const w = await opened({ cols: 120, rows: 40 }, requested({ action: 'write_file', target: 'src/x.ts', diff }));
    expect(w.text()).toContain(String.raw`+const a = 2; // \u{2066}evil`);
    expect(w.text()).toContain('-const a = 1;');
  });

  it.each([
    [40, 10],
    [60, 16],
    [80, 24],
    [200, 50],
  ])('can be read and decided at %ix%i', async (cols, rows) => {
    const w = await opened({ cols, rows }, requested({ target: 'x'.repeat(400) }));
    for (let i = 0; i < 60; i++) w.keys('j');
    expect(w.text()).toMatch(/d {4,5} ?deny/);
    w.keys('a');
    expect(w.handle.commands.length).toBe(1);
  });
});

describe('what is asked for a subagent', () => {
  it('is told under its name behind its agent’s', async () => {
    const w = await askWorld({ cols: 120, rows: 40 });
    w.handle.emit(requested({ subagent: 'agent2-sub1' }));
    expect(w.text()).toContain('2 gpt ▸ agent2-sub1 asks for leave: a opens it');
    w.handle.emit(decided({ subagent: 'agent2-sub1', request: 'approval-1', reason: 'Too late.' }));
    const shown = w.text();
    expect(
      ['▸ agent2-sub1: denied by policy: Too late.', 'ASKS     2 ▸ agent2-sub1:'].map((each) => shown.includes(each)),
    ).toEqual([true, true]);
  });
});
