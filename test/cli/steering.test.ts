import { access, mkdir, readFile, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine, withFolder, type Ended } from './command-process.ts';

const agent = (id: string, first: string): string => `
  - id: ${id}
    backend:
      type: scripted
      script:
        turns:
          - ${first}
          - { when: draft, answer: By ${id}., repeat: true }
          - { when: judge, vote: agent1, repeat: true }
          - { when: present, text: Presented., repeat: true }
`;
const ASK = `{ when: draft, tool_calls: [{ name: ask_others, args: { question: "Which port?", options: [{ label: "80" }, { label: "443" }] } }] }`;
const TEAM = `agents:${agent('a', ASK)}${agent('b', '{ when: draft, answer: By b. }')}
orchestrator: { coordination: { broadcast: human } }
`;
/** Its agents judge until somebody wants the answer. */
const PATIENT = TEAM.replaceAll('vote: agent1, repeat: true', 'hang: true');
/** What it makes waits for a review. */
const CHANGING = `agents:
  - id: a
    backend:
      type: scripted
      cwd: workspace
      script:
        turns:
          - { request: 1, tool_calls: [{ name: write_file, args: { path: made.txt, content: new } }] }
          - { request: 2, text: Made. }
orchestrator: { coordination: { write_mode: isolated } }
`;
const ASKING = ['--config', 'team.yaml', '--automation', '--speed', 'max'];

async function eventsIn(folder: string): Promise<RunEvent[]> {
  const runs = join(folder, '.massgen', 'runs');
  const [id = ''] = await readdir(runs);
  return readAll(join(runs, id));
}

/** What was answered, as the log has it. */
async function answersIn(folder: string): Promise<object[]> {
  return (await eventsIn(folder)).flatMap((event) =>
    event.type === 'question.answered'
      ? [{ outcome: event.data.outcome, choices: event.data.choices, text: event.data.text, reason: event.data.reason }]
      : [],
  );
}

/** Waits for the file, as a program that watches a folder does. */
async function appears(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text !== null) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const dirOf = (stdout: string): string | undefined => /^LOG_DIR: (.*)$/m.exec(stdout)?.[1];

/** Runs the command and lets a program act as soon as it knows the run's folder. */
async function runBeside(folder: string, args: string[], act: (dir: string) => Promise<void>): Promise<Ended> {
  const acting: Promise<void>[] = [];
  const ended = await runCommandLine(args, {
    cwd: folder,
    onOutput: (stdout) => {
      const dir = dirOf(stdout);
      if (dir !== undefined && acting.length === 0) acting.push(act(dir));
    },
  });
  await Promise.all(acting);
  return ended;
}

