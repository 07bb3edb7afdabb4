import { describe, expect, it } from 'vitest';
import process from 'node:process';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import { style } from '../../src/tui/theme/style.ts';
import type { Frame } from '../../src/tui/view/frame.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';

const table = new StyleTable(loadTheme('dark'), 'none');

function frameOf(text: string, cols = 20, rows = 3): Frame {
  const lines = [[{ text, style: style('fg') }]];
  return { cols, rows, cursor: null, areas: [{ layer: 'main', x: 0, y: 0, width: cols, height: 1, lines, fill: 0 }] };
}

describe('Surface', () => {
  it('keeps blessed away from the process: no signal, no exit, no key is listened to', () => {
    const events = ['exit', 'uncaughtException', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGWINCH'];
    const count = (): number[] => [
      ...events.map((event) => process.listenerCount(event)),
      process.stdin.listenerCount('data'),
    ];
    const before = count();
    const surface = new Surface(80, 24);
    surface.show(frameOf('one'), table, false);
    surface.show(frameOf('two'), table, false);
    expect(count()).toEqual(before);
  });

  it('sends only what changed since the first picture, which was drawn without the widgets', () => {
    const surface = new Surface(20, 3);
    surface.show(frameOf('日本 one'), table, false);
    expect(surface.show(frameOf('日本 one'), table, false)).toBe('');
    expect(surface.show(frameOf('日本 two'), table, false)).toBe('\x1b[?25l\x1b[1;6H\x1b[0mtwo\x1b[0m');
  });

  it('sends everything again when the size changed between the first two pictures', () => {
    const surface = new Surface(20, 3);
    surface.show(frameOf('one'), table, false);
    expect(surface.show(frameOf('one', 10, 2), table, false)).toContain('one       ');
  });
});
