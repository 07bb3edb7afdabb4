import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentFiles } from '../../src/workspace/agent-files.ts';
import { findGroupPlaces, openGroup } from '../../src/workspace/commands/command-groups.ts';
import { findLimits } from '../../src/workspace/commands/command-limits.ts';
import { createSandboxRunner } from '../../src/workspace/commands/sandbox-runner.ts';
import { hasSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const PATH = process.env['PATH'] ?? '';

/** A machine that shows no groups of processes. */
const NO_GROUPS = { root: '/nowhere', own: '' };

/** A `systemd-run` that notes what it is asked for, and runs it or refuses. */
async function systemd(isThere: boolean): Promise<{ path: string; asked: () => Promise<string[]> }> {
  const folder = await temporaryFolder();
  const script = isThere
    ? `#!/bin/sh\nprintf '%s\\n' "$* | $XDG_RUNTIME_DIR" >> ${folder}/asked\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n`
    : '#!/bin/sh\necho "Failed to connect to bus" >&2; exit 1\n';
  await writeFile(join(folder, 'systemd-run'), script);
  await chmod(join(folder, 'systemd-run'), 0o755);
  const asked = async (): Promise<string[]> => (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  return { path: `${folder}:${PATH}`, asked };
}

/** Makes a folder look like a group of the kernel's. */
async function asGroup(folder: string): Promise<void> {
  await writeFile(join(folder, 'cgroup.procs'), '');
}

test('where systemd-run works, a command is limited as a whole', async () => {
  const { path, asked } = await systemd(true);
  const limits = await findLimits({
    path,
    variables: { XDG_RUNTIME_DIR: '/run/user/1', OPENAI_API_KEY: 'k' },
    isRoot: false,
    groups: NO_GROUPS,
  });
  expect(limits).toEqual({
    kind: 'group',
    prefix:
      'systemd-run --user --scope --quiet --collect --property MemoryMax=8G --property MemorySwapMax=0 --property TasksMax=512 --'.split(
        ' ',
      ),
    env: { PATH: path, XDG_RUNTIME_DIR: '/run/user/1' },
    places: [],
    why: '',
  });
  expect(await asked()).toHaveLength(1);
});

test('where it does not, each process is, and the reason is known', async () => {
  const { path } = await systemd(false);
  const [refused, absent] = await Promise.all([
    findLimits({ path, variables: {}, isRoot: true, groups: NO_GROUPS }),
    findLimits({ path: '/nowhere', variables: {}, isRoot: true, groups: NO_GROUPS }),
  ]);
  expect(refused).toEqual({
    kind: 'process',
    prefix: [],
    env: {},
    places: [],
    why: 'systemd-run said: Failed to connect to bus',
  });
  expect(absent).toMatchObject({ kind: 'process', why: 'there is no systemd-run' });
});

test.runIf(hasSandbox)('a command of the sandbox runs within its limits and sees nothing of how', async () => {
  const { path, asked } = await systemd(true);
  const runDir = join(await temporaryFolder(), 'run');
  await mkdir(runDir);
  const files = await AgentFiles.create({ runDir, alias: 'agent1', contexts: [] });
  const environment = { XDG_RUNTIME_DIR: '/run/user/1' };
  const runner = createSandboxRunner({ files, path, hasNetwork: false, environment });
  const access = { mayWriteContext: false, labels: [] };
  const request = { command: 'echo "$XDG_RUNTIME_DIR"; ulimit -d', folder: files.workspace, access };
  const signal = new AbortController().signal;
  expect((await runner.run({ ...request, signal })).stdout).toBe('\n4194304\n');
  const lines = await asked();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /--property TasksMax=512 -- (unshare .* )?bwrap (--seccomp 3 )?--unshare-user .*\| \/run\/user\/1$/,
  );
});

test('without systemd every command gets a group of its own, where the kernel lets this program make one', async () => {
  const { path } = await systemd(false);
  const root = await temporaryFolder();
  // Version 1 has a tree for each thing that is counted; version 2 has one for all.
  const [one, two] = [join(root, 'one'), join(root, 'two')];
  await mkdir(join(one, 'memory', 'a'), { recursive: true });
  await mkdir(join(one, 'pids'), { recursive: true });
  await mkdir(join(two, 'b'), { recursive: true });
  await writeFile(join(two, 'b', 'cgroup.subtree_control'), 'cpu memory pids\n');
  for (const folder of [join(one, 'memory', 'a'), join(one, 'pids'), join(two, 'b')]) await asGroup(folder);
  const [first, second] = await Promise.all([
    findLimits({ path, variables: {}, isRoot: true, groups: { root: one, own: '8:pids:/\n4:memory:/a\n0::/\n' } }),
    findLimits({ path, variables: {}, isRoot: true, groups: { root: two, own: '0::/b\n' } }),
  ]);
  expect(first).toEqual({
    kind: 'group',
    prefix: [],
    env: {},
    places: [
      { folder: join(one, 'memory', 'a'), limits: { 'memory.limit_in_bytes': '8589934592' } },
      { folder: join(one, 'pids') + '/', limits: { 'pids.max': '512' } },
    ],
    why: '',
  });
  expect(second.places).toEqual([
    { folder: join(two, 'b'), limits: { 'memory.max': '8589934592', 'memory.swap.max': '0', 'pids.max': '512' } },
  ]);
});

test('folders that are no groups of the kernel’s take no command in', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'memory'));
  await mkdir(join(root, 'pids'));
  await asGroup(join(root, 'memory'));
  expect(await findGroupPlaces(root, '8:pids:/\n4:memory:/\n')).toEqual([]);
  expect(await findGroupPlaces(root, '8:pids:/..\n4:memory:/..\n')).toEqual([]);
  expect(await findGroupPlaces(root, '0::/\n')).toEqual([]);
});

test('a program runs in its group or not at all, and the group goes when it is over', async () => {
  const folder = await temporaryFolder();
  const group = await openGroup([{ folder, limits: { 'pids.max': '512', 'memory.swap.max': '0' } }]);
  const [file, ...args] = [...group.prefix, 'echo', 'runs'];
  expect(spawnSync(file, args, { encoding: 'utf8' }).stdout).toBe('runs\n');
  const [name = ''] = await readdir(folder);
  // In a folder that is none of the kernel's, what is written stays; what is not there is no swap to limit.
  expect(await readdir(join(folder, name))).toEqual(['cgroup.procs', 'pids.max']);
  expect(await readFile(join(folder, name, 'pids.max'), 'utf8')).toBe('512\n');
  await rm(join(folder, name), { recursive: true });
  expect(spawnSync(file, args, { encoding: 'utf8' }).stdout).toBe('');
  await mkdir(join(folder, name));
  await group.remove();
  expect(await readdir(folder)).toEqual([]);
});

test('groups of programs that have ended are removed', async () => {
  const root = await temporaryFolder();
  const dead = spawnSync('true').pid;
  for (const name of [`massgen-${dead}-0abc`, `massgen-${process.ppid}-0abc`, 'other']) {
    await mkdir(join(root, 'pids', name), { recursive: true });
    await mkdir(join(root, 'memory', name), { recursive: true });
  }
  await asGroup(join(root, 'pids'));
  await asGroup(join(root, 'memory'));
  await findGroupPlaces(root, '8:pids:/\n4:memory:/\n');
  const left = ['cgroup.procs', `massgen-${process.ppid}-0abc`, 'other'];
  expect(await readdir(join(root, 'pids'))).toEqual(left);
  expect(await readdir(join(root, 'memory'))).toEqual(left);
});
