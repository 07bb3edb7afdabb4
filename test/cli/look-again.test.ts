import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

describe('looking at runs again', () => {
  it('lists them and shows the latest, as text and as JSON', async () => {
    await withFolder({}, async (cwd) => {
      expect(await runCommandLine(['runs'], { cwd })).toEqual({
        code: 0,
        stdout: '',
        stderr: 'No run was started in this folder so far.\n',
      });
      const demo = await runCommandLine(['--demo', '--speed', 'max', '--json'], { cwd });
      const [first = ''] = demo.stdout.split('\n');
      const { run } = JSON.parse(first) as { run: string };
      const list = await runCommandLine(['runs'], { cwd });
      expect(list.stdout).toMatch(new RegExp(`^${run}  .* answered  free  make 952 from 25 50 75 100 3 6\n$`));
      const text = await runCommandLine(['inspect'], { cwd });
      expect([text.code, text.stdout.split('\n')[1]]).toEqual([0, 'Question  make 952 from 25 50 75 100 3 6']);
      expect(text.stdout).toContain('no model is called');
      expect(text.stdout).not.toContain('$0.0');
      const json = await runCommandLine(['inspect', run.slice(0, -2), '--json'], { cwd });
      expect(JSON.parse(json.stdout)).toMatchObject({ run, outcome: 'answered', statistics: { ballots: 5, cost: null } });
      expect(await runCommandLine(['inspect', 'nothing'], { cwd })).toMatchObject({ code: 1, stdout: '' });
    });
  });
});
