import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evaluation/learning/evidence.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { rateAnswer } from '../../src/sessions/rate-answer.ts';
import { openScreen, type PtyScreen } from '../screens/pty-screen.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const script = (answer: string): string =>
  `turns:\n  - { when: [draft, solo], text: "Answer: ${answer}", repeat: true }\n  - { when: judge, vote: agent1, repeat: true }\n  - { when: present, text: "Answer: ${answer}", repeat: true }`;
const FILES = {
  'good.yaml': script('4'),
  'bad.yaml': script('5'),
  'alone.yaml': 'agents: [{ id: ann, backend: { type: scripted, model: good-one, script: good.yaml } }]',
  'other.yaml': 'agents: [{ id: ben, backend: { type: scripted, model: bad-one, script: bad.yaml } }]',
  'duo.yaml':
    'agents: [{ id: ann, backend: { type: scripted, model: good-one, script: good.yaml } }, { id: ben, backend: { type: scripted, model: bad-one, script: bad.yaml } }]',
};
const LEARN = ['--learn', 'sums', '--arms', 'alone.yaml,other.yaml'];

/** As `massgen learn collect` keeps it. */
async function keepEvidence(cwd: string, arm: string, reward: number): Promise<void> {
  const { EvidenceFile } = await import('../../src/evaluation/learning/evidence.ts');
  const all = Array.from({ length: 30 }, (_, n): Evidence => {
    return { v: 1, at: n, kind: 'sums', arm, reward, source: 'user', run: `earlier-${n}` };
  });
  await new EvidenceFile(join(cwd, '.massgen', 'learning', 'evidence.jsonl')).add(all);
}

