import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CommandNeeds } from '../../src/config/tool-needs.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { findCommandFault } from '../../src/tools/commands/command-rules.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import type { CallingTurn, ToolResult } from '../../src/tools/tool.ts';
import type { ToolHost } from '../../src/tools/tool-host.ts';
import { temporaryFolder } from './files/agent-desk.ts';
import { hasCallFilter, hasSandbox } from '../support/sandbox.ts';

const RULES: CommandNeeds = { mode: 'sandbox', allowed: [], blocked: [], network: false };

interface Shell {
  host: ToolHost;
  base: string;
  workspace: string;
  run: (
    command: string,
    more?: { timeout?: number; work_dir?: string; signal?: AbortSignal; turn?: CallingTurn },
  ) => Promise<ToolResult>;
}

async function shell(rules: Partial<CommandNeeds> = {}): Promise<Shell> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(join(base, 'project'), { recursive: true });
  await mkdir(runDir, { recursive: true });
  await writeFile(join(base, 'secret.txt'), 'secret');
  await writeFile(join(base, 'project', 'p.txt'), 'project');
  await writeFile(join(runDir, 'run.jsonl'), 'secret');
  const host = await createToolHost({
    needs: {
      hasWorkspace: true,
      asksForReading: true,
      contextPaths: [{ path: join(base, 'project'), permission: 'write', protectedPaths: [] }],
      mcpServers: [],
      commands: { ...RULES, ...rules },
    },
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  const tool = host.tools().find((each) => each.spec.name === 'run_command');
  return {
    host,
    base,
    workspace: join(runDir, 'workspaces', 'agent1'),
    run: (command, { signal = new AbortController().signal, turn, ...more } = {}) => {
      if (!tool) throw new Error(`no run_command: ${host.problems.join(' ')}`);
      return runToolCall(tool, { command, ...more }, host.rules, { signal, ...(turn && { turn }) });
    },
  };
}

test.runIf(hasSandbox)('a command runs in the workspace and its files stay', async () => {
  const { run, workspace } = await shell();
  expect(await run('echo hello > a.txt; cat a.txt; echo oops >&2; exit 3')).toEqual({
    output: 'Exit code 3.\nOutput:\nhello\nError output:\noops',
    isError: false,
  });
  expect(await readFile(join(workspace, 'a.txt'), 'utf8')).toBe('hello\n');
});

test.each(['sandbox', 'host'] as const)('in the %s, a command writes to its outputs by their names', async (mode) => {
  if (mode === 'sandbox' && !hasSandbox) return;
  const { run } = await shell({ mode });
  const command =
    'echo one > /dev/stdout; echo two | tee /dev/stderr; echo three > /dev/stderr; cat /dev/stdin > /dev/fd/1; exit 3';
  expect(await run(command)).toEqual({
    output: 'Exit code 3.\nOutput:\none\ntwo\nError output:\ntwo\nthree',
    isError: false,
  });
});

test.runIf(hasSandbox)('git commits without settings of the user, but never over those of a repository', async () => {
  const { run } = await shell();
  const commit = 'git commit -q --allow-empty -m m && git log -1 --format="%an <%ae>" && git branch --show-current';
  expect((await run(`git init -q; ${commit}`)).output).toBe('Exit code 0.\nOutput:\nagent <agent@sandbox>\nmain');
  expect((await run(`git config user.name Own; ${commit}`)).output).toContain('Own <agent@sandbox>');
});

test.runIf(hasSandbox)(
  'a command sees the settings that programs cannot do without, and no other ones of the system',
  async () => {
    const { run } = await shell();
    const wanted = /^(os-release|debian_version|lsb-release|fonts|chromium\.d|java-\d+-openjdk|python3\.\d+)$/;
    const seen = (await run('ls /etc')).output.split('\n').slice(2);
    const there = (await readdir('/etc')).filter((name) => wanted.test(name));
    expect(seen.filter((name) => wanted.test(name)).toSorted()).toEqual(there.toSorted());
    const secret = ['shadow', 'gshadow', 'sudoers', 'ssh', 'environment', 'gitconfig', 'machine-id', 'resolv.conf'];
    expect(seen.filter((name) => secret.includes(name))).toEqual([]);
  },
);

test.runIf(hasSandbox)('package managers that ask for a network that is not there give up at once', async () => {
  const retries = 'echo "${npm_config_fetch_retries-unset} ${PIP_RETRIES-unset}"';
  const [closed, open] = [await shell(), await shell({ network: true })];
  expect((await closed.run(retries)).output).toBe('Exit code 0.\nOutput:\n0 0');
  expect((await open.run(retries)).output).toBe('Exit code 0.\nOutput:\nunset unset');
});

test('a folder that is not there, or is none, is told as such', async () => {
  const { run, workspace } = await shell({ mode: 'host' });
  await writeFile(join(workspace, 'a.txt'), '');
  expect((await run('ls', { work_dir: 'sub' })).output).toBe('The command was not run: there is no folder sub.');
  expect((await run('ls', { work_dir: 'a.txt' })).output).toBe('The command was not run: a.txt is no folder.');
});

test.runIf(hasSandbox).each([
  [true, false],
  [false, true],
])('with a network: %s, commands are said to have ports of their own: %s', async (network, isSaid) => {
  const { host } = await shell({ network });
  const start = host.tools().find(({ spec }) => spec.name === 'start_command');
  expect(start?.spec.description.includes('Its ports are its own')).toBe(isSaid);
});

test.runIf(hasSandbox)('no variable of this program reaches a command', async () => {
  process.env['MASSGEN_TEST_API_KEY'] = 'leaked';
  onTestFinished(() => void delete process.env['MASSGEN_TEST_API_KEY']);
  const { run } = await shell();
  const { output } = await run("env | cut -d= -f1 | sort | tr '\\n' ' '; cat /proc/1/environ | tr '\\0' ' '");
  expect(output).not.toContain('MASSGEN_TEST_API_KEY');
  expect(output).toMatch(
    /Output:\nCI HOME LANG LOGNAME PATH PIP_RETRIES PWD (SHLVL )?SHELL TERM USER npm_config_fetch_retries/,
  );
});

test.runIf(hasSandbox).each([
  ['the user’s files', 'cat BASE/secret.txt'],
  ['the run’s log', 'cat BASE/runs/run/run.jsonl'],
  ['files outside, through a link', 'cat link/secret.txt'],
  ['files outside, by a program', 'python3 -c "open(\'BASE/secret.txt\').read()" || cat BASE/secret.txt'],
  ['other homes', 'ls /root /home'],
  ['shadowed passwords', 'cat /etc/shadow'],
  ['writing to a context path', 'echo x > BASE/project/p.txt'],
  ['making files in a context path', 'touch BASE/project/new.txt'],
  ['writing to the system', 'touch /usr/bin/evil'],
  ['moving a file of the user', 'mv BASE/secret.txt .'],
  ['the network', 'exec 3<>/dev/tcp/127.0.0.1/22 || bash -c "exec 3<>/dev/tcp/127.0.0.1/22"'],
  ['mounting', 'mount -t tmpfs x /mnt'],
  ['killing the processes of others', 'kill -9 PARENT'],
])('the sandbox keeps a command from %s', async (_, command) => {
  const { run, base, workspace } = await shell();
  await symlink(base, join(workspace, 'link'));
  const real = command.replaceAll('BASE', base).replaceAll('PARENT', String(process.pid));
  const { output } = await run(real);
  expect(output).not.toMatch(/^Exit code 0/);
  expect(output).not.toMatch(/Output:\n(secret|root:)/);
  expect(await readFile(join(base, 'project', 'p.txt'), 'utf8')).toBe('project');
});

test.runIf(hasSandbox)('a redirection to a file outside reaches nothing', async () => {
  const { run, base } = await shell();
  await run(`echo x > ${base}/runs/run/run.jsonl; echo x > ${base}/secret.txt; echo x > /etc/evil`);
  const paths = [join(base, 'runs/run/run.jsonl'), join(base, 'secret.txt')];
  expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['secret', 'secret']);
  expect((await run('echo x > /etc/evil')).output).not.toMatch(/^Exit code 0/);
});

