import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Access } from '../../../src/workspace/agent-files.ts';
import { resolveContextPaths } from '../../../src/workspace/context-paths.ts';
import { runnerBench } from './runner-bench.ts';

interface Mounted {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
}

const PRESENTING: Access = { mayWriteContext: true, labels: [] };

function mountsOf(body: unknown): Mounted[] {
  return (body as { HostConfig: { Mounts: Mounted[] } }).HostConfig.Mounts;
}

/** What a container sees of a folder, as `path: how`. */
function seen(body: unknown, folder: string): string[] {
  const inside = mountsOf(body).filter(({ Target: target }) => target === folder || target.startsWith(`${folder}/`));
  return inside
    .map(({ Type: type, Source: source, Target: target, ReadOnly: isReadOnly }) => {
      const how = type === 'tmpfs' ? 'hidden' : isReadOnly ? 'read' : 'write';
      return `${target.slice(folder.length) || '.'}: ${how}${source === target || type === 'tmpfs' ? '' : ' elsewhere'}`;
    })
    .toSorted();
}

async function project(base: string): Promise<void> {
  for (const folder of ['project/.git/hooks', 'project/src/node_modules/x', 'project/kept', 'notes']) {
    await mkdir(join(base, folder), { recursive: true });
  }
  await writeFile(join(base, 'project/.env'), 'KEY=1');
  await symlink(join(base, 'notes'), join(base, 'project/link'));
}

test('context paths are read-only until an agent presents, and what is protected in them stays so', async () => {
  const { runner, request, fake, base } = await runnerBench(
    {},
    {
      contexts: async (folder) => {
        await project(folder);
        const paths = [
          { path: 'project', permission: 'write' as const, protectedPaths: ['kept', 'not-there'] },
          { path: 'notes', permission: 'read' as const, protectedPaths: [] },
        ];
        return resolveContextPaths(paths, folder, () => undefined);
      },
    },
  );
  await runner.findProblem();
  await runner.run(request('true'));
  await runner.run(request('true', { access: PRESENTING }));
  await runner.run(request('true'));
  const [first, second, third] = fake.of('POST /containers/create').map(({ body }) => body);
  expect(third).toBeUndefined();
  expect([seen(first, join(base, 'project')), seen(first, join(base, 'notes'))]).toEqual([['.: read'], ['.: read']]);
  expect([seen(second, join(base, 'project')), seen(second, join(base, 'notes'))]).toEqual([
    ['.: write', '/.env: read', '/.git: read', '/kept: read', '/src/node_modules: read'],
    ['.: read'],
  ]);
});

test('where nothing of the user’s may be written, who presents stays in its container', async () => {
  const { runner, request, fake } = await runnerBench();
  await runner.findProblem();
  await runner.run(request('true'));
  await runner.run(request('true', { access: PRESENTING }));
  expect(fake.of('POST /containers/create')).toHaveLength(1);
});

test('a context path around the runs does not open the runs', async () => {
  const { runner, request, fake, base, files } = await runnerBench(
    {},
    {
      contexts: (folder) =>
        resolveContextPaths([{ path: '.', permission: 'read', protectedPaths: [] }], folder, () => undefined),
    },
  );
  await runner.findProblem();
  await runner.run(request('true'));
  const [created] = fake.of('POST /containers/create');
  const all = seen(created?.body, base);
  expect(all.filter((each) => /^\.:|^\/runs:/.test(each))).toEqual(['.: read', '/runs: hidden']);
  expect(all).toContain(`${files.workspace.slice(base.length)}: write`);
});

test('the files of an answer are there from the moment that the agent is shown it', async () => {
  const { runner, request, files } = await runnerBench();
  await runner.findProblem();
  for (const label of ['agent2.1', 'agent3.1']) {
    await mkdir(join(files.snapshots, label, 'sub'), { recursive: true });
    await writeFile(join(files.snapshots, label, 'sub/a.txt'), label);
    await chmod(join(files.snapshots, label, 'sub/a.txt'), 0o444);
  }
  const view = join(files.runDir, 'views/agent1');
  const list = async (labels: string[]): Promise<string> =>
    (await runner.run(request(`cd ${view} && find . -type f | sort`, { access: { mayWriteContext: false, labels } })))
      .stdout;
  expect(await list([])).toBe('');
  expect(await list(['agent2.1'])).toBe('./agent2.1/sub/a.txt\n');
  expect(await list(['agent2.1', 'agent3.1'])).toBe('./agent2.1/sub/a.txt\n./agent3.1/sub/a.txt\n');
  expect(await list(['agent3.1', 'agent9.1'])).toBe('./agent3.1/sub/a.txt\n');
  expect(await readFile(join(files.snapshots, 'agent2.1/sub/a.txt'), 'utf8')).toBe('agent2.1');
});

