import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const scriptOf = (answer: string): string =>
  [
    'turns:',
    `  - { when: draft, answer: "Answer: ${answer}", usage: { input: 100, output: 10 }, repeat: true }`,
    '  - { when: judge, vote: { for: agent1, ranking: [agent1, agent2, agent3] }, repeat: true }',
    `  - { when: [present, solo], text: "Answer: ${answer}", usage: { input: 100, output: 10 }, repeat: true }`,
  ].join('\n');
const agent = (id: string, script: string): string =>
  `  - { id: ${id}, backend: { type: scripted, model: scripted, script: ${script} } }`;
const FILES = {
  'right.yaml': scriptOf('Paris'),
  'wrong.yaml': scriptOf('Lyon'),
  'pair.yaml': `agents:\n${agent('ann', 'right.yaml')}\n${agent('ben', 'wrong.yaml')}`,
  'one.yaml': `agents:\n${agent('ann', 'right.yaml')}`,
  'suite.yaml': [
    'teams: [{ config: pair.yaml }, { config: one.yaml }]',
    'cases:',
    '  - { id: france, question: "What is the capital of France?", expected: Paris }',
    '  - { id: other, question: "Name the capital.", regex: Lyon }',
    'repeats: 3',
  ].join('\n'),
};

describe('massgen eval', () => {
  it('asks every team every question once, and tells what came of it', async () => {
    await withFolder(FILES, async (cwd) => {
      const first = await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'out'], { cwd });
      const lines = first.stderr.trimEnd().split('\n');
      expect([first.code, lines.length, lines.at(-1)]).toEqual([
        0,
        13,
        `All trials are done. Results: ${cwd}/out/results.jsonl`,
      ]);
      const again = await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'out'], { cwd });
      expect(again).toEqual({ code: 0, stdout: first.stdout, stderr: `${lines.at(-1)}\n` });
      const json = await runCommandLine(['eval', 'report', 'suite.yaml', '--out', 'out', '--format', 'json'], { cwd });
      const report = JSON.parse(json.stdout) as { teams: { team: string; right: unknown; lines: unknown }[] };
      expect(report.teams.map(({ team, right }) => [team, right])).toEqual([
        ['pair', expect.objectContaining({ of: 6 })],
        ['one', expect.objectContaining({ hits: 3, of: 6 })],
      ]);
      expect(report.teams[0]?.lines).toMatchObject({ oracle: { hits: 6, of: 6 } });
      expect((await readFile(`${cwd}/out/results.jsonl`, 'utf8')).trim().split('\n')).toHaveLength(12);
    });
  });

  it('comes to the same in child processes', { timeout: 60_000 }, async () => {
    await withFolder(FILES, async (cwd) => {
      const here = await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'a'], { cwd });
      const there = await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'b', '--dispatch', 'child-process'], {
        cwd,
      });
      expect([there.code, there.stdout]).toEqual([0, here.stdout]);
    });
  });

  it('says what is missing for a queue', { timeout: 60_000 }, async () => {
    await withFolder(FILES, async (cwd) => {
      const run = (...flags: string[]): Promise<{ code: number | null; stderr: string }> =>
        runCommandLine(['eval', 'run', 'suite.yaml', ...flags], { cwd });
      const all = await Promise.all([
        run('--queue', 'redis://me:secret@127.0.0.1:1'),
        runCommandLine(['worker'], { cwd }),
      ]);
      expect(all.map(({ code, stderr }) => [code, stderr.trim()])).toEqual([
        [
          2,
          'error: The queue at 127.0.0.1:1 cannot be used (ECONNREFUSED). Start Redis there ("redis-server"), or check address and password.',
        ],
        [1, 'error: Name the queue: --queue redis://host:6379, or set MASSGEN_QUEUE.'],
      ]);
    });
  });

  it('says what a suite would take without running it', async () => {
    await withFolder(FILES, async (cwd) => {
      expect(await runCommandLine(['eval', 'run', 'suite.yaml', '--dry-run'], { cwd })).toEqual({
        code: 0,
        stdout:
          '2 teams, 2 cases, 3 seeds: 12 trials, at most 54 model calls without tools, about $0.00 (right to a factor of about three).\n' +
          'Cases: 2, which are too few to tell two teams apart, if the two disagree on 10 % of them; 3 points take 870 cases (massgen eval size).\n',
        stderr: '',
      });
    });
  });

  it('helps to find the number of questions', async () => {
    await withFolder({}, async (cwd) => {
      expect(await runCommandLine(['eval', 'size'], { cwd })).toEqual({
        code: 0,
        stdout: '870 questions\n',
        stderr: '',
      });
    });
  });

  it('refuses a judge that cannot run before anything is asked', async () => {
    const judge = { 'judge.yaml': 'agents: [{ id: x, backend: { type: openai, model: gpt-5 } }]' };
    const suite = { 'suite.yaml': `${FILES['suite.yaml']}\njudge: judge.yaml\n` };
    await withFolder({ ...FILES, ...judge, ...suite }, async (cwd) => {
      const { code, stdout, stderr } = await runCommandLine(['eval', 'run', 'suite.yaml'], { cwd });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('OPENAI_API_KEY');
    });
  });

  it('refuses a team that cannot run before anything is asked', async () => {
    await withFolder(
      { ...FILES, 'one.yaml': 'agents: [{ id: x, backend: { type: openai, model: gpt-5 } }]' },
      async (cwd) => {
        const { code, stdout, stderr } = await runCommandLine(['eval', 'run', 'suite.yaml'], { cwd });
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toContain('OPENAI_API_KEY');
      },
    );
  });
});
