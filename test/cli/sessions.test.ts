import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `
session_id: from-config
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, text: The answer. }] } }
`;

/** What the run of that folder was told of earlier turns. */
async function historyIn(runs: string, index: number): Promise<unknown> {
  const [first = ''] = (
    await readFile(join(runs, (await readdir(runs)).toSorted()[index] ?? '', 'run.jsonl'), 'utf8')
  ).split('\n');
  const { data } = JSON.parse(first) as { data: { history?: unknown; session?: unknown } };
  return { history: data.history, session: data.session };
}

describe('sessions', () => {
  it('go on with a further question, from any folder, with the team that they had', async () => {
    await withFolder({ 'team.yaml': TEAM.replace(/session_id.*\n/, '') }, async (home) => {
      const env = { HOME: home };
      await mkdir(join(home, 'a'));
      await mkdir(join(home, 'b'));
      const first = await runCommandLine(['--config', '../team.yaml', '--session-id', 'talk', 'One?'], {
        cwd: join(home, 'a'),
        env,
      });
      expect(first.code).toBe(0);
      const second = await runCommandLine(['--session-id', 'talk', 'Two?'], { cwd: join(home, 'b'), env });
      expect([second.code, second.stdout]).toEqual([0, 'The answer.\n']);
      const exchange = { question: 'One?', answer: 'The answer.', outcome: 'answered' };
      expect(await historyIn(join(home, 'b', '.massgen', 'runs'), 0)).toEqual({ session: 'talk', history: [exchange] });
      const third = await runCommandLine(['--continue', 'Three?'], { cwd: join(home, 'a'), env });
      expect(third.code).toBe(0);
      expect(await historyIn(join(home, 'a', '.massgen', 'runs'), 1)).toMatchObject({
        session: 'talk',
        history: [exchange, { question: 'Two?' }],
      });
    });
  });

  it('are listed, renamed and deleted', async () => {
    await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'One?'], { cwd });
      const list = await runCommandLine(['--list-sessions'], { cwd });
      expect(list.stdout).toMatch(/^from-config {2}.* {2}1 turn {2}answered {2}One\?\n$/);
      await runCommandLine(['sessions', 'rename', 'from', 'My talk'], { cwd });
      const json = await runCommandLine(['sessions', '--json'], { cwd });
      expect(JSON.parse(json.stdout)).toMatchObject([{ id: 'from-config', name: 'My talk', turns: 1 }]);
      const unsure = await runCommandLine(['sessions', 'delete', 'My talk'], { cwd });
      expect(unsure).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was deleted.') });
      expect(await readdir(join(cwd, '.massgen', 'runs'))).toHaveLength(1);
      expect(await runCommandLine(['sessions', 'delete', 'My talk', '--yes'], { cwd })).toMatchObject({ code: 0 });
      expect(await readdir(join(cwd, '.massgen', 'runs'))).toEqual([]);
      expect(await runCommandLine(['sessions', 'delete', 'My talk', '--yes'], { cwd })).toMatchObject({ code: 1 });
    });
  });

  it('are not deleted while somebody works on one of their runs', async () => {
    await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'One?'], { cwd });
      const runs = join(cwd, '.massgen', 'runs');
      const dir = join(runs, (await readdir(runs))[0] ?? '');
      const lines = (await readFile(join(dir, 'run.jsonl'), 'utf8')).split('\n');
      await writeFile(join(dir, 'run.jsonl'), `${lines.slice(0, 3).join('\n')}\n`);
      const record = await readFile(join(dir, 'launch.json'), 'utf8');
      await writeFile(join(dir, 'launch.json'), record.replace(/"pid": \d+/, `"pid": ${process.pid}`));
      const refused = await runCommandLine(['sessions', 'delete', 'from-config', '--yes'], { cwd });
      expect(refused).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('is going on, so nothing was deleted'),
      });
      expect(await readdir(dir)).toContain('run.jsonl');
    });
  });

  it('need a name that is one', async () => {
    await withFolder({}, async (cwd) => {
      const bad = await runCommandLine(['--session-id', '../x', '--demo'], { cwd });
      expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('session id') });
      const none = await runCommandLine(['--continue', 'More?'], { cwd });
      expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no session to go on with') });
    });
  });
});
