import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isProcessAlive } from '../../../src/platform/process-alive.ts';
import { NEEDS, runnerBench } from './runner-bench.ts';

const PATIENCE = { timeout: 10_000 };

test('a command runs in a container of its agent, which is made once and removed after it', async () => {
  const { runner, request, fake } = await runnerBench();
  expect(await runner.findProblem()).toBeNull();
  expect(await runner.run(request('echo hello > a.txt; cat a.txt; echo oops >&2; exit 3'))).toEqual({
    exitCode: 3,
    stdout: 'hello\n',
    stderr: 'oops\n',
  });
  expect((await runner.run(request('cat a.txt'))).stdout).toBe('hello\n');
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  await runner.dispose();
  expect(fake.of('DELETE /containers/ID').map(({ query }) => query)).toEqual([{ force: 'true', v: 'true' }]);
  expect([...fake.containers.values()]).toEqual([]);
});

test('the container is closed: every field that the engine is sent', async () => {
  const { runner, request, fake, files } = await runnerBench();
  await runner.findProblem();
  await runner.run(request('true'));
  const [created] = fake.of('POST /containers/create');
  expect(created?.query).toEqual({ name: expect.stringMatching(/^massgen-run-agent1-[0-9a-f]{6}$/) as string });
  const bind = (path: string, isWritable = false, to = path): object => ({
    Type: 'bind',
    Source: path,
    Target: to,
    ReadOnly: !isWritable,
  });
  expect(created?.body).toEqual({
    Image: 'massgen/mcp-runtime:latest',
    Entrypoint: ['/bin/sh', '-c', 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait $!; done'],
    Cmd: [],
    User: '1000:1000',
    WorkingDir: '/',
    Tty: false,
    OpenStdin: false,
    Labels: {
      'massgen.run': 'run',
      'massgen.agent': 'agent1',
      'massgen.host': hostname(),
      'massgen.pid': String(process.pid),
    },
    HostConfig: {
      Memory: 4_294_967_296,
      MemorySwap: 4_294_967_296,
      PidsLimit: 512,
      NetworkMode: 'none',
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: [],
      SecurityOpt: ['no-new-privileges:true'],
      IpcMode: 'private',
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Tmpfs: { '/home/massgen': 'rw,exec,nosuid,nodev,size=1073741824,uid=1000,gid=1000,mode=0700' },
      // The inner one lies on the outer one, in whatever order they are sent.
      Mounts: [
        bind(join(files.runDir, 'code/agent1')),
        bind(join(files.runDir, 'subagents/agent1')),
        bind(files.workspace, true),
        bind(join(files.runDir, 'tool-output/agent1')),
        bind(join(files.runDir, 'views/agent1'), false, files.snapshots),
      ],
    },
  });
});

test('a command is sent with nothing of this program’s environment', async () => {
  const { runner, request, fake, files } = await runnerBench({}, { variables: { OPENAI_API_KEY: 'sk-secret' } });
  await runner.findProblem();
  await runner.run(request('true'));
  const [exec] = fake.of('POST /containers/ID/exec');
  const path = process.env['PATH'] ?? '';
  expect(exec?.body).toEqual({
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd: [
      '/bin/sh',
      '-c',
      expect.stringContaining('MASSGEN_COMMAND="$1"') as string,
      'sh',
      expect.any(String) as string,
      'true',
    ],
    Env: [
      'MASSGEN_DEPTH=1',
      `PATH=${files.workspace}/.venv/bin:${path}`,
      'HOME=/home/massgen',
      'LANG=C.UTF-8',
      'TERM=dumb',
      'USER=agent',
      'LOGNAME=agent',
      'SHELL=/bin/sh',
      'CI=1',
      'npm_config_fetch_retries=0',
      'PIP_RETRIES=0',
    ],
    WorkingDir: files.workspace,
  });
  expect(JSON.stringify(fake.asked)).not.toContain('sk-secret');
});

test('memory, processors, network and sudo are as the config says', async () => {
  const { runner, request, fake } = await runnerBench({
    memoryBytes: 512 * 1024 ** 2,
    cpus: 1.5,
    network: 'bridge',
    hasSudo: true,
  });
  await runner.findProblem();
  await runner.run(request('true'));
  const body = fake.of('POST /containers/create')[0]?.body as { User?: string; HostConfig: object };
  expect(body).not.toHaveProperty('User');
  expect(body.HostConfig).toMatchObject({
    Memory: 536_870_912,
    MemorySwap: 536_870_912,
    NanoCpus: 1_500_000_000,
    NetworkMode: 'bridge',
    CapDrop: ['ALL'],
    CapAdd: ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'],
    SecurityOpt: [],
    Tmpfs: {},
  });
});

test('with a rootless engine, root in the container is the user', async () => {
  const { runner, request, fake } = await runnerBench();
  fake.info['SecurityOptions'] = ['name=seccomp,profile=builtin', 'name=rootless'];
  await runner.findProblem();
  await runner.run(request('true'));
  expect(fake.of('POST /containers/create')[0]?.body).toMatchObject({ User: '0:0' });
});

test('output comes together out of pieces of any size, and very long output is cut while it comes', async () => {
  const { runner, request, fake } = await runnerBench();
  await runner.findProblem();
  fake.pieceBytes = 3;
  expect((await runner.run(request('echo äöü; echo ß >&2'))).stdout).toBe('äöü\n');
  fake.pieceBytes = 0;
  const { stdout } = await runner.run(request('yes 0123456789 | head -c 5000000; echo; echo end'));
  expect(stdout.length).toBeLessThan(1_200_000);
  expect(stdout).toMatch(/bytes left out …\]\n[\s\S]*end\n$/);
});

