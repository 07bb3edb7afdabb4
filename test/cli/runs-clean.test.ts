import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const OLD = '20200101-000000-aaaa';
const TEAM = `
keep_runs_days: 30
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ text: The answer. }] } }
`;

async function addOldRun(cwd: string): Promise<void> {
  const dir = join(cwd, '.massgen', 'runs', OLD);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'run.jsonl'), '');
  await utimes(join(dir, 'run.jsonl'), 1, 1);
}

it('runs clean removes old runs and says which', async () => {
  await withFolder({}, async (cwd) => {
    await addOldRun(cwd);
    expect(await runCommandLine(['runs', 'clean'], { cwd })).toMatchObject({ code: 1, stdout: '' });
    const trial = await runCommandLine(['runs', 'clean', '--older-than', '2w', '--dry-run'], { cwd });
    expect(trial).toEqual({ code: 0, stdout: '', stderr: `Would remove one run: ${OLD}.\n` });
    const done = await runCommandLine(['runs', 'clean', '--older-than', '36h'], { cwd });
    expect(done).toEqual({ code: 0, stdout: '', stderr: `Removed one run: ${OLD}.\n` });
    const again = await runCommandLine(['runs', 'clean', '--older-than', '30'], { cwd });
    expect(again).toEqual({ code: 0, stdout: '', stderr: 'No run is that old.\n' });
    expect(await runCommandLine(['runs', 'clean', '--older-than', 'soon'], { cwd })).toMatchObject({ code: 1 });
  });
});

it('a config may say how long logs are kept', async () => {
  await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
    await addOldRun(cwd);
    const result = await runCommandLine(['--config', 'team.yaml', 'What?'], { cwd });
    expect(result.stderr).toContain(`Removed one run: ${OLD}. The config keeps logs for 30 days.`);
    expect(await readdir(join(cwd, '.massgen', 'runs'))).toHaveLength(1);
  });
});
