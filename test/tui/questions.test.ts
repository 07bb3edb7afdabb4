import { describe, expect, it } from 'vitest';
import { asked, askWorld, replied, requested, type AskWorld } from './asking-run.ts';

const REST_MS = 400;

async function opened(change: Parameters<typeof asked>[0] = {}, size = { cols: 80, rows: 24 }): Promise<AskWorld> {
  const world = await askWorld(size);
  world.handle.emit(asked(change));
  world.keys('a');
  world.clock.advance(REST_MS);
  return world;
}

const REPLY = { type: 'reply', question: 'question-1' };
const OPTIONS = ['redis', 'memory', 'disk'].map((label) => ({ label, description: '' }));

describe('a question of an agent', () => {
  it('is told and takes no key away; those for other agents are none of the user', async () => {
    const w = await askWorld();
    w.handle.emit(asked({ to: ['agent2'] }));
    const others = w.text().includes('for you');
    w.handle.emit(asked({ question: 'question-2' }));
    expect([
      others,
      w.text().includes('! 1 for you: a'),
      w.text().includes('! asks you'),
      w.app.model.asks.open,
    ]).toEqual([false, true, true, null]);
  });

  it('shows its text, its options with descriptions and who asks', async () => {
    const w = await opened();
    for (const part of [
      'question 1 of 1',
      '1 claude asks you',
      'Which store holds',
      '1 redis',
      'Shared by all workers.',
    ])
      expect(w.text()).toContain(part);
  });

  it.each([
    ['arrows', ['down', 'enter'], 'memory'],
    ['its number', ['2', 'enter'], 'memory'],
    ['nothing but Enter', ['enter'], 'redis'],
  ])('is answered by %s', async (_, keys, label) => {
    const w = await opened();
    w.keys(...keys);
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: [label], text: '' }]);
  });

  it('is answered by clicks', async () => {
    const w = await opened();
    w.click('2 memory');
    w.click('send the picked one');
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: ['memory'], text: '' }]);
  });

  it('takes several options where several count, and words with them', async () => {
    const w = await opened({ options: OPTIONS, isMultiple: true });
    w.keys('enter', 'space', 'j', 'j', 'space', 't');
    w.type('both, please');
    w.keys('enter');
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: ['redis', 'disk'], text: 'both, please' }]);
  });

  it('takes words in the place of an option', async () => {
    const w = await opened();
    w.keys('t');
    w.type('a file');
    w.keys('enter');
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: [], text: 'a file' }]);
  });

  it('has its field at once where there are no options, for pastes and several lines too', async () => {
    const w = await opened({ options: [] });
    w.type('one');
    w.keys('ctrl+j');
    w.app.handle({ kind: 'paste', text: `two\n${'x'.repeat(5000)}` });
    w.keys('enter');
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: [], text: `one\ntwo\n${'x'.repeat(5000)}` }]);
  });

  it('takes no words where only options count', async () => {
    const w = await opened({ allowsText: false });
    w.keys('t');
    expect(w.text()).toContain('one of its options only');
  });

  it.each([['options'], ['words']])('is skipped, with %s in front', async (front) => {
    const w = await opened(front === 'options' ? {} : { options: [] });
    w.keys('ctrl+x');
    expect(w.handle.commands).toEqual([
      { type: 'decline', question: 'question-1', outcome: 'skipped', reason: 'The user skipped the question.' },
    ]);
  });

  it('keeps what was typed when it is left for later', async () => {
    const w = await opened({ options: [] });
    w.type('half an ans');
    w.keys('escape', 'a');
    expect(w.text()).toContain('answer: half an ans');
  });

  it('counts its time down once a second, with nothing drawn between', async () => {
    const w = await opened();
    expect(w.text()).toContain('01:00 left');
    w.log.length = 0;
    w.clock.advance(10_000);
    expect([w.log.filter((line) => line === 'frame').length, /00:5[01] left/.test(w.text())]).toEqual([10, true]);
  });

  it('goes when its time is over, and says so', async () => {
    const w = await opened();
    w.handle.emit(replied({ outcome: 'timed-out' }));
    expect([w.app.model.asks.open, w.text().includes('its time is over')]).toEqual([null, true]);
  });

  it('stands in one queue with calls that wait', async () => {
    const w = await opened();
    w.clock.advance(10);
    w.handle.emit(requested());
    expect(w.text()).toContain('question 1 of 2');
    w.keys('enter');
    expect(w.text()).toContain('approval 1 of 1');
  });

  it('shows hostile text as text', async () => {
    const w = await opened({
      text: 'Sure?\x1b]0;x\x07\u202e',
      options: [{ label: 'y\x1b[2Jes\u2066', description: '\x9b31mred' }],
    });
    // oxlint-disable-next-line no-control-regex -- controls are what it is about
    expect(w.text()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]/);
    w.keys('enter');
    expect(w.handle.commands).toEqual([{ ...REPLY, choices: ['y\x1b[2Jes\u2066'], text: '' }]);
  });

  it.each([
    [40, 10],
    [80, 24],
    [200, 50],
  ])('brings every option in sight at %ix%i', async (cols, rows) => {
    const options = Array.from({ length: 30 }, (_, i) => ({ label: `option number ${i + 1}`, description: 'why' }));
    const w = await opened({ options, text: 'Pick. '.repeat(80) }, { cols, rows });
    const seen = options.map(({ label }) => {
      const isShown = w.text().includes(label);
      w.keys('j');
      return isShown;
    });
    w.keys('enter');
    expect([seen.slice(1).every(Boolean), w.handle.commands]).toEqual([
      true,
      [{ ...REPLY, choices: ['option number 30'], text: '' }],
    ]);
  });
});
