import { access, copyFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DockerNeeds } from '../../../src/config/tool-needs.ts';
import { DEFAULT_SETTINGS } from '../../../src/events/settings.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createRunLog } from '../../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../../src/runlog/redact.ts';
import { AgentFiles } from '../../../src/workspace/agent-files.ts';
import type { CommandRequest } from '../../../src/workspace/commands/command-runner.ts';
import { DockerRunner } from '../../../src/workspace/docker/docker-runner.ts';
import { keptWorkspace } from '../../../src/workspace/docker/session-keep.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';
import { NEEDS, PLAIN } from './runner-bench.ts';

const PATIENCE = { timeout: 10_000 };
const KEPT: DockerNeeds = { ...NEEDS, keptMs: 3_600_000 };

interface Turn {
  runner: DockerRunner;
  files: AgentFiles;
  run: (command: string, more?: Partial<CommandRequest>) => Promise<string>;
}

interface Session {
  fake: FakeDocker;
  base: string;
  folder: string;
  turn: (run: string, needs?: Partial<DockerNeeds>, alias?: string) => Promise<Turn>;
}

/** A session whose turns are runs of their own, as runs of one process or of several after each other. */
async function session(): Promise<Session> {
  const fake = await FakeDocker.start();
  const base = await temporaryFolder();
  const folder = join(base, 'sessions/talk/containers/0123456789ab');
  const turn: Session['turn'] = async (run, needs = {}, alias = 'agent1') => {
    const runDir = join(base, 'runs', run);
    await mkdir(runDir, { recursive: true });
    const workspace = await keptWorkspace(folder, runDir, alias);
    const elsewhere = workspace === null ? undefined : { workspace, closed: join(base, 'sessions/talk/containers') };
    const files = await AgentFiles.create({ runDir, alias, contexts: [], elsewhere });
    const runner = new DockerRunner({
      needs: { ...KEPT, ...needs },
      files,
      alias,
      owner: '1000:1000',
      source: { variables: { DOCKER_HOST: `unix://${fake.socketPath}` }, home: null, cwd: base },
      variables: {},
      readable: [],
      kept: { session: 'talk', agent: 'writer', folder },
      clock: createRealClock(),
    });
    onTestFinished(() => runner.dispose());
    expect(await runner.findProblem()).toBeNull();
    const ask = async (command: string, more: Partial<CommandRequest> = {}): Promise<string> => {
      const signal = new AbortController().signal;
      const request = { command, folder: files.workspace, access: PLAIN, signal, ...more };
      const { stdout, stderr } = await runner.run(request);
      return stdout + stderr;
    };
    return { runner, files, run: ask };
  };
  return { fake, base, folder, turn };
}

async function writeFinishedLog(runsDir: string, run: string): Promise<void> {
  const scrap = await createRunLog({
    runsDir: join(runsDir, '..', 'logs'),
    clock: createRealClock(),
    redact: createRedactor({ secrets: [] }),
    createId: () => run,
  });
  const start = { question: 'q', team: 't', agents: [], settings: DEFAULT_SETTINGS, seed: 1, version: '0' };
  await scrap.append({ type: 'run.started', data: start }).committed;
  await scrap.append({ type: 'run.finished', data: { outcome: 'answered', reason: 'r' } }).committed;
  await scrap.close();
  await copyFile(join(scrap.dir, 'run.jsonl'), join(runsDir, run, 'run.jsonl'));
}

test('the container stays, and the next question works in it, in a workspace of its own', async () => {
  const { fake, base, turn } = await session();
  const first = await turn('one');
  expect(await first.run('echo 1 > a; pwd')).toBe(`${first.files.workspace}\n`);
  await first.runner.dispose();
  expect(fake.calls).not.toContain('DELETE /containers/ID');
  const second = await turn('two', {}, 'agent2');
  expect(await second.run('ls; pwd')).toBe(`${second.files.workspace}\n`);
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  expect(fake.calls).not.toContain('POST /containers/ID/restart');
  expect(second.files.workspace).toBe(join(base, 'sessions/talk/containers/0123456789ab/workspaces/2'));
});