test('credentials that the config names are mounted read-only, further mounts as they say; the engine itself never', async () => {
  const { runner, request, fake, home, base } = await runnerBench({
    credentials: ['ssh_keys', 'git_config', 'npm_config'],
    mounts: [
      { from: '~/cache', to: '/cache', isWritable: true },
      { from: 'data', to: '/data', isWritable: false },
      { from: 'engine', to: '/engine', isWritable: false },
      { from: '/', to: '/host', isWritable: false },
      { from: 'data', to: 'relative', isWritable: false },
    ],
  });
  await Promise.all([mkdir(join(home, '.ssh')), mkdir(join(home, 'cache')), mkdir(join(base, 'data'))]);
  await writeFile(join(home, '.gitconfig'), '');
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(join(base, 'docker.sock'), resolve));
  onTestFinished(() => void socket.close());
  await symlink(join(base, 'docker.sock'), join(base, 'engine'));
  await runner.findProblem();
  await runner.run(request('true'));
  const mounts = mountsOf(fake.of('POST /containers/create')[0]?.body);
  expect(mounts.filter(({ Source: source }) => /home|data|engine/.test(source ?? ''))).toEqual([
    { Type: 'bind', Source: join(home, '.ssh'), Target: '/home/massgen/.ssh', ReadOnly: true },
    { Type: 'bind', Source: join(home, '.gitconfig'), Target: '/home/massgen/.gitconfig', ReadOnly: true },
    { Type: 'bind', Source: join(home, 'cache'), Target: '/cache', ReadOnly: false },
    { Type: 'bind', Source: join(base, 'data'), Target: '/data', ReadOnly: true },
  ]);
  expect(runner.warnings).toEqual([
    'npm_config is not mounted into the container: it is not there.',
    'engine is not mounted into the container: that would hand over the engine itself.',
    '/ is not mounted into the container: that would be all files of this machine.',
    'data is not mounted into the container: bind has to be an absolute path below /.',
  ]);
});

test('a container gets the variables that the config names, and those of its file', async () => {
  const { runner, request, fake, base } = await runnerBench(
    { variables: { file: 'c.env', onlyOfFile: ['A'], named: ['TOKEN', 'GONE', 'PATH'], all: false } },
    { variables: { TOKEN: 't', OPENAI_API_KEY: 'sk-secret', PATH: '/evil' } },
  );
  await writeFile(join(base, 'c.env'), 'A=1\nB=2\n');
  await runner.findProblem();
  expect((await runner.run(request('echo $A-$B-$TOKEN-$OPENAI_API_KEY; echo $PATH'))).stdout).toMatch(
    /^1--t-\n(?!\/evil)/,
  );
  expect(runner.warnings).toEqual(['The variable GONE that the container shall get is not set.']);
  expect(JSON.stringify(fake.of('POST /containers/create'))).not.toMatch(/TOKEN|sk-secret/);
});

test('all variables are all but those whose names mean secrets, unless they are named', async () => {
  const { runner, request } = await runnerBench(
    { variables: { file: null, onlyOfFile: null, named: ['GH_TOKEN'], all: true } },
    { variables: { PLAIN: 'p', GH_TOKEN: 't', OPENAI_API_KEY: 'sk-secret', HOME: '/root' } },
  );
  await runner.findProblem();
  expect((await runner.run(request('echo $PLAIN-$GH_TOKEN-$OPENAI_API_KEY-$HOME'))).stdout).toBe(
    'p-t--/home/massgen\n',
  );
  expect(runner.warnings).toEqual([
    'pass_all_env leaves out 1 variables whose names mean secrets; env_vars passes single ones.',
  ]);
});

test('an engine that does not answer keeps commands from running, in a sentence', async () => {
  const { runner, fake } = await runnerBench();
  const { DockerRunner } = await import('../../../src/workspace/docker/docker-runner.ts');
  expect(await runner.findProblem()).toBeNull();
  const gone = await runnerBench({}, { variables: { DOCKER_HOST: `unix://${fake.socketPath}.gone` } });
  expect(gone.runner).toBeInstanceOf(DockerRunner);
  expect(await gone.runner.findProblem()).toBe(
    `Commands cannot run in containers. The Docker engine at ${fake.socketPath}.gone cannot be used (ENOENT): install Docker (https://docs.docker.com/engine/install) and start it, or set DOCKER_HOST.`,
  );
});