test.runIf(hasSandbox)('a command reads what the agent may read, and no more of a folder than that', async () => {
  const { run, base } = await shell();
  const seen = join(base, 'runs/run/snapshots/agent2.1');
  await mkdir(seen, { recursive: true });
  await writeFile(join(seen, 'a.txt'), 'seen');
  expect((await run(`cat ${base}/project/p.txt`)).output).toContain('project');
  expect((await run(`cat ${seen}/a.txt`, { turn: { kind: 'draft', view: [] } })).output).toMatch(/^Exit code 1/);
  expect((await run(`cat ${seen}/a.txt`, { turn: { kind: 'judge', view: ['agent2.1'] } })).output).toContain('seen');
  expect((await run(`echo x > ${seen}/a.txt`, { turn: { kind: 'present', view: ['agent2.1'] } })).output).not.toMatch(
    /^Exit code 0/,
  );
});

test.runIf(hasSandbox)('a command that takes too long is stopped with all that it started', async () => {
  const { run } = await shell();
  const { output, isError } = await run('echo begun; (sleep 1000 &); sleep 1000', { timeout: 3 });
  expect([output, isError]).toEqual([
    'It was stopped after 3 seconds. If it needs longer, set timeout (at most 600), or start it with start_command.\nIt was killed.\nOutput:\nbegun',
    true,
  ]);
});

