import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const AGENT = fileURLToPath(new URL('../providers/acp/test-agent.ts', import.meta.url));
const CONFIG = `
agents:
  - id: acp
    backend: { type: acp, command: ["${process.execPath}", "${AGENT}"] }
`;

it('lets an ACP agent work on files in its workspace, keeps them with its answer, and nowhere else', async () => {
  const steps = [
    { write: 'notes.txt', text: 'hello' },
    { say: ', ' },
    { read: 'notes.txt' },
    { say: ', ' },
    { write: '../outside.txt', text: 'no' },
  ];
  await withFolder({ 'team.yaml': CONFIG }, async (cwd) => {
    const question = `Write it down.\ndo:${JSON.stringify(steps)}`;
    const { code, stdout } = await runCommandLine(['--config', 'team.yaml', question], { cwd });
    const runs = join(cwd, '.massgen', 'runs');
    const [run = ''] = await readdir(runs);
    const kept = await readFile(join(runs, run, 'snapshots', 'agent1.1', 'notes.txt'), 'utf8');
    const workspaces = await readdir(join(runs, run, 'workspaces'));
    expect({ code, said: stdout.replace(/refused:.*/s, 'refused'), kept, workspaces }).toEqual({
      code: 0,
      said: 'ok, hello, refused',
      kept: 'hello',
      workspaces: ['agent1'],
    });
  });
});

it('denies what an ACP agent asks leave for where nobody is there, and says so in the log', async () => {
  const steps = [{ ask: 'Write a.txt', path: '/tmp/a.txt' }];
  await withFolder({ 'team.yaml': CONFIG }, async (cwd) => {
    const args = ['--config', 'team.yaml', `Do it.\ndo:${JSON.stringify(steps)}`];
    const { stdout } = await runCommandLine(args, { cwd });
    const runs = join(cwd, '.massgen', 'runs');
    const [run = ''] = await readdir(runs);
    const decided = (await readAll(join(runs, run))).find((event) => event.type === 'approval.decided');
    expect(stdout).toBe('asked: no\n');
    expect(decided?.data).toMatchObject({ isAllowed: false, action: 'edit', target: '/tmp/a.txt', by: 'policy' });
  });
});

it('runs the terminals of an ACP agent in its sandbox, by its rules, and says so in the log', async () => {
  const config = `${CONFIG}
permissions: { rules: [deny start_command(*shadow*)] }
`.replace(`"${AGENT}"] }`, `"${AGENT}"], cwd: work, enable_mcp_command_line: true }`);
  const steps = [{ terminal: 'echo hello; pwd' }, { say: '\n' }, { terminal: 'cat /etc/shadow' }];
  await withFolder({ 'team.yaml': config }, async (cwd) => {
    const args = ['--config', 'team.yaml', `Do it.\ndo:${JSON.stringify(steps)}`];
    const { stdout } = await runCommandLine(args, { cwd });
    const runs = join(cwd, '.massgen', 'runs');
    const [run = ''] = await readdir(runs);
    const events = await readAll(join(runs, run));
    const calls = events.flatMap((event) => (event.type === 'tool.started' ? [event.data.call] : []));
    expect(stdout).toMatch(/"output":"hello\\n.*\/workspaces\/agent1/);
    expect(stdout).toMatch(/"refused":.*shadow/s);
    expect(calls.map(({ name, args: given }) => [name, given?.['command']])).toEqual([
      ['start_command', "export WORD='it'\\''s'; echo hello; pwd"],
      // The agent's own use, which shows what the command has written.
      ['execute', undefined],
      ['start_command', "export WORD='it'\\''s'; cat /etc/shadow"],
    ]);
  });
});