test('it is made with the folders of the session, and found by labels: every field that differs from another one', async () => {
  const { fake, base, folder, turn } = await session();
  const first = await turn('one');
  await first.run('true');
  const [created] = fake.of('POST /containers/create');
  expect(created?.query).toEqual({ name: expect.stringMatching(/^massgen-talk-writer-[0-9a-f]{6}$/) as string });
  const body = created?.body as { Labels: object; HostConfig: { Mounts: object[]; Tmpfs: object } };
  expect(body.Labels).toEqual({
    'massgen.session': 'talk',
    'massgen.agent': 'writer',
    'massgen.kept': folder,
    'massgen.writes': 'no',
    'massgen.host': hostname(),
    'massgen.idle-ms': '3600000',
    'massgen.digest': expect.stringMatching(
      /^image=\w{12} limits=\w{12} network=\w{12} mounts=\w{12} credentials=\w{12}$/,
    ) as string,
  });
  const bind = (path: string, to: string, isWritable: boolean): object => ({
    Type: 'bind',
    Source: path,
    Target: to,
    ReadOnly: !isWritable,
  });
  expect(body.HostConfig.Mounts).toEqual([
    bind(join(folder, 'seen'), join(base, 'runs'), false),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((each) =>
      bind(join(folder, `workspaces/${each}`), join(folder, `workspaces/${each}`), true),
    ),
    bind(join(folder, 'home'), '/home/massgen', true),
  ]);
  expect(body.HostConfig.Tmpfs).toEqual({});
  expect(fake.of('GET /containers/json').at(-1)?.query).toEqual({
    all: 'true',
    filters: JSON.stringify({
      label: [
        'massgen.session=talk',
        'massgen.agent=writer',
        `massgen.kept=${folder}`,
        'massgen.writes=no',
        `massgen.host=${hostname()}`,
      ],
    }),
  });
});

test('what the agent may read of the run is there while it may, and nothing of the question before', async () => {
  const { folder, turn } = await session();
  const first = await turn('one');
  const [kept] = await first.files.keepOutput('long', 'run_command');
  await writeFile(join(first.files.workspace, 'a.txt'), 'mine');
  await first.files.takeSnapshot('agent2.1');
  await first.run('true', { access: { ...PLAIN, labels: ['agent2.1'] } });
  const name = kept?.slice(first.files.runsDir.length) ?? '';
  expect(await readFile(join(folder, 'seen', name), 'utf8')).toBe('long');
  expect(await readFile(join(folder, 'seen/one/snapshots/agent2.1/a.txt'), 'utf8')).toBe('mine');
  await writeFile(join(first.files.runDir, 'tool-output/agent1/more.txt'), 'more');
  await first.run('true');
  expect(await readFile(join(folder, 'seen/one/tool-output/agent1/more.txt'), 'utf8')).toBe('more');
  await expect(access(join(folder, 'seen/one/snapshots/agent2.1'))).rejects.toThrow('ENOENT');
  await first.runner.dispose();
  const second = await turn('two');
  await second.run('true');
  await expect(access(join(folder, 'seen/one'))).rejects.toThrow('ENOENT');
});

test('a process after that one finds it, and nothing that the other has left running', async () => {
  const { fake, turn } = await session();
  const first = await turn('one');
  await first.run('true');
  await first.runner.dispose();
  const [container] = [...fake.containers.values()];
  // As an engine numbers it that this process has not made it with.
  if (container) fake.rename(container, 'made-before');
  const second = await turn('two');
  expect(await second.run('echo there')).toBe('there\n');
  expect(fake.of('POST /containers/ID/restart').map(({ query }) => query)).toEqual([{ t: '0' }]);
  expect(fake.of('POST /containers/create')).toHaveLength(1);
});

test('a container that was stopped meanwhile is started again', async () => {
  const { fake, turn } = await session();
  const first = await turn('one');
  await first.run('true');
  await first.runner.dispose();
  const [container] = [...fake.containers.values()];
  if (container) container.isRunning = false;
  const second = await turn('two');
  expect(await second.run('echo there')).toBe('there\n');
  expect(fake.of('POST /containers/create')).toHaveLength(1);
});

test.each<[string, Partial<DockerNeeds>, string]>([
  ['memory', { memoryBytes: 1024 ** 3 }, 'since its limits are not what it was made with'],
  ['network', { network: 'bridge' }, 'since its network is not what it was made with'],
  ['credentials', { variables: { ...NEEDS.variables, named: ['HOME'] } }, 'since its credentials are not what'],
  ['image', { image: 'acme:1', cpus: 2 }, 'since its image and limits are not what it was made with'],
])('with another %s it is replaced, and that is told', async (_, needs, why) => {
  const { fake, turn } = await session();
  fake.images.set('acme:1', { Id: 'sha256:acme', Config: { Env: [], User: '' } });
  const first = await turn('one');
  await first.run('true');
  await first.runner.dispose();
  const second = await turn('two', needs);
  const told: string[] = [];
  await second.runner.prepare((message) => told.push(message));
  expect(told).toEqual([expect.stringContaining(`The container of this session was made anew, ${why}`)]);
  expect(await second.run('true')).toMatch(
    /what was installed in the old one is gone\. Its home folder is as it was\.\n$/,
  );
  expect(await second.run('true')).toBe('');
  expect(fake.of('DELETE /containers/ID')).toHaveLength(1);
  expect(fake.containers.size).toBe(1);
});