test.runIf(hasSandbox)('a command that leaves something running ends all the same', async () => {
  const { run } = await shell();
  expect(await run('sleep 1000 & echo done')).toEqual({ output: 'Exit code 0.\nOutput:\ndone', isError: false });
});

test.runIf(hasSandbox)('very long output is cut while it comes, and the rest is kept for reading', async () => {
  const { run } = await shell();
  const { output } = await run('yes 0123456789 | head -c 100000000; echo; echo end');
  expect(output.length).toBeLessThan(31_000);
  expect(output).toMatch(/end$/);
  expect(output).toMatch(/All of it is in \S+-run_command-\w+\.txt/);
});

test.runIf(hasSandbox)('commands run in folders of the workspace only', async () => {
  const { run, base } = await shell();
  await run('mkdir sub');
  expect((await run('pwd', { work_dir: 'sub' })).output).toMatch(/workspaces\/agent1\/sub$/);
  expect(await run('pwd', { work_dir: join(base, 'project') })).toEqual({
    output: 'Commands run in your workspace only.',
    isError: true,
  });
  expect(await run('pwd', { work_dir: '/tmp' })).toMatchObject({ isError: true });
});

test('without a sandbox no command runs, and the user is told what to install', async () => {
  const { createSandboxRunner } = await import('../../src/workspace/commands/sandbox-runner.ts');
  const { AgentFiles } = await import('../../src/workspace/agent-files.ts');
  const base = await temporaryFolder();
  const files = await AgentFiles.create({ runDir: base, alias: 'agent1', contexts: [] });
  const problem = await createSandboxRunner({ files, path: '/nowhere', hasNetwork: false }).findProblem();
  expect(problem).toMatch(/Install bubblewrap .* or set command_line_execution_mode: host/);
});

test.runIf(process.platform === 'linux')(
  'on the host, where it was asked for, commands have no key either and their children end with them',
  async () => {
    process.env['MASSGEN_TEST_API_KEY'] = 'leaked';
    onTestFinished(() => void delete process.env['MASSGEN_TEST_API_KEY']);
    const { run } = await shell({ mode: 'host' });
    const { output } = await run('env; sleep 1000 & echo "child $!"');
    expect(output).not.toContain('leaked');
    const child = Number(/child (\d+)/.exec(output)?.[1]);
    // Nobody may be there to bury it, so a dead child can still have its number.
    const state = async (): Promise<string> =>
      (await readFile(`/proc/${child}/stat`, 'utf8').catch(() => ') gone')).split(') ')[1]?.slice(0, 1) ?? '';
    await expect.poll(state, { timeout: 15_000 }).toMatch(/[Zg]/);
  },
);

test.for([
  ['host', [expect.stringMatching(/run as you on this machine, without any protection/)]],
  ['sandbox', []],
] as const)('who has commands run in the %s is warned of what that means', async ([mode, warnings], { skip }) => {
  if (mode === 'sandbox' && !(hasSandbox && hasCallFilter)) skip('there is no whole sandbox here');
  expect((await shell({ mode })).host.problems).toEqual(warnings);
});

test.each([
  'sudo ls',
  'rm -rf /',
  'rm -rf ~',
  'rm -r -f /*',
  'dd if=x of=/dev/sda',
  'mkfs.ext4 /dev/sda1',
  'echo x > /dev/sda',
  ':(){ :|:& };:',
  'reboot',
])('the host runner refuses %s', (command) => {
  expect(findCommandFault(command, { ...RULES, mode: 'host' })).not.toBeNull();
});

test('the config’s patterns: allowed ones fit at the beginning, blocked ones anywhere', () => {
  const rules = { ...RULES, allowed: ['git', 'npm (test|run)'], blocked: ['push'] };
  const commands = ['git status', 'npm test', 'npm install', 'echo git', 'git push'];
  expect(commands.map((command) => findCommandFault(command, rules))).toEqual([
    null,
    null,
    'The config allows other commands only.',
    'The config allows other commands only.',
    'The config blocks this command.',
  ]);
});

test('a pattern that is none allows nothing and blocks everything', () => {
  expect(findCommandFault('ls', { ...RULES, allowed: ['('] })).not.toBeNull();
  expect(findCommandFault('ls', { ...RULES, blocked: ['('] })).not.toBeNull();
});
