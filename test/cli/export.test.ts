import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `
session_id: talk
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, text: The answer. }] } }
`;

describe('massgen export', () => {
  it('writes a run or a session, to a file or to standard output', async () => {
    await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'One?'], { cwd });
      await runCommandLine(['--continue', 'Two?'], { cwd });
      const markdown = await runCommandLine(['export', 'talk'], { cwd });
      expect(markdown.stdout.split('\n').filter((line) => line.startsWith('#'))).toEqual([
        '# One?',
        '## Turn 1: One?',
        '### Final answer',
        '### Answers',
        '#### agent1.1 of a, after 0.0s, winner',
        '## Turn 2: Two?',
        '### Final answer',
        '### Answers',
        '#### agent1.1 of a, after 0.0s, winner',
      ]);
      const json = await runCommandLine(['export', '--format', 'json'], { cwd });
      expect(JSON.parse(json.stdout)).toMatchObject({ v: 1, session: null, runs: [{ question: 'Two?' }] });
      const page = await runCommandLine(['export', 'talk', '--format', 'html', '-o', 'page.html'], { cwd });
      expect([page.code, page.stdout]).toEqual([0, '']);
      expect(await readFile(join(cwd, 'page.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*Two\?[\s\S]*<\/html>\n$/);
      const lost = await runCommandLine(['export', '-o', 'no/where.md'], { cwd });
      expect(lost).toMatchObject({ code: 2, stderr: expect.stringContaining('could not be written') });
    });
  });

  it('writes the turns of a session that are left, and says which is gone', async () => {
    await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
      await runCommandLine(['--config', 'team.yaml', 'One?'], { cwd });
      await runCommandLine(['--continue', 'Two?'], { cwd });
      const [gone = ''] = (await readdir(join(cwd, '.massgen', 'runs'))).toSorted();
      await rm(join(cwd, '.massgen', 'runs', gone), { recursive: true });
      const markdown = await runCommandLine(['export', 'talk'], { cwd });
      expect([markdown.code, markdown.stdout]).toEqual([0, expect.stringContaining('## Turn 2: Two?')]);
      expect(markdown.stdout).toContain(`## Turn 1\n\nThe run ${gone} cannot be shown. There is no run's log at `);
      const page = await runCommandLine(['export', 'talk', '--format', 'html'], { cwd });
      expect(page.stdout).toContain(`<h2>Turn 1</h2>\n<p class="note">The run ${gone} cannot be shown.`);
      const { stdout } = await runCommandLine(['export', 'talk', '--format', 'json'], { cwd });
      expect(JSON.parse(stdout)).toMatchObject({ runs: [{ question: 'Two?' }], missing: [{ turn: 1, run: gone }] });
    });
  });
});
