import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

describe('massgen replay', () => {
  it('prints what the run printed, to the letter, and changes nothing', async () => {
    await withFolder({}, async (cwd) => {
      const live = await runCommandLine(['--demo', '--speed', 'max', '--no-display'], { cwd });
      const [, dir = ''] = /log: (.*)/.exec(live.stderr) ?? [];
      const log = await readFile(join(dir, 'run.jsonl'), 'utf8');
      expect(await runCommandLine(['replay'], { cwd })).toEqual(live);
      const json = await runCommandLine(['replay', dir, '--json'], { cwd });
      expect({ code: json.code, events: json.stdout.split('\n') }).toEqual({ code: 0, events: log.split('\n') });
      const automation = await runCommandLine(['replay', '--automation', '--from', '9'], { cwd });
      expect(automation).toMatchObject({ code: 0, stdout: expect.stringContaining('\nWINNER: ') });
      expect(await readFile(join(dir, 'run.jsonl'), 'utf8')).toBe(log);
    });
  });

  it('stops at an interrupt', async () => {
    await withFolder({}, async (cwd) => {
      await runCommandLine(['--demo', '--speed', 'max', '--no-display'], { cwd });
      let isSent = false;
      const ended = await runCommandLine(['replay', '--json', '--speed', '0.01'], {
        cwd,
        onOutput: (stdout, kill) => {
          // A second one could come when nobody listens any more.
          if (isSent || !stdout.endsWith('\n')) return;
          isSent = true;
          kill('SIGINT');
        },
      });
      expect([ended.code, ended.stdout.includes('run.finished')]).toEqual([4, false]);
    });
  });
});