test('a command that is stopped is killed with all that it started', async () => {
  const { runner, request, fake, files } = await runnerBench();
  await runner.findProblem();
  const stop = new AbortController();
  const running = runner.run(
    request('setsid sleep 1000 & echo "child $!" > child; (sleep 1000; echo x) & echo begun > begun; sleep 1000', {
      signal: stop.signal,
    }),
  );
  await expect.poll(() => readFile(join(files.workspace, 'begun'), 'utf8').catch(() => ''), PATIENCE).toBe('begun\n');
  stop.abort(new Error('late'));
  expect(await running).toMatchObject({ exitCode: null });
  const child = Number(/\d+/.exec(await readFile(join(files.workspace, 'child'), 'utf8'))?.[0]);
  await expect.poll(() => stateOf(child), PATIENCE).toMatch(/[Zg]/);
  expect(fake.calls).not.toContain('POST /containers/ID/restart');
});

test('a command that leaves something running ends all the same, and what it left ends with it', async () => {
  const { runner, request, files } = await runnerBench();
  await runner.findProblem();
  expect(await runner.run(request('sleep 1000 & echo $! > child; echo done'))).toMatchObject({
    exitCode: 0,
    stdout: 'done\n',
  });
  const child = Number(await readFile(join(files.workspace, 'child'), 'utf8'));
  await expect.poll(() => stateOf(child), PATIENCE).toMatch(/[Zg]/);
});

test('a command in the background is read, written to and stopped in the same container', async () => {
  const { runner, request, fake } = await runnerBench();
  await runner.findProblem();
  let heard = '';
  const stop = new AbortController();
  const process = await runner.start(
    request('echo ready; while read line; do echo "got $line"; done; sleep 1000', { signal: stop.signal }),
    (text) => {
      heard += text;
    },
  );
  await expect.poll(() => heard, PATIENCE).toBe('ready\n');
  expect(await process.write('äh\n')).toBe(true);
  await expect.poll(() => heard, PATIENCE).toBe('ready\ngot äh\n');
  stop.abort(new Error('stopped'));
  expect(await process.ended).toBeNull();
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  expect(fake.of('POST /containers/ID/exec')[0]?.body).toMatchObject({ AttachStdin: true });
});

test('a command reads what it is given', async () => {
  const { runner, request } = await runnerBench();
  await runner.findProblem();
  expect((await runner.run(request('cat; echo end', { input: 'äh' }))).stdout).toBe('ähend\n');
});

test('a container that has died is told of, and the next command gets a new one', async () => {
  const { runner, request, fake } = await runnerBench();
  await runner.findProblem();
  await runner.run(request('true'));
  const [container] = [...fake.containers.values()];
  if (container) fake.die(container);
  await expect(runner.run(request('true'))).rejects.toThrow(
    'The container of the commands has ended (it needed more memory than it may have). The next command gets a new one',
  );
  expect(await runner.run(request('echo again'))).toEqual({ exitCode: 0, stdout: 'again\n', stderr: '' });
  expect(fake.of('POST /containers/create')).toHaveLength(2);
});

