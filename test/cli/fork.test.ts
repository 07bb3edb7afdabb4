import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = (text: string): string => `
session_id: talk
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, text: ${text} }] } }
`;

describe('massgen fork', () => {
  it('branches off a run, with another config, and goes on with it', async () => {
    await withFolder({ 'team.yaml': TEAM('One.'), 'other.yaml': TEAM('Two.') }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'What?'], { cwd });
      const [original = ''] = await readdir(join(cwd, '.massgen', 'runs'));
      const branch = await runCommandLine(['fork', original, '--at', '1', '--config', 'other.yaml'], { cwd });
      expect(branch).toMatchObject({
        code: 0,
        stdout: 'Two.\n',
        stderr: expect.stringContaining(`Branched off ${original} after event 1`),
      });
      const sessions = await runCommandLine(['sessions', '--json'], { cwd });
      expect(JSON.parse(sessions.stdout)).toMatchObject([
        { turns: 1, parent: { session: 'talk', turns: 0 } },
        { id: 'talk', turns: 1 },
      ]);
    });
  });

  it('branches off a session, which then has the same beginning', async () => {
    await withFolder({ 'team.yaml': TEAM('One.') }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'What?'], { cwd });
      await runCommandLine(['--continue', 'And then?'], { cwd });
      const branch = await runCommandLine(['fork', 'talk', '--at', '1'], { cwd });
      expect(branch.code).toBe(0);
      await writeFile(join(cwd, 'team.yaml'), TEAM('Three.'));
      const next = await runCommandLine(['--session-id', branch.stdout.trim(), 'Or else?'], { cwd });
      expect(next).toMatchObject({ code: 0, stdout: 'Three.\n' });
      const sessions = await runCommandLine(['sessions', '--json'], { cwd });
      expect(JSON.parse(sessions.stdout)).toMatchObject([
        { id: branch.stdout.trim(), turns: 2, parent: { session: 'talk', turns: 1 }, firstQuestion: 'What?' },
        { id: 'talk', turns: 2 },
      ]);
      expect(await runCommandLine(['fork', 'talk', '--at', '9'], { cwd })).toMatchObject({ code: 1, stdout: '' });
    });
  });
});
