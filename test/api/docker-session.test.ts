import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { start } from '../../src/api/run.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { runCommandLine } from '../cli/command-process.ts';
import { FakeDocker } from '../support/fake-docker.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const ENTRY = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

interface World {
  fake: FakeDocker;
  cwd: string;
  home: string;
  env: Record<string, string>;
  /** Writes a config whose agent runs that command. */
  write: (command: string, more?: object, orchestrator?: object) => Promise<void>;
  /** Asks one question of the session with the command, and resolves with what it gave. */
  ask: (command: string, more?: object, orchestrator?: object) => Promise<string>;
}

async function world(): Promise<World> {
  const fake = await FakeDocker.start();
  const folder = await temporaryFolder();
  const [cwd, home] = [join(folder, 'work'), join(folder, 'home')];
  await Promise.all([mkdir(cwd), mkdir(home)]);
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, DOCKER_HOST: `unix://${fake.socketPath}` };
  const write: World['write'] = async (command, more = {}, orchestrator = {}) => {
    const backend = {
      type: 'scripted',
      model: 'script',
      enable_mcp_command_line: true,
      command_line_execution_mode: 'docker',
      script: { turns: [{ tool_calls: [{ name: 'run_command', args: { command } }] }, { text: 'Done.' }] },
      ...more,
    };
    const docker = { persist_containers_between_turns: true };
    const permissions = { unattended: 'allow-all' };
    const config = { permissions, orchestrator: { docker, ...orchestrator }, agent: { id: 'a', backend } };
    await writeFile(join(cwd, 'team.json'), JSON.stringify(config));
  };
  const ask: World['ask'] = async (...wanted) => {
    await write(...wanted);
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent): void => void events.push(event);
    await start('And?', { config: join(cwd, 'team.json'), cwd, session: 'talk', env, onEvent }).result;
    return events.flatMap((event) => (event.type === 'tool.finished' ? [event.data.output] : [])).join('');
  };
  return { fake, cwd, home, env, write, ask };
}

test('from a config: the questions of a session have one container, which goes with the session', async () => {
  const { fake, cwd, home, env, ask } = await world();
  await writeFile(join(cwd, 'container.env'), 'SHOP_TOKEN=t-0123456789\nCOLOUR=blue\n');
  const more = { command_line_docker_credentials: { env_file: 'container.env' } };
  const command = 'echo "$SHOP_TOKEN $COLOUR"; ls; touch a.txt; pwd';
  const folder = join(home, '.massgen/sessions/talk/containers/ca978112ca1b');
  const told = (slot: number): string => `Exit code 0.\nOutput:\n[redacted] blue\n${folder}/workspaces/${slot}`;
  expect([await ask(command, more), await ask(command, more)]).toEqual([told(1), told(2)]);
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  expect([...fake.containers.values()].map(({ labels }) => labels['massgen.session'])).toEqual(['talk']);
  const deleted = await runCommandLine(['sessions', 'delete', 'talk', '--yes'], { cwd, env });
  expect(deleted.code).toBe(0);
  expect([...fake.containers.keys()]).toEqual([]);
  await expect(access(folder)).rejects.toThrow('ENOENT');
});

test.each(['worktree', 'isolated'])(
  'who works in a copy of the folder (%s) does so in that container',
  async (mode) => {
    const { fake, cwd, home, ask } = await world();
    await writeFile(join(cwd, 'a.txt'), 'one');
    await git(cwd, 'init', '-q');
    await git(cwd, 'add', 'a.txt');
    await git(cwd, '-c', 'user.name=u', '-c', 'user.email=u@x', 'commit', '-qm', 'first');
    const orchestrator = { coordination: { write_mode: mode } };
    const command = 'cat a.txt; git status --short | wc -l; echo two > a.txt; pwd';
    const folder = join(home, '.massgen/sessions/talk/containers/ca978112ca1b');
    for (const slot of [1, 2]) {
      const output = await ask(command, {}, orchestrator);
      expect(output).toMatch(/^Exit code 0\.\nOutput:\none\d*\n/);
      expect(output).toContain(`${folder}/workspaces/${slot}`);
    }
    expect(fake.of('POST /containers/create')).toHaveLength(1);
    expect(await readdir(join(folder, 'workspaces'))).toContain('1');
    // The copies go with the run, but not the folder that the container was made with.
    expect(await readdir(join(folder, 'workspaces/1'))).toEqual([]);
  },
);

test('a process that comes later finds the container, also after one that was killed at work', async () => {
  const { fake, cwd, home, env, write } = await world();
  const ask = async (...more: string[]): ReturnType<typeof runCommandLine> =>
    runCommandLine(['--config', 'team.json', '--json', ...more, 'And?'], { cwd, env });
  await write('echo first');
  expect(await ask('--session-id', 'talk')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('first') as string,
  });
  await write('sleep 1000');
  const child = spawn(process.execPath, [ENTRY, '--config', 'team.json', '--continue', 'And?'], {
    cwd,
    env,
    stdio: 'ignore',
  });
  await expect.poll(() => fake.of('POST /containers/ID/exec').length, { timeout: 20_000 }).toBe(2);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await write('echo third');
  const third = await ask('--continue');
  expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('third') as string });
  expect(third.stdout).not.toContain('Another run of this session');
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  expect(fake.of('POST /containers/ID/restart')).toHaveLength(2);
  expect([...fake.containers.values()].map(({ labels }) => labels['massgen.kept'])).toEqual([
    join(home, '.massgen/sessions/talk/containers/ca978112ca1b'),
  ]);
}, 60_000);

async function git(cwd: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('git', args, { cwd });
}
