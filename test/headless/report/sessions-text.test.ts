import { describe, expect, it } from 'vitest';
import { sessionsText, type SessionLine } from '../../../src/headless/report/sessions-text.ts';

const line: SessionLine = {
  id: 'talk',
  name: null,
  cwd: '/work',
  turns: 2,
  lastUsedAt: Date.UTC(2026, 0, 2, 3, 4),
  firstQuestion: 'Why\nso?',
  lastOutcome: 'answered',
  parent: null,
  runs: ['r1', 'r2'],
};

describe('the list of sessions', () => {
  it('has a line for each: its name, or else its first question', () => {
    const named = {
      ...line,
      id: 'b',
      name: 'My talk',
      turns: 1,
      lastOutcome: null,
      parent: { session: 'talk', turns: 1 },
    };
    expect(sessionsText([line, named], false)).toBe(
      'talk  2026-01-02 03:04  2 turns  answered  Why so?\n' +
        'b     2026-01-02 03:04  1 turn             My talk  branch of talk\n',
    );
    expect(sessionsText([line], true)).toBe('talk  2026-01-02 03:04  2 turns  answered  Why so?    /work\n');
    expect(sessionsText([], true)).toBe('');
  });

  it('lets no name and no question steer the terminal', () => {
    const evil = 'x\u001b[2J\u0007\n\u202ey';
    const text = sessionsText(
      [
        { ...line, name: evil, cwd: evil },
        { ...line, firstQuestion: evil },
      ],
      true,
    );
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(text.split('\n')).toHaveLength(3);
  });
});
