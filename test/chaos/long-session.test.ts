import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch } from '../../src/cli/launch.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { openThread } from '../../src/sessions/session-thread.ts';
import { runCommandLine, type CommandOptions, type Ended } from '../cli/command-process.ts';
import { launchRequest } from '../cli/launch-request.ts';

/** Time passes while it works, so that it can be cancelled, and killed, in the middle. */
const TEAM = `
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: The answer of a., repeat: true }
          - { when: judge, vote: first, delay_ms: 60000, repeat: true }
          - { when: present, text: The last word., repeat: true }
  - id: b
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: The answer of b., repeat: true }
          - { when: judge, vote: first, delay_ms: 60000, repeat: true }
          - { when: present, text: The last word., repeat: true }
`;

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-long-'));
  await writeFile(join(cwd, 'team.yaml'), TEAM);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A turn of the session in this process, which is quicker; what it does is what the command does. */
async function ask(question: string): Promise<void> {
  const store = createSessionStore(join(cwd, '.massgen'));
  const request = await launchRequest(cwd, openThread({ store, id: 'long', cwd, now: 1 }));
  const { handle, files } = await launch(request, question);
  await handle.ended;
  await files.settled;
}

const massgen = (args: string[], onOutput?: CommandOptions['onOutput']): Promise<Ended> =>
  runCommandLine(args, { cwd, ...(onOutput && { onOutput }) });

/** A turn of the session by the command, which is sent that signal while agents judge. */
function askAndSignal(question: string, signal: NodeJS.Signals): Promise<Ended> {
  let isSent = false;
  const args = ['--session-id', 'long', '--config', 'team.yaml', '--json', '--speed', '1', question];
  return massgen(args, (stdout, kill) => {
    if (isSent || !stdout.includes('"kind":"judge"')) return;
    isSent = true;
    kill(signal);
  });
}

/** What a page says: headings of turns, questions, final answers and notes, in their order. */
function toldBy(page: string): string[] {
  const pattern =
    /<h2>(.*?)<\/h2>|<pre class="question">(.*?)<\/pre>|<pre class="final">(.*?)<\/pre>|<p class="note">(.*?)<\/p>/gs;
  return Array.from(page.matchAll(pattern), (match) => match.slice(1).find((part) => part !== undefined) ?? '');
}

const answered = (turn: number, question = `Question ${turn}?`): string[] => [
  `Turn ${turn}`,
  question,
  'The last word.',
];

async function pageOf(session: string): Promise<string> {
  const { code } = await massgen(['export', session, '--format', 'html', '--output', 'page.html']);
  expect(code).toBe(0);
  return readFile(join(cwd, 'page.html'), 'utf8');
}

describe('a session of twenty turns with a cancel, a crash and a branch', { timeout: 240_000 }, () => {
  it('remembers each of them, and its page shows exactly what happened', async () => {
    for (let turn = 1; turn <= 6; turn += 1) await ask(`Question ${turn}?`);
    const cancelled = await askAndSignal('Question 7?', 'SIGINT');
    expect(cancelled.code).toBe(4);
    for (let turn = 8; turn <= 12; turn += 1) await ask(`Question ${turn}?`);
    const forked = await massgen(['fork', 'long', '--at', '9']);
    const branch = forked.stdout.trim();
    for (let turn = 13; turn <= 18; turn += 1) await ask(`Question ${turn}?`);
    const killed = await askAndSignal('Question 19?', 'SIGKILL');
    expect(killed.code).toBeNull();
    expect((await massgen(['resume', '--speed', 'max', '--no-display'])).code).toBe(0);
    await ask('Question 20?');
    const other = ['--session-id', branch, '--config', 'team.yaml', '--speed', 'max', '--no-display', 'Another way?'];
    expect((await massgen(other)).code).toBe(0);

    const page = await pageOf('long');
    // Each in the list of its turn and at its place in the timeline, and in no other turn.
    expect(page.match(/user cancels the run|run is taken up again/g)).toEqual([
      ...Array<string>(2).fill('user cancels the run'),
      ...Array<string>(2).fill('run is taken up again'),
    ]);
    expect(toldBy(page)).toEqual([
      ...Array.from({ length: 6 }, (_, index) => answered(index + 1)).flat(),
      'Turn 7',
      'Question 7?',
      'There is no final answer. The run was cancelled.',
      ...Array.from({ length: 11 }, (_, index) => answered(index + 8)).flat(),
      'Turn 19',
      'Question 19?',
      'It was cut off in the middle, and taken up again.',
      'The last word.',
      ...answered(20),
    ]);
    expect(toldBy(await pageOf(branch))).toEqual([
      'This session branched off the session long after its first 9 turns.',
      ...Array.from({ length: 6 }, (_, index) => answered(index + 1)).flat(),
      'Turn 7',
      'Question 7?',
      'There is no final answer. The run was cancelled.',
      ...[8, 9].flatMap((turn) => answered(turn)),
      ...answered(10, 'Another way?'),
    ]);

    const session = await createSessionStore(join(cwd, '.massgen')).load('long');
    const [begun] = await readAll(session?.runs.at(-1)?.dir ?? '');
    const history = begun?.type === 'run.started' ? (begun.data.history ?? []) : [];
    expect(history.map(({ question, answer, outcome }) => [question, answer, outcome])).toEqual(
      Array.from({ length: 19 }, (_, index) => [
        `Question ${index + 1}?`,
        index === 6 ? null : 'The last word.',
        index === 6 ? 'cancelled' : 'answered',
      ]),
    );
  });

  it('shows on that page who answered, voted and won in every turn', async () => {
    await ask('Question 1?');
    const page = await pageOf('long');
    const count = (part: string): number => page.split(part).length - 1;
    expect({
      answers: count('<details'),
      winners: count(', winner</summary>'),
      ballots: count('<td>counts</td>'),
      timelines: count('<svg'),
    }).toEqual({ answers: 2, winners: 1, ballots: 2, timelines: 1 });
  });
});
