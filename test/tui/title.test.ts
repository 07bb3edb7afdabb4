import { describe, expect, it } from 'vitest';
import { notification } from '../../src/tui/app/notification.ts';
import { BACK_TITLE, canSetTitle, KEEP_TITLE } from '../../src/tui/render/title.ts';
import { Terminal } from '../../src/tui/render/terminal.ts';
import { titleOf } from '../../src/tui/view/title.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { askWorld, requested } from './asking-run.ts';
import { modelOf } from './models.ts';

describe('the title of the window', () => {
  it('says how far the run is, and what waits for the user', async () => {
    const w = await askWorld();
    const going = titleOf(w.app.model);
    w.handle.emit(requested());
    expect([titleOf(modelOf([])), going, titleOf(w.app.model), titleOf(modelOf(scriptedRun({ agents: 3 })))]).toEqual([
      'massgen',
      'massgen: drafting - Fix the token refresh race and prove it with a test',
      'massgen: ! 1 for you, drafting - Fix the token refresh race and prove it with a test',
      'massgen: answered - Fix the token refresh race and prove it with a test',
    ]);
  });

  it('holds nothing that a terminal would obey, and no half of a character', () => {
    const question = `\x1b]0;x\x07\x9c\u202e${'a'.repeat(48)}\u{1f600} end`;
    expect(titleOf(modelOf(scriptedRun({ agents: 3, until: 'drafting', question })))).toMatch(
      /^massgen: drafting - [ -~]*$/,
    );
  });

  it('is kept aside while the app runs and brought back, also after a sleep', () => {
    let out = '';
    const terminal = new Terminal(
      { resume: () => undefined, pause: () => undefined },
      { write: (text: string) => (out += text) },
    );
    terminal.hasTitle = true;
    terminal.enter();
    terminal.restore();
    terminal.reenter();
    terminal.restore();
    expect([out.split(KEEP_TITLE).length - 1, out.split(BACK_TITLE).length - 1]).toEqual([2, 2]);
  });

  it.each([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'tmux-256color' }, true],
    [{ TERM: 'linux' }, false],
    [{ TERM: 'dumb' }, false],
    [{}, false],
    [{ TERM: 'xterm', MASSGEN_TITLE: 'off' }, false],
  ])('is set with %j: %s', (env, can) => {
    expect(canSetTitle(env)).toBe(can);
  });
});

describe('a notification', () => {
  it.each([
    [{ TERM: 'xterm-kitty' }, '\x07\x1b]9;done\x1b\\'],
    [{ TERM: 'foot' }, '\x07\x1b]777;notify;massgen;done\x1b\\'],
    [{ TERM: 'xterm' }, '\x07'],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/x' }, '\x07'],
    [{ TERM: 'xterm-kitty', MASSGEN_NOTIFY: 'bell' }, '\x07'],
    [{ TERM: 'xterm-kitty', MASSGEN_NOTIFY: 'off' }, ''],
  ])('with %j is %j', (env, sent) => {
    expect(notification('done', env)).toBe(sent);
  });
});