test('an image of the same name but another content is another one', async () => {
  const { fake, turn } = await session();
  const first = await turn('one');
  await first.run('true');
  await first.runner.dispose();
  fake.images.set(NEEDS.image, { Id: 'sha256:newer', Config: { Env: [], User: '' } });
  const second = await turn('two');
  expect(await second.run('true')).toContain('since its image is not what it was made with');
});

test('two runs of a session at once do not share it', async () => {
  const { fake, turn } = await session();
  const first = await turn('one');
  await first.run('true');
  const second = await turn('two');
  expect(second.runner.warnings).toEqual([
    'Another run of this session uses the container of this agent, so that this run has one of its own, which does not stay.',
  ]);
  await second.run('true');
  expect(fake.containers.size).toBe(2);
  await second.runner.dispose();
  expect([...fake.containers.values()].map(({ labels }) => labels['massgen.session'])).toEqual(['talk']);
  await first.runner.dispose();
  expect((await turn('three')).runner.warnings).toEqual([]);
});

test('another process that works with it keeps it, and one that was killed does not', async () => {
  const { folder, turn } = await session();
  await mkdir(folder, { recursive: true });
  const mark = (pid: number): string => join(folder, `held-${pid}-${hostname()}`);
  await writeFile(mark(process.ppid), '');
  expect((await turn('one')).runner.warnings).toHaveLength(1);
  await rm(mark(process.ppid));
  await writeFile(mark(999_999_999), '');
  expect((await turn('two')).runner.warnings).toEqual([]);
  await expect(access(mark(999_999_999))).rejects.toThrow('ENOENT');
});

test('it is removed when no question has used it for long, and when its session is gone', async () => {
  const { fake, folder, base, turn } = await session();
  const other = async (run: string): Promise<Turn> => turn(run, { keptMs: null });
  const first = await turn('one');
  await first.run('true');
  await first.runner.dispose();
  const elsewhere = await session();
  const left = [...fake.containers.values()][0];
  for (const [id, kept] of [
    ['gone', join(base, 'sessions/deleted/containers/0')],
    ['idle', join(elsewhere.base, 'idle')],
    ['fresh', join(elsewhere.base, 'fresh')],
  ] as const) {
    const labels = { ...left?.labels, 'massgen.kept': kept };
    fake.containers.set(id, { id, name: id, labels, body: {}, isRunning: true, isOutOfMemory: false });
  }
  for (const [name, seconds] of Object.entries({ idle: 3_601, fresh: 60 })) {
    const used = join(elsewhere.base, name, 'used');
    await mkdir(join(elsewhere.base, name));
    await writeFile(used, '');
    const at = Date.now() / 1000 - seconds;
    await utimes(used, at, at);
  }
  const ids = (): string[] => [...fake.containers.keys()];
  const second = await turn('two');
  await expect.poll(ids, PATIENCE).toEqual([left?.id, 'fresh']);
  await second.runner.dispose();
  // Nor does it stay where the config does not want that any more.
  const last = await other('three');
  await expect.poll(ids, PATIENCE).toEqual(['fresh']);
  await last.run('true');
  await last.runner.dispose();
  expect(ids()).toEqual(['fresh']);
  expect(await access(folder)).toBeUndefined();
});

test('the workspace of a run stays its own until it is over, and is then moved to its folder for a later one', async () => {
  const { base, folder, turn } = await session();
  const first = await turn('r1');
  expect(await first.run('echo mine > a.txt; ln -s a.txt link; cat link')).toBe('mine\n');
  await first.runner.dispose();
  expect((await turn('r1')).files.workspace).toBe(first.files.workspace);
  for (let each = 2; each <= 8; each += 1) await (await turn(`r${each}`)).runner.dispose();
  const ninth = await turn('r9');
  expect(ninth.files.workspace).toBe(join(base, 'runs/r9/workspaces/agent1'));
  expect(ninth.runner.warnings).toEqual([
    'The workspace of this run lies apart from those of its session, so its container does not stay.',
  ]);
  await writeFinishedLog(join(base, 'runs'), 'r1');
  const tenth = await turn('r10');
  expect(tenth.files.workspace).toBe(join(folder, 'workspaces/1'));
  expect(await tenth.run('ls')).toBe('');
  expect(await readFile(join(base, 'runs/r1/workspaces/agent1/link'), 'utf8')).toBe('mine\n');
  await rm(join(base, 'runs/r2'), { recursive: true });
  expect((await turn('r11')).files.workspace).toBe(join(folder, 'workspaces/2'));
});
