import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentFiles } from '../../src/workspace/agent-files.ts';
import { findLimits } from '../../src/workspace/commands/command-limits.ts';
import { createSandboxRunner } from '../../src/workspace/commands/sandbox-runner.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const PATH = process.env['PATH'] ?? '';
const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;

/** A `systemd-run` that notes what it is asked for, and runs it or refuses. */
async function systemd(isThere: boolean): Promise<{ path: string; asked: () => Promise<string[]> }> {
  const folder = await temporaryFolder();
  const script = isThere
    ? `#!/bin/sh\necho "$@" "| $XDG_RUNTIME_DIR" >> ${folder}/asked\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n`
    : '#!/bin/sh\necho "Failed to connect to bus" >&2; exit 1\n';
  await writeFile(join(folder, 'systemd-run'), script);
  await chmod(join(folder, 'systemd-run'), 0o755);
  const asked = async (): Promise<string[]> => (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  return { path: `${folder}:${PATH}`, asked };
}

test('where systemd-run works, a command is limited as a whole', async () => {
  const { path, asked } = await systemd(true);
  const limits = await findLimits({
    path,
    variables: { XDG_RUNTIME_DIR: '/run/user/1', OPENAI_API_KEY: 'k' },
    isRoot: false,
  });
  expect(limits).toEqual({
    kind: 'group',
    prefix:
      'systemd-run --user --scope --quiet --collect --property MemoryMax=8G --property MemorySwapMax=0 --property TasksMax=512 --'.split(
        ' ',
      ),
    env: { PATH: path, XDG_RUNTIME_DIR: '/run/user/1' },
    why: '',
  });
  expect(await asked()).toHaveLength(1);
});

test('where it does not, each process is, and the reason is known', async () => {
  const { path } = await systemd(false);
  const [refused, absent] = await Promise.all([
    findLimits({ path, variables: {}, isRoot: true }),
    findLimits({ path: '/nowhere', variables: {}, isRoot: true }),
  ]);
  expect(refused).toEqual({ kind: 'process', prefix: [], env: {}, why: 'systemd-run said: Failed to connect to bus' });
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
  expect(lines[1]).toMatch(/--property TasksMax=512 -- bwrap --unshare-user .*\| \/run\/user\/1$/);
});
