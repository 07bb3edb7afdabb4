import { readFile } from 'node:fs/promises';
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
});
