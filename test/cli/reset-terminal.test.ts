import { describe, expect, it } from 'vitest';
import { openScreen } from '../screens/pty-screen.ts';
import { runCommandLine, withFolder } from './command-process.ts';

describe('massgen reset-terminal', () => {
  it('takes back what a killed app had set: the screen, the cursor, the mouse, the echo', async () => {
    const broken = String.raw`\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?7l\x1b(0\x1b[31m`;
    const script = `
      const { spawnSync } = require('node:child_process');
      process.stdin.setRawMode(true);
      process.stdout.write('${broken}');
      process.stdin.setRawMode(true);
      spawnSync('stty', ['raw', '-echo'], { stdio: 'inherit' });
      const { status } = spawnSync(process.execPath, ['src/massgen.js', 'reset-terminal'], { stdio: 'inherit' });
      const { stdout } = spawnSync('stty', ['-a'], { stdio: ['inherit', 'pipe', 'inherit'] });
      const modes = String(stdout).match(/(?<!\\S)-?(echo|icanon|isig|opost)(?=[ ;])/g).join(' ');
      process.stdout.write('status ' + status + ' modes ' + modes + ' lqk\\n');
    `;
    const screen = openScreen(['-e', script], { cols: 80, rows: 24 });
    await screen.exited;
    await screen.settle();
    const text = screen.text().join('\n');
    expect(text).toContain('The terminal is reset.');
    expect(text).toContain('status 0 modes opost isig icanon echo lqk');
    expect(screen.isAlternate()).toBe(false);
    const last = new Map([...screen.raw().matchAll(/\x1b\[\?(\d+)([hl])/g)].map(([, mode, how]) => [mode, how]));
    expect(Object.fromEntries(last)).toMatchObject({
      '25': 'h',
      '7': 'h',
      '1000': 'l',
      '1006': 'l',
      '1004': 'l',
      '2004': 'l',
      '1049': 'l',
    });
  });

  it('says what is wrong where there is no terminal, and sends it nothing', async () => {
    await withFolder({}, async (cwd) => {
      expect(await runCommandLine(['reset-terminal'], { cwd })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('Standard output is no terminal'),
      });
    });
  });

  it('has a help of its own, and refuses arguments', async () => {
    await withFolder({}, async (cwd) => {
      const help = await runCommandLine(['reset-terminal', '--help'], { cwd });
      const wrong = await runCommandLine(['reset-terminal', 'now'], { cwd });
      expect([help.code, help.stdout.includes('Gives a terminal back'), wrong.code, wrong.stdout]).toEqual([
        0,
        true,
        1,
        '',
      ]);
    });
  });
});
