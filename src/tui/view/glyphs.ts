import type { AgentStatus } from '../../coordination/state.ts';
import type { LaneCell } from './lane-cells.ts';

/** The signs that the app itself draws. Model text is never put through this. */
export interface Glyphs {
  rule: string;
  focusRule: string;
  bar: string;
  answerBar: string;
  cut: string;
  /** At the end of a row of code that goes on in the next one. */
  goesOn: string;
  /** How arrow keys are written. */
  keys: Record<'↑' | '↓' | '←' | '→', string>;
  down: string;
  up: string;
  arrow: string;
  bullet: string;
  dot: string;
  folded: string;
  unfolded: string;
  ok: string;
  bad: string;
  star: string;
  full: string;
  corner: { topLeft: string; topRight: string; bottomLeft: string; bottomRight: string };
  status: Record<AgentStatus, string>;
  /** One column of a lane of the timeline. */
  lane: Record<LaneCell, string>;
}

const LANE_LETTERS = {
  answer: 'A',
  ballot: 'V',
  void: 'v',
  update: 'U',
  message: 'M',
  refused: 'r',
  retry: 'R',
  error: '!',
  out: 'X',
  restart: 'B',
  none: ' ',
} as const;

export const UNICODE: Glyphs = {
  rule: '─',
  focusRule: '═',
  bar: '│',
  answerBar: '▎',
  cut: '…',
  goesOn: '↵',
  keys: { '↑': '↑', '↓': '↓', '←': '←', '→': '→' },
  down: '▼',
  up: '▲',
  arrow: '→',
  bullet: '•',
  dot: '·',
  folded: '▸',
  unfolded: '▾',
  ok: '✓',
  bad: '✗',
  star: '★',
  full: '█',
  corner: { topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯' },
  status: {
    waiting: '○',
    streaming: '●',
    tool: '▸',
    retrying: '↻',
    answered: '◆',
    voted: '✓',
    failed: '✗',
    abstained: '◇',
    completed: '■',
  },
  lane: { ...LANE_LETTERS, draft: '▬', tool: '▒', wait: '╌', ask: '?', idle: '·', done: '─' },
};

export const ASCII: Glyphs = {
  rule: '-',
  focusRule: '=',
  bar: '|',
  answerBar: '|',
  cut: '~',
  goesOn: '\\',
  keys: { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' },
  down: 'v',
  up: '^',
  arrow: '->',
  bullet: '-',
  dot: '.',
  folded: '+',
  unfolded: '-',
  ok: 'v',
  bad: 'x',
  star: '*',
  full: '#',
  corner: { topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+' },
  status: {
    waiting: '.',
    streaming: '*',
    tool: '>',
    retrying: 'R',
    answered: 'A',
    voted: 'V',
    failed: 'X',
    abstained: '-',
    completed: '#',
  },
  lane: { ...LANE_LETTERS, draft: '=', tool: '%', wait: '~', ask: '?', idle: '.', done: '-' },
};

/** A key's label from the keymap in the signs of this set. */
export function keyLabel(label: string, glyphs: Glyphs): string {
  return label.replace(/[↑↓←→]/g, (arrow) => glyphs.keys[arrow as keyof Glyphs['keys']]);
}
