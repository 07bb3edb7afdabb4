import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = (delayMs: number): string => `
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, delay_ms: ${delayMs}, text: All done. }] } }
`;

/** Starts a run in the folder and interrupts it once it is going. */
async function cancelled(cwd: string) {
  let isTold = false;
  const ended = await runCommandLine(['--config', 'team.yaml', '--json', 'What?'], {
    cwd,
    onOutput: (stdout, kill) => {
      if (isTold || !stdout.includes('request.started')) return;
      isTold = true;
      kill('SIGINT');
    },
  });
  const [id = ''] = await readdir(join(cwd, '.massgen', 'runs'));
  return { ...ended, id };
}

describe('massgen resume', () => {
  it('goes on with a run that was cancelled, as the command said when it was', async () => {
    await withFolder({ 'team.yaml': TEAM(60_000) }, async (cwd) => {
      const before = await cancelled(cwd);
      expect({ code: before.code, stderr: before.stderr }).toEqual({
        code: 4,
        stderr: `Interrupted; nothing is lost. Go on with: massgen resume ${before.id}\n`,
      });
      await writeFile(join(cwd, 'team.yaml'), TEAM(0));
      const after = await runCommandLine(['resume', before.id], { cwd });
      expect({ code: after.code, stdout: after.stdout }).toEqual({ code: 0, stdout: 'All done.\n' });
      const status: unknown = JSON.parse(
        await readFile(join(cwd, '.massgen', 'runs', before.id, 'status.json'), 'utf8'),
      );
      expect(status).toMatchObject({ meta: { finished: true, outcome: 'answered' } });
      const again = await runCommandLine(['resume', before.id], { cwd });
      expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is over (answered)') });
    });
  });

  it('is what --continue does without a question', async () => {
    await withFolder({ 'team.yaml': TEAM(60_000) }, async (cwd) => {
      await cancelled(cwd);
      await writeFile(join(cwd, 'team.yaml'), TEAM(0));
      expect(await runCommandLine(['--continue'], { cwd })).toMatchObject({ code: 0, stdout: 'All done.\n' });
      expect(await runCommandLine(['--continue'], { cwd })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no question'),
      });
    });
  });

  it('says what is in the way when the config is gone', async () => {
    await withFolder({ 'team.yaml': TEAM(60_000) }, async (cwd) => {
      const { id } = await cancelled(cwd);
      await rm(join(cwd, 'team.yaml'));
      const after = await runCommandLine(['resume', id], { cwd });
      expect(after).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('team.yaml') });
    });
  });

  it('leaves a run alone that another process works on', async () => {
    await withFolder({ 'team.yaml': TEAM(60_000) }, async (cwd) => {
      const { id } = await cancelled(cwd);
      const dir = join(cwd, '.massgen', 'runs', id);
      const lines = (await readFile(join(dir, 'run.jsonl'), 'utf8')).split('\n');
      await writeFile(join(dir, 'run.jsonl'), `${lines[0]}\n`);
      const record = await readFile(join(dir, 'launch.json'), 'utf8');
      await writeFile(join(dir, 'launch.json'), record.replace(/"pid": \d+/, `"pid": ${process.pid}`));
      await writeFile(join(cwd, 'team.yaml'), TEAM(0));
      const refused = await runCommandLine(['resume', id], { cwd });
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
      const forced = await runCommandLine(['resume', id, '--force'], { cwd });
      expect(forced).toMatchObject({ code: 0, stdout: 'All done.\n' });
    });
  });
});
