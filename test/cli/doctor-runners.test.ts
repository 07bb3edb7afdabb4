import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { checkRunners, checkTeamImages } from '../../src/cli/doctor-runners.ts';
import type { TeamSpec } from '../../src/config/team.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { FakeDocker } from '../support/fake-docker.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { NEEDS } from '../workspace/docker/runner-bench.ts';

const clock = createRealClock();

async function fakeProgram(name: string, script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

test('an engine that works is told with its version, and what was left behind', async () => {
  const fake = await FakeDocker.start();
  const labels = { 'massgen.run': 'r', 'massgen.host': hostname(), 'massgen.pid': '999999999' };
  fake.containers.set('left', { id: 'left', name: 'left', labels, body: {}, isRunning: true, isOutOfMemory: false });
  fake.info['MemoryLimit'] = false;
  const variables = { PATH: '/nowhere', DOCKER_HOST: `unix://${fake.socketPath}` };
  const checks = await checkRunners({ variables, home: '/none', clock });
  expect(checks.slice(2)).toEqual([
    { name: 'Docker', state: 'ok', detail: `28.1.0 at ${fake.socketPath}, as DOCKER_HOST says, cannot limit memory` },
    {
      name: 'containers',
      state: 'missing',
      detail: '1 are left over from runs that were cut off, or from sessions; the next run with docker removes them',
    },
  ]);
  expect([...fake.containers.keys()]).toEqual(['left']);
});

test('the first engine of several that answers is told, and why not those before it', async () => {
  const fake = await FakeDocker.start();
  const home = await temporaryFolder();
  const runtime = join(home, 'run');
  await mkdir(join(runtime, 'podman'), { recursive: true });
  await writeFile(join(runtime, 'docker.sock'), 'no socket');
  await symlink(fake.socketPath, join(runtime, 'podman/podman.sock'));
  const checks = await checkRunners({ variables: { PATH: '/nowhere', XDG_RUNTIME_DIR: runtime }, home, clock });
  const refused = `The Docker engine at ${join(runtime, 'docker.sock')} cannot be used (ECONNREFUSED)`;
  expect(checks[2]?.state).toBe('ok');
  expect(checks[2]?.detail).toContain(`28.1.0 at ${join(runtime, 'podman/podman.sock')}`);
  expect(checks[2]?.detail).toContain(`; ${refused}: install Docker`);
});

test('an engine at a port is told with whether the connection is encrypted', async () => {
  const fake = await FakeDocker.start();
  const address = `tcp://127.0.0.1:${await fake.openPort()}`;
  const checks = await checkRunners({ variables: { PATH: '/nowhere', DOCKER_HOST: address }, home: '/none', clock });
  const detail = `28.1.0 at ${address}, as DOCKER_HOST says, not encrypted`;
  expect(checks.slice(2)).toEqual([{ name: 'Docker', state: 'ok', detail }]);
});

test('what does not work is told with what to do', async () => {
  const variables = { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' };
  const groups = { root: '/nowhere', own: '' };
  const [sandbox, limits, docker] = await checkRunners({ variables, home: '/none', clock, groups });
  expect([sandbox?.state, limits?.state, docker?.state]).toEqual(['missing', 'missing', 'missing']);
  expect(sandbox?.detail).toMatch(/Install bubblewrap/);
  expect(limits?.detail).toMatch(/each process gets 4 GB, .*; there is no systemd-run$/);
  expect(docker?.detail).toMatch(
    /^command_line_execution_mode: docker needs it\. The Docker engine at .* \(ENOENT\): install Docker/,
  );
});

test('which limits are in force is told', async () => {
  const folder = await fakeProgram('systemd-run', 'exit 0');
  const variables = { PATH: `${folder}:/usr/bin:/bin`, DOCKER_HOST: 'unix:///nowhere.sock' };
  const [, limits] = await checkRunners({ variables, home: '/none', clock });
  expect(limits).toEqual({
    name: 'limits of commands',
    state: 'ok',
    detail: 'a command in the sandbox gets 8 GB and 512 processes as a whole (systemd-run)',
  });
});

test('the images of a team that runs commands in containers', async () => {
  const fake = await FakeDocker.start();
  const agent = (image: string): object => ({ tools: { docker: { ...NEEDS, image } } });
  const team = (...images: string[]): TeamSpec => ({ agents: images.map(agent) }) as unknown as TeamSpec;
  const around = { variables: { DOCKER_HOST: `unix://${fake.socketPath}` }, home: '/none', clock };
  expect(await checkTeamImages(team(NEEDS.image, 'acme:1', NEEDS.image), around)).toEqual([
    { name: 'image', state: 'ok', detail: 'massgen/mcp-runtime:latest is here' },
    { name: 'image', state: 'missing', detail: 'acme:1 is not here; it is fetched with the first command' },
  ]);
  const nowhere = { ...around, variables: { DOCKER_HOST: 'ssh://u@1.2.3.4' } };
  expect(await checkTeamImages(team('acme:1'), nowhere)).toMatchObject([{ name: 'Docker', state: 'broken' }]);
  expect(await checkTeamImages(team(), nowhere)).toEqual([]);
});
