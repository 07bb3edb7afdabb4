import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { printStatus } from '../../src/cli/learn-status.ts';
import { EvidenceFile, type Evidence } from '../../src/evaluation/learning/evidence.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const script = (answer: string): string =>
  `turns:\n  - { when: [draft, solo], text: "Answer: ${answer}", repeat: true }\n  - { when: judge, vote: agent1, repeat: true }\n  - { when: present, text: "Answer: ${answer}", repeat: true }`;
const FILES = {
  'good.yaml': script('4'),
  'bad.yaml': script('5'),
  'alone.yaml': 'agents: [{ id: ann, backend: { type: scripted, model: good-one, script: good.yaml } }]',
  'other.yaml': 'agents: [{ id: ben, backend: { type: scripted, model: bad-one, script: bad.yaml } }]',
  'suite.yaml':
    'teams: [{ config: alone.yaml }, { config: other.yaml }]\ncases: [{ question: "2 + 2?", expected: 4, kind: sums }]\nrepeats: 8',
};

describe('massgen learn', () => {
  it('knows nothing until it is told, then what graders say, and chooses by it', async () => {
    await withFolder(FILES, async (cwd) => {
      expect(await runCommandLine(['learn', 'status'], { cwd })).toMatchObject({ code: 0, stdout: '' });
      await runCommandLine(['eval', 'run', 'suite.yaml', '--learn'], { cwd });
      // A second time nothing was found out.
      await runCommandLine(['eval', 'run', 'suite.yaml', '--learn'], { cwd });
      const { stdout } = await runCommandLine(['learn', 'status', '--json'], { cwd });
      const known = JSON.parse(stdout) as { kind: string; arms: { arm: string; count: number; mean: number }[] }[];
      expect(known.map(({ kind, arms }) => [kind, arms.map(({ arm, count, mean }) => [arm, count, mean])])).toEqual([
        [
          'sums',
          [
            ['model:good-one', 8, 0.9],
            ['model:bad-one', 8, 0.1],
            ['size:1', 16, 0.5],
            ['team:alone', 8, 0.9],
            ['team:other', 8, 0.1],
          ],
        ],
      ]);
      const told = await runCommandLine(['learn', 'status'], { cwd });
      expect(told.stdout.split('\n').slice(0, 6)).toEqual([
        'sums',
        expect.stringMatching(/^ {2}model:good-one {3}90 % \(7\d % to 99 %\) {3}chosen 100 % {2}from grader 8$/),
        expect.stringMatching(/^ {2}model:bad-one {4}10 % .* chosen {3}0 % {2}from grader 8$/),
        expect.stringMatching(/^ {2}size:1 {11}50 % .* no choice {5}from grader 16$/),
        expect.stringMatching(/^ {2}team:alone /),
        expect.stringMatching(/^ {2}team:other /),
      ]);
      const chosen = await runCommandLine(
        ['learn', 'choose', 'team:alone', 'team:other', '--kind', 'sums', '--seed', '1'],
        { cwd },
      );
      expect([chosen.code, chosen.stdout]).toEqual([0, 'team:alone\n']);
      expect(chosen.stderr).toContain('team:other: 10.0 % from 8, drew 0.');
    });
  });

  it('tells what it knows in the columns of the terminal', async () => {
    await withFolder({}, async (home) => {
      const said = (source: 'grader' | 'user', kind: string): Evidence => {
        return { v: 1, at: 0, kind, arm: 'model:a-model-with-a-name', reward: 1, source, run: `${source}-${kind}` };
      };
      const all = [said('grader', 'sums'), said('user', 'sums'), said('user', 'words')];
      await new EvidenceFile(join(home, '.massgen', 'learning', 'evidence.jsonl')).add(all);
      const told = async (columns: number | null): Promise<string[]> => {
        let text = '';
        const stdout = { write: (part: string) => (text += part) };
        const environment = { cwd: home, home, variables: {}, terminal: { columns } };
        await printStatus(['--kind', 'sums'], { environment, streams: { stdout } } as unknown as CommandContext);
        return text.split('\n');
      };
      const figures = '  model:a-model-with-a-name   76 % (36 % to 98 %)   no choice';
      const from = 'from grader 1, user 1, 1 of other kinds';
      expect((await told(null)).slice(0, 2)).toEqual(['sums', `${figures}     ${from}`]);
      const narrow = await told(80);
      expect(narrow.slice(0, 3)).toEqual(['sums', figures, `      ${from}`]);
      expect(narrow.filter((line) => line.length > 80)).toEqual([]);
    });
  });

  it('takes grades from the logs of trials, once, and tells the same as --learn', async () => {
    await withFolder(FILES, async (cwd) => {
      await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'found', '-j', '4'], { cwd });
      const runs = readdirSync(join(cwd, 'found', 'runs')).map((run) => join('found', 'runs', run));
      const first = await runCommandLine(['learn', 'collect', ...runs], { cwd });
      expect(first.stderr).toContain('48 pieces of evidence were added');
      const again = await runCommandLine(['learn', 'collect', ...runs], { cwd });
      expect(again.stderr).toContain('0 pieces of evidence were added');
      // All of it is known by now, so that it is not learnt again.
      const evidence = join(cwd, '.massgen', 'learning', 'evidence.jsonl');
      const before = readFileSync(evidence, 'utf8');
      await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'found', '--learn'], { cwd });
      expect(readFileSync(evidence, 'utf8')).toBe(before);
      rmSync(evidence);
      // Also what was found out before that was asked for.
      await runCommandLine(['eval', 'run', 'suite.yaml', '--out', 'found', '--learn'], { cwd });
      const facts = (text: string): string[] =>
        text
          .split('\n')
          .map((line) => line.replace(/"at":\d+,/, ''))
          .toSorted();
      expect(facts(readFileSync(evidence, 'utf8'))).toEqual(facts(before));
      const { stdout } = await runCommandLine(['learn', 'export', ...runs], { cwd });
      const rewards = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { agent: string; reward: number });
      expect(new Set(rewards.map(({ agent, reward }) => `${agent} ${reward}`))).toEqual(new Set(['ann 1', 'ben 0']));
    });
  });

  it('exports the conversations of runs', async () => {
    await withFolder(FILES, async (cwd) => {
      await runCommandLine(['-c', 'alone.yaml', '--automation', '2 + 2?'], { cwd });
      const { code, stdout } = await runCommandLine(['learn', 'export'], { cwd });
      expect(code).toBe(0);
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual([expect.objectContaining({ agent: 'ann', model: 'good-one', reward: null, isWinner: true })]);
    });
  });
});
