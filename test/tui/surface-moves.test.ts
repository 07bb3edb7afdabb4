import { describe, expect, it } from 'vitest';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { createEmulator, emulatorText } from '../screens/emulator.ts';
import { FIRST_RUN_CASES } from './first-run-cases.ts';

describe('a picture after another one', () => {
  it('is whole, whatever moved in between', async () => {
    const surface = new Surface(120, 40);
    const table = new StyleTable(loadTheme('dark', null), 'truecolor');
    const terminal = createEmulator(120, 40);
    const names = [
      'setup-keys',
      'setup-secret',
      'setup-keys',
      'setup-team',
      'setup-models',
      'setup-team',
      'setup-save',
    ];
    for (const name of [...names, ...FIRST_RUN_CASES.map(([each]) => each)]) {
      const make = FIRST_RUN_CASES.find(([each]) => each === name)?.[1];
      if (!make) throw new Error(`there is no ${name}`);
      const frame = buildFrame({ ...make(), cols: 120, rows: 40 });
      terminal.write(surface.show(frame, table, false));
      await new Promise<void>((done) => terminal.write('', done));
      expect({ name, rows: emulatorText(terminal).map((row) => row.trimEnd()) }).toEqual({
        name,
        rows: frameText(frame).map((row) => row.trimEnd()),
      });
    }
  });
});
