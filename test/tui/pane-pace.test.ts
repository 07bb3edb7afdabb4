import { describe, expect, it } from 'vitest';
import { BlockList } from '../../src/tui/store/blocks.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { PaneFlow } from '../../src/tui/view/flow.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { PanePace } from '../../src/tui/view/pane-pace.ts';

function make(): {
  pace: PanePace;
  say: (text: string) => void;
  see: (now: number, isFocused?: boolean, height?: number) => string[];
} {
  const list = new BlockList();
  const flow = new PaneFlow(list, {
    width: 20,
    showReasoning: false,
    showTools: false,
    showKey: 'r',
    glyphs: UNICODE,
    agent: 'agent.1',
    render: null,
  });
  const pace = new PanePace();
  let version = 0;
  return {
    pace,
    say: (text) => {
      list.stream('text', 'r', text);
      version++;
    },
    see: (now, isFocused = false, height = 3) => {
      pace.begin();
      return pace.rows('agent1', flow, height, { version, now, isFocused }).map(lineText);
    },
  };
}

describe('PanePace', () => {
  it('shows everything at once where nothing rests', () => {
    const { say, see, pace } = make();
    say('a');
    see(0);
    say('b');
    expect([see(0), pace.isBehind]).toEqual([['ab'], false]);
  });

  it('lets a pane rest, says so, and catches up', () => {
    const { say, see, pace } = make();
    pace.pacing = { restMs: 120, isJumping: false };
    say('a');
    const first = see(1000);
    say('b');
    const resting = [see(1050), pace.isBehind];
    expect([first, resting, see(1120), pace.isBehind]).toEqual([['a'], [['a'], true], ['ab'], false]);
  });

  it('is not behind when nothing new came', () => {
    const { say, see, pace } = make();
    pace.pacing = { restMs: 120, isJumping: false };
    say('a');
    see(1000);
    see(1001);
    expect(pace.isBehind).toBe(false);
  });

  it('never lets the focused pane rest', () => {
    const { say, see, pace } = make();
    pace.pacing = { restMs: 120, isJumping: false };
    say('a');
    see(1000, true);
    say('b');
    expect([see(1001, true), pace.isBehind]).toEqual([['ab'], false]);
  });

  it('does not rest when the size of the pane changes', () => {
    const { say, see, pace } = make();
    pace.pacing = { restMs: 120, isJumping: false };
    say('a\nb\nc\nd');
    see(1000);
    expect(see(1001, false, 2)).toEqual(['c', 'd']);
  });

  it('moves text up by most of the pane at once, and always shows the newest', () => {
    const { say, see, pace } = make();
    pace.pacing = { restMs: 0, isJumping: true };
    const seen: string[][] = [];
    for (let i = 1; i <= 7; i++) {
      say(i === 1 ? '1' : `\n${i}`);
      seen.push(see(i));
    }
    expect(seen).toEqual([['1'], ['1', '2'], ['1', '2', '3'], ['4'], ['4', '5'], ['4', '5', '6'], ['7']]);
  });

  it('shows a full pane when it begins to jump late', () => {
    const { say, see, pace } = make();
    say('1\n2\n3\n4\n5');
    pace.pacing = { restMs: 0, isJumping: true };
    expect(see(1)).toEqual(['3', '4', '5']);
  });
});