describe('what agents ask, with --ask-files', () => {
  it('waits in a file for a file that answers it, and a wrong one is set aside', () =>
    withFolder({ 'team.yaml': TEAM }, async (folder) => {
      const { code, stderr } = await runBeside(folder, [...ASKING, '--ask-files', 'Q?'], async (dir) => {
        const request = JSON.parse(await appears(join(dir, 'requests', 'question-1.json'))) as object;
        expect(request).toMatchObject({ v: 1, kind: 'question', agent: 'a', text: 'Which port?', allow_text: true });
        const put = async (value: object): Promise<void> => {
          await writeFile(join(dir, 'responses', '.new'), JSON.stringify(value));
          await rename(join(dir, 'responses', '.new'), join(dir, 'responses', 'question-1.json'));
        };
        await put({ choices: ['8080'] });
        await appears(join(dir, 'responses', 'question-1.rejected.json'));
        await put({ choices: ['443'], text: 'please' });
      });
      expect([code, stderr]).toEqual([
        0,
        'responses/question-1.json was set aside: choices must be a list of options: 80, 443.\n',
      ]);
      expect(await answersIn(folder)).toEqual([{ outcome: 'answered', choices: ['443'], text: 'please', reason: '' }]);
      const [id = ''] = await readdir(join(folder, '.massgen', 'runs'));
      expect(await readdir(join(folder, '.massgen', 'runs', id, 'requests'))).toEqual([]);
    }));

  it('is not answered through a link', () =>
    withFolder({ 'team.yaml': TEAM, 'secret.json': '{"choices": ["80"]}' }, async (folder) => {
      const { stderr } = await runBeside(
        folder,
        [...ASKING, '--ask-files', '--ask-timeout', '3', 'Q?'],
        async (dir) => {
          await appears(join(dir, 'requests', 'question-1.json'));
          await symlink(join(folder, 'secret.json'), join(dir, 'responses', 'question-1.json'));
        },
      );
      expect(stderr).toBe('responses/question-1.json was set aside: It is a link.\n');
      expect(await answersIn(folder)).toMatchObject([
        { outcome: 'declined', reason: 'No answer came within 3 seconds.' },
      ]);
    }));

  it('is declined at once without the flag', () =>
    withFolder({ 'team.yaml': TEAM }, async (folder) => {
      expect(await runCommandLine([...ASKING, 'Q?'], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
      expect(await answersIn(folder)).toMatchObject([
        { outcome: 'declined', reason: 'Nobody is there who could be asked.' },
      ]);
    }));
});

describe('commands on standard input', () => {
  it('are taken line by line; when they have ended nobody is there, and nothing waits', () =>
    withFolder({ 'team.yaml': TEAM }, async (folder) => {
      const input = '{"text": "Be brief."}\nnonsense\n{"type": "vote", "label": "agent1.1"}\n';
      const { code, stderr } = await runCommandLine([...ASKING, '--commands', 'Q?'], { cwd: folder, input });
      expect(code).toBe(0);
      expect(stderr).toBe(
        'Line 2 of the commands is not valid JSON.\nLine 3 of the commands: label must name a current answer; there is none yet.\n',
      );
      const events = await eventsIn(folder);
      expect(events.flatMap((event) => (event.type === 'message.sent' ? [event.data.text] : []))).toEqual([
        'Be brief.',
      ]);
      expect(await answersIn(folder)).toMatchObject([{ outcome: 'declined' }]);
    }));

  it('decline the changes of files that wait when they have ended', () =>
    withFolder({ 'team.yaml': CHANGING }, async (folder) => {
      const args = ['--config', 'team.yaml', '--automation', '--speed', 'max', '--commands', 'Q?'];
      const { code } = await runCommandLine(args, { cwd: folder, input: '' });
      expect([code, await readFile(join(folder, 'made.txt'), 'utf8').catch(() => 'not there')]).toEqual([
        0,
        'not there',
      ]);
      const decided = (await eventsIn(folder)).flatMap((event) =>
        event.type === 'changes.decided' ? [event.data] : [],
      );
      expect(decided).toEqual([
        {
          label: 'agent1.1',
          paths: [],
          by: 'policy',
          comment: 'The commands have ended, so nobody is there who could answer. To write them: massgen apply',
        },
      ]);
    }));

  it('cannot share standard input with the question', () =>
    withFolder({ 'team.yaml': TEAM }, async (folder) => {
      const { code, stderr } = await runCommandLine([...ASKING, '--commands', '-'], { cwd: folder });
      expect([code, stderr]).toEqual([1, expect.stringContaining('cannot both come from standard input')]);
    }));
});

describe('an inbox', () => {
  it('brings commands of other programs in the order of their names, and says what it set aside', () =>
    withFolder({ 'team.yaml': PATIENT }, async (folder) => {
      const inbox = join(folder, 'in');
      await mkdir(inbox);
      await writeFile(join(inbox, 'msg_2.json'), '{"content": "Second.", "target": "b"}');
      await writeFile(join(inbox, 'msg_1.json'), '{"content": "First."}');
      await writeFile(join(inbox, 'msg_3.json'), '{"type": "shout"}');
      await writeFile(join(inbox, 'msg_4.json'), '{"type": "answer-now"}');
      await writeFile(join(inbox, '.hidden.json'), '{"content": "Hidden."}');
      await symlink(join(inbox, '.hidden.json'), join(inbox, 'link.json'));
      const args = ['--config', 'team.yaml', '--automation', '--inbox-dir', 'in', 'Q?'];
      const { code, stderr } = await runCommandLine(args, { cwd: folder });
      expect(code).toBe(0);
      expect(stderr.split('\n').map((line) => line.replace(/.*was set aside: /, ''))).toEqual([
        'It is a link.',
        expect.stringContaining('type must be one of'),
        '',
      ]);
      const sent = (await eventsIn(folder)).flatMap((event) => (event.type === 'message.sent' ? [event.data] : []));
      expect(sent.map(({ text, to }) => [text, to.length])).toEqual([
        ['First.', 2],
        ['Second.', 1],
      ]);
      expect((await readdir(join(inbox, 'done'))).map((name) => name.slice(-10))).toEqual([
        'msg_1.json',
        'msg_2.json',
        'msg_4.json',
      ]);
      await access(join(inbox, '.hidden.json'));
    }));
});
