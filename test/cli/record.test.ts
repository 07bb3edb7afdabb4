import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Manifest } from '../../src/evaluation/recording/recording.ts';
import type { ScreenReport } from '../../src/evaluation/recording/screen-report.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const FIXTURE = new URL('../evaluation/recording/fixture/', import.meta.url);
const VERDICT = {
  clarity: { score: 5, reason: 'Each agent has a pane with its name.' },
  density: { score: 4, reason: 'The timeline | has room left.' },
  status: { score: 5, reason: 'The first row says who writes.' },
  correctness: { score: 5, reason: 'All borders meet.' },
  summary: 'A plain screen.',
};

/** Where VHS is missing, the tests that film say so by being skipped. */
const hasVhs = ['vhs', 'ttyd', 'ffmpeg'].every((name) => !spawnSync(name, ['--version']).error);

async function judgeServer(answer: string): Promise<Loopback> {
  const server = await startLoopback(() => ({ text: answer }));
  onTestFinished(() => server.close());
  return server;
}

const judgeConfig = ({ url }: Loopback): string =>
  `agent:\n  id: eye\n  backend: { type: openai, model: gpt-5-mini, api_key: sk-judge-000000000000, base_url: "${url}/v1" }\n`;

describe('massgen record', () => {
  it('says what is missing and how to get it', async () => {
    await withFolder({}, async (cwd) => {
      await mkdir(join(cwd, 'bin'));
      await symlink('/bin/true', join(cwd, 'bin/ttyd'));
      const result = await runCommandLine(['record', '--demo'], { cwd, env: { PATH: join(cwd, 'bin') } });
      expect({ code: result.code, lines: result.stderr.trimEnd().split('\n') }).toEqual({
        code: 1,
        lines: [
          'error: Recording needs vhs, ffmpeg, which are not on the PATH.',
          expect.stringMatching(/^ {2}vhs: install it with .*brew install vhs/),
          expect.stringMatching(/^ {2}ffmpeg: install it with .*apt-get install ffmpeg/),
        ],
      });
    });
  });

  it.each([
    [['record'], 'Say which team and what to ask'],
    [['record', 'team.yaml'], 'Say which team and what to ask'],
    [['record', '--demo', '--size', '9x9'], 'The size 9x9 cannot be recorded'],
    [['record', '--demo', '--format', 'avi'], 'avi is none of gif, mp4, webm, png, txt'],
    [['record', 'team.yaml', 'two', 'words'], 'too many arguments'],
    [['record', '--demo', 'two', 'words'], 'too many words'],
  ])('refuses %j', async (argv, message) => {
    await withFolder({}, async (cwd) => {
      const { code, stderr } = await runCommandLine(argv, { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    });
  });

  it('leaves nothing behind after Ctrl+C, neither files nor processes', async () => {
    await withFolder({}, async (cwd) => {
      const [bin, tmp] = [join(cwd, 'bin'), join(cwd, 'tmp')];
      await Promise.all([mkdir(bin), mkdir(tmp)]);
      // In place of VHS, whose own children must go as well. It plays the user who presses Ctrl+C.
      const programs = { vhs: `sleep 600 & echo $! > ${cwd}/child; kill -INT $PPID; wait`, ttyd: '', ffmpeg: '' };
      for (const [name, body] of Object.entries(programs)) {
        await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`);
        await chmod(join(bin, name), 0o755);
      }
      const { code, stderr } = await runCommandLine(['record', '--demo'], {
        cwd,
        env: { PATH: `${bin}:${process.env['PATH']}`, TMPDIR: tmp },
      });
      const child = (await readFile(join(cwd, 'child'), 'utf8')).trim();
      expect({ code, stderr, left: await readdir(tmp), isAlive: isRunning(child) }).toEqual({
        code: 4,
        stderr: expect.stringContaining('Interrupted; nothing was recorded.'),
        left: [],
        isAlive: false,
      });
    });
  });

  it.skipIf(!hasVhs)(
    'films the demo team with the real VHS',
    async () => {
      await withFolder({}, async (cwd) => {
        const argv = ['record', '--demo', '--seed', '1', '--speed', '20', '--size', '80x24', '--json'];
        const { code, stdout } = await runCommandLine(argv, { cwd, env: { PATH: process.env['PATH'] ?? '' } });
        const made = JSON.parse(stdout) as { folder: string; run: string };
        const manifest = JSON.parse(await readFile(join(made.folder, 'recording.json'), 'utf8')) as Manifest;
        const gif = await readFile(join(made.folder, 'recording.gif'));
        expect({
          code,
          manifest: { ...manifest, frames: manifest.frames.length > 1 },
          gif: gif.subarray(0, 4).toString(),
          lastScreen: (await readFile(join(made.folder, 'recording.txt'), 'utf8')).includes('finished'),
          cast: (await readFile(join(made.folder, 'recording.cast'), 'utf8')).startsWith(
            '{"version":2,"width":80,"height":24}',
          ),
        }).toEqual({
          code: 0,
          manifest: {
            v: 1,
            run: made.run,
            question: 'make 952 from 25 50 75 100 3 6',
            size: { cols: 80, rows: 24 },
            theme: 'dark',
            isLight: false,
            films: ['recording.gif'],
            frames: true,
          },
          gif: 'GIF8',
          lastScreen: true,
          cast: true,
        });
      });
    },
    180_000,
  );
});

describe('run_massgen_with_recording', () => {
  it.skipIf(!hasVhs)(
    'lets an agent film a team with the real VHS in its turn, and see what the screen showed',
    async () => {
      const say = (text: string): string => `turns:\n  - { when: solo, text: "${text}", repeat: true }\n`;
      const agent = (id: string): string => `{ id: ${id}, backend: { type: scripted, model: s, script: ${id}.yaml } }`;
      const call = `{ name: run_massgen_with_recording, args: { config: filmed.yaml, question: What is it?, size: 80x24 } }`;
      const files = {
        'bird.yaml': say('It is a small bird.'),
        'filmed.yaml': `agents:\n  - ${agent('bird')}\n`,
        'asker.yaml': `turns:\n  - { when: solo, tool_calls: [${call}] }\n  - { when: solo, text: I have seen it. }\n`,
        'team.yaml': `agents:\n  - ${agent('asker')}\norchestrator: { coordination: { recordable_configs: [filmed.yaml] } }\n`,
      };
      await withFolder(files, async (cwd) => {
        const argv = ['--config', 'team.yaml', '--json', 'Film the bird.'];
        const { code, stdout } = await runCommandLine(argv, { cwd, env: { PATH: process.env['PATH'] ?? '' } });
        const events = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as RunEvent);
        const [output = ''] = events.flatMap((event) => (event.type === 'tool.finished' ? [event.data.output] : []));
        const folder = /The film is in (.*)\.$/m.exec(output)?.[1] ?? '';
        const film = await readFile(join(folder, 'recording.gif')).catch(() => Buffer.from('none'));
        expect({
          code,
          film: film.subarray(0, 4).toString(),
          ended: output.includes('The run ended with exit code 0.'),
          measured: output.includes('- Contrast of text: '),
          shown: output.includes('It is a small bird.'),
          answer: events.findLast((event) => event.type === 'answer.presented')?.data.text,
        }).toEqual({ code: 0, film: 'GIF8', ended: true, measured: true, shown: true, answer: 'I have seen it.' });
      });
    },
    180_000,
  );
});

/** What has ended, and only waits for somebody to ask, does not run. */
function isRunning(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return !['', 'Z'].includes(stdout.trim().slice(0, 1));
}

describe('massgen eval terminal', () => {
  it('measures, and has the pictures judged by a model that sees them', async () => {
    const server = await judgeServer(`I looked.\n\`\`\`json\n${JSON.stringify(VERDICT)}\n\`\`\``);
    await withFolder({ 'judge.yaml': judgeConfig(server) }, async (cwd) => {
      await cp(FIXTURE, join(cwd, 'film'), { recursive: true });
      const argv = ['eval', 'terminal', 'film', '--judge', 'judge.yaml', '--format', 'json'];
      const { code, stdout, stderr } = await runCommandLine(argv, { cwd });
      const report = JSON.parse(stdout) as ScreenReport;
      const pictures = await Promise.all(
        ['01.png', '02.png'].map(async (name) =>
          (await readFile(new URL(`frames/${name}`, FIXTURE))).toString('base64'),
        ),
      );
      const asked = JSON.stringify(server.requests[0]?.body);
      expect({
        code,
        stderr,
        verdict: report.judgement?.verdict,
        arrived: pictures.map((picture) => asked.includes(`data:image/png;base64,${picture}`)),
        schema: asked.includes('correctness'),
        requests: server.requests.length,
        facts: { first: report.facts.firstFrameMs, pairs: report.facts.contrasts.length },
      }).toEqual({
        code: 0,
        stderr: '',
        verdict: VERDICT,
        arrived: [true, true],
        schema: true,
        requests: 1,
        facts: { first: 200, pairs: 2 },
      });
    });
  });

  it('takes the latest run that was recorded, whatever was run since', async () => {
    await withFolder({}, async (cwd) => {
      const runs = join(cwd, '.massgen', 'runs');
      await cp(FIXTURE, join(runs, '20261122-200000-abcd', 'recording'), { recursive: true });
      await mkdir(join(runs, '20261122-210000-efgh'));
      const { code, stdout } = await runCommandLine(['eval', 'terminal', 'latest'], { cwd });
      expect([code, stdout.split('\n')[0]]).toEqual([0, 'Screens of 20261122-200000-abcd']);
    });
  });

  it('is judged by the team that plays a part, without a model', async () => {
    await withFolder({}, async (cwd) => {
      await cp(FIXTURE, join(cwd, 'film'), { recursive: true });
      const eye = fileURLToPath(new URL('../../tapes/teams/eye.yaml', import.meta.url));
      const argv = ['eval', 'terminal', 'film', '--judge', eye, '--format', 'json'];
      const { code, stdout } = await runCommandLine(argv, { cwd });
      const { verdict } = (JSON.parse(stdout) as ScreenReport).judgement ?? { verdict: null };
      const { summary: _, ...opinions } = verdict ?? { summary: '' };
      const scores = Object.entries(opinions).map(([name, { score }]) => `${name} ${score}`);
      expect([code, scores]).toEqual([0, ['clarity 5', 'density 4', 'status 5', 'correctness 5']]);
    });
  });

  it('tells it as a table', async () => {
    const server = await judgeServer(JSON.stringify(VERDICT));
    await withFolder({ 'judge.yaml': judgeConfig(server) }, async (cwd) => {
      await cp(FIXTURE, join(cwd, 'film'), { recursive: true });
      const { stdout } = await runCommandLine(['eval', 'terminal', 'film', '--judge', 'judge.yaml', '-f', 'md'], {
        cwd,
      });
      expect(stdout.split('\n')).toEqual([
        '# Screens of 20261122-200000-abcd',
        '',
        '40x12, theme dark, 2 pictures.',
        '',
        '## Measured',
        '',
        '- Time to the first frame: 200 ms.',
        '- Pictures painted: 2 in 0.5 s.',
        '- Contrast of text: 2 pairs of colours, 1 below 4.5:1.',
        '  - 1.78:1, #770000 on #000000, 10 characters, e.g. "faint"',
        '- Text cut off on the last screen: 1: "A long nam…".',
        '- Flicker: none.',
        '',
        '## Judged',
        '',
        '| | score | why |',
        '| --- | --- | --- |',
        '| clarity | 5 of 5 | Each agent has a pane with its name. |',
        '| density | 4 of 5 | The timeline \\| has room left. |',
        '| status | 5 of 5 | The first row says who writes. |',
        '| correctness | 5 of 5 | All borders meet. |',
        '',
        'A plain screen.',
        '',
      ]);
    });
  });

  it('fails where the judge gives no verdict, and shows what it said, harmless', async () => {
    const server = await judgeServer('No idea \u001b[31mat all.');
    await withFolder({ 'judge.yaml': judgeConfig(server) }, async (cwd) => {
      await cp(FIXTURE, join(cwd, 'film'), { recursive: true });
      const { code, stdout } = await runCommandLine(['eval', 'terminal', 'film', '--judge', 'judge.yaml'], { cwd });
      expect({ code, said: stdout.includes('No idea') && !stdout.includes('\u001b') }).toEqual({ code: 2, said: true });
    });
  });

  it.each([
    [null, 'There is no recording in'],
    ['{"v":1}', 'recording.json cannot be read'],
    ['{"v":1,"frames":["../../etc/passwd"]}', 'recording.json cannot be read'],
  ])('says so where there is no recording: %j', async (manifest, message) => {
    await withFolder({}, async (cwd) => {
      await mkdir(join(cwd, 'film'));
      if (manifest !== null) await writeFile(join(cwd, 'film/recording.json'), manifest);
      const { code, stderr } = await runCommandLine(['eval', 'terminal', 'film'], { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    });
  });
});
