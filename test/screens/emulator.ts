import { createRequire } from 'node:module';
import type { Terminal } from '@xterm/headless';
import type { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import type { Unicode11Addon } from '@xterm/addon-unicode11';

// Both packages are CommonJS without names that an import could see.
const require = createRequire(import.meta.url);
const headless = require('@xterm/headless') as { Terminal: typeof Terminal };
const unicode11 = require('@xterm/addon-unicode11') as { Unicode11Addon: typeof Unicode11Addon };
const graphemes = require('@xterm/addon-unicode-graphemes') as { UnicodeGraphemesAddon: typeof UnicodeGraphemesAddon };

/** The widths of a terminal that takes clusters as one picture. */
export const CLUSTERS = '15-graphemes';

/** A terminal without a window, with the widths of today's terminals. */
export function createEmulator(cols: number, rows: number): Terminal {
  const terminal = new headless.Terminal({ cols, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  // It takes the place of the widths when it is loaded.
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

/** The rows that it shows, without blanks at their ends. */
export function emulatorText(terminal: Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from(
    { length: terminal.rows },
    (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
  );
}
