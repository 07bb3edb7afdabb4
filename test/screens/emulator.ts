import { createRequire } from 'node:module';
import type { Terminal } from '@xterm/headless';
import type { Unicode11Addon } from '@xterm/addon-unicode11';

// Both packages are CommonJS without names that an import could see.
const require = createRequire(import.meta.url);
const headless = require('@xterm/headless') as { Terminal: typeof Terminal };
const unicode11 = require('@xterm/addon-unicode11') as { Unicode11Addon: typeof Unicode11Addon };

/** A terminal without a window, with the widths of today's terminals. */
export function createEmulator(cols: number, rows: number): Terminal {
  const terminal = new headless.Terminal({ cols, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
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