test('only containers whose program is over are removed as left behind', async () => {
  const { runner, fake } = await runnerBench();
  const left = (id: string, labels: Record<string, string>): void => {
    fake.containers.set(id, { id, name: id, labels, body: {}, isRunning: true, isOutOfMemory: false });
  };
  left('dead', { 'massgen.run': 'r', 'massgen.host': hostname(), 'massgen.pid': '999999999' });
  left('alive', { 'massgen.run': 'r', 'massgen.host': hostname(), 'massgen.pid': String(process.ppid) });
  left('elsewhere', { 'massgen.run': 'r', 'massgen.host': 'other', 'massgen.pid': '999999999' });
  await runner.findProblem();
  await expect.poll(() => [...fake.containers.keys()], PATIENCE).toEqual(['alive', 'elsewhere']);
  expect(fake.of('GET /containers/json').map(({ query }) => query)).toEqual([
    { all: 'true', filters: `{"label":["massgen.host=${hostname()}"]}` },
  ]);
});

test('an image that is not there is fetched, and how far that is, is told', async () => {
  const { runner, request, fake } = await runnerBench({ image: 'acme/tools:2' });
  fake.registry.set('acme/tools:2', [
    '{"status":"Pulling from acme/tools","id":"2"}',
    '{"status":"Downloading","id":"a","progressDetail":{"current":25,"total":100}}',
    '{"status":"Downloading","id":"a","progressDetail":{"current":100,"total":100}}',
    '{"status":"Status: Downloaded newer image"}',
  ]);
  await runner.findProblem();
  const told: string[] = [];
  await runner.prepare((message) => told.push(message));
  expect(told).toEqual([
    'Fetching the image acme/tools:2.',
    'Fetching the image acme/tools:2: 25 %',
    'Fetching the image acme/tools:2: 100 %',
  ]);
  expect(fake.of('POST /images/create').map(({ query }) => query)).toEqual([{ fromImage: 'acme/tools', tag: '2' }]);
  expect((await runner.run(request('echo there'))).stdout).toBe('there\n');
});

test('an agent that is done waits for no image', async () => {
  const { runner, fake } = await runnerBench({ image: 'acme/tools:2' });
  fake.isSilent = true;
  fake.registry.set('acme/tools:2', ['{"status":"Downloading","id":"a","progressDetail":{"current":25,"total":100}}']);
  await runner.findProblem();
  const begun = Promise.withResolvers<void>();
  const prepared = runner.prepare((message) => message.endsWith('25 %') && begun.resolve());
  const fault = prepared.catch((error: unknown) => String(error));
  await begun.promise;
  await runner.dispose();
  expect(await fault).toBe('Error: The run has ended.');
  await vi.waitFor(() => expect(fake.leftPulls).toBe(1), 10_000);
  expect(fake.of('POST /containers/create')).toEqual([]);
});

test.each([
  ['is nowhere', undefined, 'pull access denied for acme/none:latest'],
  ['breaks off', ['{"error":"unexpected EOF","errorDetail":{"message":"unexpected EOF"}}'], 'unexpected EOF'],
])('an image that %s: the reason and what to do', async (_, lines, why) => {
  const { runner, request, fake } = await runnerBench({ image: 'acme/none' });
  if (lines) fake.registry.set('acme/none:latest', lines);
  await runner.findProblem();
  await expect(runner.run(request('true'))).rejects.toThrow(
    `The image acme/none is not there and could not be fetched (${why}). Make it, fetch it with "docker pull acme/none", or name another with command_line_docker_image.`,
  );
});