async function linesOf(cwd: string, name: string): Promise<unknown[]> {
  const text = await readFile(join(cwd, '.massgen', 'learning', name), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe('a run that learning picks the team of', () => {
  it('is none unless it is asked for, whatever is known', async () => {
    await withFolder(FILES, async (cwd) => {
      await keepEvidence(cwd, 'team:alone', 1);
      const { stdout, stderr } = await runCommandLine(['-c', 'other.yaml', '2 + 2?'], { cwd });
      expect([stdout, /learn/i.test(stderr), await linesOf(cwd, 'picks.jsonl')]).toEqual(['Answer: 5\n', false, []]);
    });
  });

  it('has the team that the evidence speaks for, as "learn choose" would, and says why', async () => {
    await withFolder(FILES, async (cwd) => {
      await keepEvidence(cwd, 'team:alone', 0);
      await keepEvidence(cwd, 'team:other', 1);
      const { code, stdout, stderr } = await runCommandLine([...LEARN, '--seed', '1', '2 + 2?'], { cwd });
      expect([code, stdout]).toEqual([0, 'Answer: 5\n']);
      const choose = ['learn', 'choose', 'team:alone', 'team:other', '--kind', 'sums', '--seed', '1'];
      const chosen = await runCommandLine(choose, { cwd });
      const reasons = chosen.stderr.trim().split('\n').join('; ');
      expect([chosen.stdout, reasons]).toEqual([
        'team:other\n',
        expect.stringMatching(/^team:alone: 3\.1 % from 30, drew 0\.\d+; team:other: 96\.9 % from 30, drew 0\.\d+$/),
      ]);
      expect(stderr.split('\n')[0]).toBe(
        `Learning picked team:other for "sums": what is expected of each, from how many results: ${reasons} (seed 1; "massgen learn status" tells more).`,
      );
    });
  });

  it('is picked by what a config says as by the flags, with paths from its folder, and flags come first', async () => {
    const learning = 'learning: { kind: sums, arms: [alone.yaml, other.yaml], seed: 5 }';
    const files = { ...FILES, 'pick.yaml': `${FILES['duo.yaml']}\n${learning}` };
    await withFolder(files, async (cwd) => {
      await mkdir(join(cwd, 'below'));
      const first = async (...argv: string[]): Promise<string> =>
        (await runCommandLine([...argv, '2 + 2?'], { cwd: join(cwd, 'below'), env: { HOME: cwd } })).stderr.split(
          '\n',
        )[0] ?? '';
      const byFlags = await first('--learn', 'sums', '--arms', '../alone.yaml,../other.yaml', '--seed', '5');
      expect(byFlags).toMatch(/^Learning picked team:(alone|other) for "sums" by lot: /);
      expect([
        await first('-c', '../pick.yaml'),
        await first('-c', '../pick.yaml', '--learn', 'words'),
        await first('-c', '../pick.yaml', '--arms', 'size:1,size:2'),
      ]).toEqual([
        byFlags,
        byFlags.replace('"sums"', '"words"'),
        expect.stringMatching(/^Learning picked size:[12] for "sums" by lot: .* \(seed 5; /),
      ]);
    });
  });

  it('is told of by the place in the config where an arm of it cannot be had', async () => {
    const files = { ...FILES, 'pick.yaml': `${FILES['duo.yaml']}\nlearning: { kind: sums, arms: [size:1, size:3] }` };
    await withFolder(files, async (cwd) => {
      const { code, stderr } = await runCommandLine(['-c', 'pick.yaml', '2 + 2?'], { cwd });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/pick\.yaml, learning\.arms, size:3: The size must be a whole number from 1 to 2/),
      ]);
    });
  });

  it('is picked by lot where nothing is known, the same for the same seed, and says so', async () => {
    await withFolder(FILES, async (cwd) => {
      const first = await runCommandLine([...LEARN, '--seed', '5', '2 + 2?'], { cwd });
      const second = await runCommandLine([...LEARN, '--seed', '5', '2 + 2?'], { cwd });
      const [line = ''] = first.stderr.split('\n');
      expect(line).toMatch(
        /^Learning picked team:(alone|other) for "sums" by lot: nothing is known of team:alone, team:other yet, so each was as likely as the others \(seed 5; /,
      );
      expect(second.stderr.split('\n')[0]).toBe(line);
    });
  });

  it('is told of in the status, and its thumb counts for its kind when it is collected', async () => {
    await withFolder(FILES, async (cwd) => {
      const ran = await runCommandLine([...LEARN, '2 + 2?'], { cwd });
      const [run = ''] = await readdir(join(cwd, '.massgen', 'runs'));
      const [arm, model] = ran.stdout === 'Answer: 4\n' ? ['team:alone', 'good-one'] : ['team:other', 'bad-one'];
      expect(ran.stderr).toContain(
        `Nobody has said yet what ${arm} was worth in ${run}: rate its answer in the app (+ or -), then "massgen learn collect ${run}" takes that over.`,
      );
      const dir = join(cwd, '.massgen', 'runs', run);
      // With its seed the run and the pick of its team are the same again.
      const [started] = await readAll(dir);
      const seed = started?.type === 'run.started' ? started.data.seed : null;
      expect(await linesOf(cwd, 'picks.jsonl')).toMatchObject([{ run, kind: 'sums', arm, seed }]);
      await rateAnswer(dir, 'up', createRealClock());
      await runCommandLine(['learn', 'collect'], { cwd });
      const about = { v: 1, at: expect.any(Number), kind: 'sums', run, reward: 1, source: 'user' };
      expect(await linesOf(cwd, 'evidence.jsonl')).toEqual([
        { ...about, arm },
        { ...about, arm: 'size:1' },
        { ...about, arm: `model:${model}` },
      ]);
      const status = await runCommandLine(['learn', 'status'], { cwd });
      expect(status.stdout).toContain(
        `  picked for runs: ${arm} 1; last ${arm} of team:alone, team:other with seed ${seed}, for ${run}\n`,
      );
    });
  });

  it('is worth nothing when it fails, which is learnt at once and once', async () => {
    const failing = { 'bad.yaml': 'turns: [{ when: solo, fail: { kind: auth, message: no }, repeat: true }]' };
    await withFolder({ ...FILES, ...failing }, async (cwd) => {
      await keepEvidence(cwd, 'team:alone', 0);
      await keepEvidence(cwd, 'team:other', 1);
      const { code, stderr } = await runCommandLine([...LEARN, '--seed', '1', '2 + 2?'], { cwd });
      const [run = ''] = await readdir(join(cwd, '.massgen', 'runs'));
      expect(code).toBe(2);
      expect(stderr).toContain(
        `Learnt of "sums" from ${run}: team:other 0 % (outcome), size:1 0 % (outcome), model:bad-one 0 % (outcome).`,
      );
      const collected = await runCommandLine(['learn', 'collect'], { cwd });
      expect(collected.stderr).toMatch(/^0 pieces of evidence were added to .*; 3 more were there already\.$/m);
      expect((await linesOf(cwd, 'evidence.jsonl')).length).toBe(63);
      expect((await runCommandLine(['learn', 'status'], { cwd })).stdout).toMatch(/team:other .* user 30, outcome 1$/m);
    });
  });

  it('says nothing when it is cut off, and is asked about once it has gone on to its end', async () => {
    const slow = (script: string | undefined): string => `delay_ms: 60000\n${script}`;
    const files = { ...FILES, 'good.yaml': slow(FILES['good.yaml']), 'bad.yaml': slow(FILES['bad.yaml']) };
    await withFolder(files, async (cwd) => {
      let isTold = false;
      const cut = await runCommandLine([...LEARN, '--json', '2 + 2?'], {
        cwd,
        onOutput: (stdout, kill) => {
          if (isTold || !stdout.includes('request.started')) return;
          isTold = true;
          kill('SIGINT');
        },
      });
      const [run = ''] = await readdir(join(cwd, '.massgen', 'runs'));
      expect(cut.stderr).toMatch(
        new RegExp(`^${run} was cut off, so nothing was learnt of team:(alone|other)\\.$`, 'm'),
      );
      await Promise.all([
        writeFile(join(cwd, 'good.yaml'), FILES['good.yaml']),
        writeFile(join(cwd, 'bad.yaml'), FILES['bad.yaml']),
      ]);
      const { code, stderr } = await runCommandLine(['resume', run], { cwd });
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^Nobody has said yet what team:(alone|other) was worth in ${run}: `, 'm')),
      ]);
      expect(await linesOf(cwd, 'picks.jsonl')).toHaveLength(1);
    });
  });

  it('may have a part of a team, whose votes are learnt at once', async () => {
    await withFolder(FILES, async (cwd) => {
      await keepEvidence(cwd, 'size:1', 0);
      await keepEvidence(cwd, 'size:2', 1);
      const argv = ['-c', 'duo.yaml', '--learn', 'sums', '--arms', 'size:1,size:2', '--seed', '1', '2 + 2?'];
      const { stderr } = await runCommandLine(argv, { cwd });
      expect(stderr).toContain('[run] 2 agents of duo');
      const [run = ''] = await readdir(join(cwd, '.massgen', 'runs'));
      expect(stderr).toMatch(
        new RegExp(
          `^Learnt of "sums" from ${run}: model:good-one \\d+ % \\(votes\\), model:bad-one \\d+ % \\(votes\\)\\.$`,
          'm',
        ),
      );
      expect((await linesOf(cwd, 'evidence.jsonl')).slice(60)).toMatchObject([
        { kind: 'sums', arm: 'model:good-one', source: 'votes', run },
        { kind: 'sums', arm: 'model:bad-one', source: 'votes', run },
      ]);
    });
  });

  it.each([
    [['--learn', 'sums'], '--learn: name what to choose from, such as --arms trio.yaml,alone.yaml.'],
    [['--arms', 'a,b'], '--arms: say of what kind the task is, such as --learn support; it is learnt by kind.'],
    [[...LEARN, '--demo'], '--learn and --demo cannot be used together: both say which team it is.'],
    [['--learn', 'sums', '--arms', 'alone.yaml,gone.yaml'], '--arms, gone.yaml: There is no config gone.yaml'],
  ])('is refused: %j', async (argv, message) => {
    await withFolder(FILES, async (cwd) => {
      const { code, stderr } = await runCommandLine([...argv, 'Why?'], { cwd });
      expect([code, stderr.slice(0, 7 + message.length)]).toEqual([1, `error: ${message}`]);
    });
  });

  it('is told of in the app, and its thumb is taken over when the user leaves', async () => {
    await withFolder(FILES, async (cwd) => {
      await keepEvidence(cwd, 'team:alone', 1);
      await keepEvidence(cwd, 'team:other', 0);
      const entry = join(process.cwd(), 'src', 'massgen.js');
      const screen = openScreen([entry, ...LEARN], { cols: 120, rows: 30, cwd, env: { CI: '', HOME: cwd } });
      try {
        await shows(screen, 'alone: learning picked team:alone for "sums"');
        screen.write('2 + 2?\r');
        await shows(screen, '+ good');
        screen.write('+');
        await shows(screen, 'rated good');
        await shows(screen, 'finished');
        screen.write('q');
        await screen.exited;
      } finally {
        screen.kill('SIGKILL');
      }
      expect((await linesOf(cwd, 'evidence.jsonl')).slice(60)).toMatchObject([
        { kind: 'sums', arm: 'team:alone', source: 'user', reward: 1 },
        { kind: 'sums', arm: 'size:1', source: 'user', reward: 1 },
        { kind: 'sums', arm: 'model:good-one', source: 'user', reward: 1 },
      ]);
    });
  });
});

async function shows(screen: PtyScreen, text: string): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    await screen.settle();
    if (screen.text().join('\n').includes(text)) return;
    await sleep(25);
  }
  throw new Error(`it did not happen:\n${screen.text().join('\n')}`);
}
