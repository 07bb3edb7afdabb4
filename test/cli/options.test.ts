import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/options.ts';

const read = (...argv: string[]) => parseArguments(argv, '1.2.3', [{ name: 'resume', summary: 'go on' }]);

describe('the command line', () => {
  it('leaves sessions and limits alone unless told', () => {
    expect(read('Why?')).toMatchObject({
      type: 'options',
      options: { question: 'Why?', continue: false, listSessions: false, all: false, rateLimit: false },
    });
  });

  it('reads which session to go on with', () => {
    expect(read('--continue', 'And now?')).toMatchObject({ options: { continue: true, question: 'And now?' } });
    expect(read('--session-id', 'talk', 'Why?')).toMatchObject({ options: { sessionId: 'talk', question: 'Why?' } });
    expect(read('--list-sessions', '--all')).toMatchObject({ options: { listSessions: true, all: true } });
  });

  it('reads what of MassGen’s examples to show', () => {
    expect([read('--list-examples'), read('--example', 'x')]).toMatchObject([
      { options: { listExamples: true } },
      { options: { listExamples: false, example: 'x' } },
    ]);
  });

  it('lists the commands in its help', () => {
    const help = read('--help');
    expect(help).toMatchObject({
      type: 'text',
      exitCode: 0,
      text: expect.stringContaining('massgen resume    go on\n'),
    });
  });

  it('takes --plain for what screen readers read', () => {
    expect([read('--plain'), read('--no-display'), read()]).toMatchObject([
      { options: { display: false } },
      { options: { display: false } },
      { options: { display: true } },
    ]);
  });

  it('says nothing of switches that are off in its help', () => {
    const help = read('--help');
    expect(help.type === 'text' && help.text).not.toContain('default: false');
  });

  it('says that a question of several words stands in quotes', () => {
    const parsed = read('What', 'is', 'it?');
    expect(parsed.type === 'text' && parsed.text.split('\n').slice(1)).toEqual([
      'A question of several words stands in quotes.',
      '',
    ]);
  });

  it.each([['--speed', '0'], ['--seed', '1.5'], ['--no-such-flag'], ['one', 'two']])('refuses %s %s', (...argv) => {
    expect(read(...argv)).toMatchObject({ type: 'text', exitCode: 1 });
  });
});