test('packages are installed once, in a container without files and variables, and kept as an image', async () => {
  const first = await runnerBench({ packages: { python: ['requests'], npm: ['it’s'], system: [] } });
  const shim = join(first.base, 'bin');
  await mkdir(shim);
  for (const name of ['python3', 'npm']) {
    await writeFile(join(shim, name), `#!/bin/sh\necho "${name} $@" >> ${first.base}/installed\n`, { mode: 0o755 });
  }
  const path = process.env['PATH'];
  process.env['PATH'] = `${shim}:${path}`;
  const told: string[] = [];
  try {
    await first.runner.findProblem();
    await first.runner.prepare((message) => told.push(message));
  } finally {
    process.env['PATH'] = path;
  }
  expect(told).toEqual(['Installing Python packages (requests).', 'Installing npm packages (it’s).']);
  expect(await readFile(join(first.base, 'installed'), 'utf8')).toBe(
    'python3 -m pip install --no-input --disable-pip-version-check requests\nnpm install --global --no-fund --no-audit it’s\n',
  );
  const [builder, own] = first.fake
    .of('POST /containers/create')
    .map(({ body }) => body as { Image: string; HostConfig: object });
  expect(builder).toMatchObject({ Image: 'sha256:base', HostConfig: { NetworkMode: 'bridge', Mounts: [] } });
  expect(own).toMatchObject({
    Image: expect.stringMatching(/^massgen-packages:[0-9a-f]{16}$/) as string,
    HostConfig: { NetworkMode: 'none' },
  });
  const [commit] = first.fake.of('POST /commit');
  expect(commit?.query).toMatchObject({ repo: 'massgen-packages', changes: 'USER massgen' });
  expect(`massgen-packages:${String(commit?.query['tag'])}`).toBe(own?.Image);
  await first.runner.dispose();
  expect([...first.fake.containers.keys()]).toEqual([]);
});

test('packages are installed no further when nobody waits for them', async () => {
  const { runner, base, fake } = await runnerBench({ packages: { python: ['slow'], npm: [], system: [] } });
  const shim = join(base, 'bin');
  await mkdir(shim);
  await writeFile(join(shim, 'python3'), `#!/bin/sh\necho $$ > ${base}/pid\nexec sleep 60\n`, { mode: 0o755 });
  const path = process.env['PATH'];
  process.env['PATH'] = `${shim}:${path}`;
  let pid = 0;
  try {
    await runner.findProblem();
    const prepared = runner.prepare(() => undefined).catch(() => undefined);
    await vi.waitFor(async () => {
      pid = Number(await readFile(join(base, 'pid'), 'utf8'));
      expect(pid).toBeGreaterThan(0);
    }, 10_000);
    await runner.dispose();
    await prepared;
  } finally {
    process.env['PATH'] = path;
  }
  expect([...fake.containers.keys(), ...fake.of('POST /commit')]).toEqual([]);
  await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false), 10_000);
});

test('who comes while packages are given up has them installed anew', async () => {
  const needs = { packages: { python: ['slow'], npm: [], system: [] } };
  const first = await runnerBench(needs);
  const variables = { DOCKER_HOST: `unix://${first.fake.socketPath}` };
  const second = await runnerBench(needs, { variables });
  const shim = join(first.base, 'bin');
  await mkdir(shim);
  const once = `#!/bin/sh\n[ -e ${first.base}/begun ] && exit 0\n: > ${first.base}/begun\nexec sleep 60\n`;
  await writeFile(join(shim, 'python3'), once, { mode: 0o755 });
  const path = process.env['PATH'];
  process.env['PATH'] = `${shim}:${path}`;
  try {
    await Promise.all([first.runner.findProblem(), second.runner.findProblem()]);
    const prepared = first.runner.prepare(() => undefined).catch(() => undefined);
    await vi.waitFor(() => access(join(first.base, 'begun')), 10_000);
    await Promise.all([first.runner.dispose(), prepared, second.runner.prepare(() => undefined)]);
  } finally {
    process.env['PATH'] = path;
  }
  expect(first.fake.of('POST /commit')).toHaveLength(1);
  await second.runner.dispose();
});

test('packages that cannot be installed are told, and commands run without them', async () => {
  const { runner, request, fake } = await runnerBench({ packages: { python: [], npm: [], system: ['--evil'] } });
  await runner.findProblem();
  expect(await runner.run(request('echo there'))).toEqual({
    exitCode: 0,
    stdout: 'there\n',
    stderr:
      'The packages of the container were not installed, and it works without them: --evil is no name of a package.\n',
  });
  expect((await runner.run(request('true'))).stderr).toBe('');
  expect(fake.of('POST /containers/create').at(-1)?.body).toMatchObject({ Image: NEEDS.image });
});

async function stateOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') gone')).split(') ')[1]?.slice(0, 1) ?? '';
}
