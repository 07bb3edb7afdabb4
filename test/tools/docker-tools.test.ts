import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ToolNeeds } from '../../src/config/tool-needs.ts';
import type { JsonObject } from '../../src/events/json.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import type { ToolHost } from '../../src/tools/tool-host.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { commandNeeds } from '../support/command-needs.ts';
import { FakeDocker } from '../support/fake-docker.ts';
import { NEEDS } from '../workspace/docker/runner-bench.ts';
import { temporaryFolder } from './files/agent-desk.ts';

interface Bench {
  fake: FakeDocker;
  host: ToolHost;
  base: string;
  workspace: string;
  call: (name: string, args: JsonObject, onProgress?: (message: string) => void) => Promise<ToolResult>;
}

/** The tools of an agent whose config asks for containers, beside an engine. */
async function bench(
  needs: Partial<ToolNeeds>,
  prepare?: (fake: FakeDocker, base: string) => Promise<void>,
): Promise<Bench> {
  const fake = await FakeDocker.start();
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  await prepare?.(fake, base);
  const host = await createToolHost({
    needs: { ...commandNeeds({ mode: 'docker' }), docker: NEEDS, ...needs },
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0',
    environment: { DOCKER_HOST: `unix://${fake.socketPath}`, OPENAI_API_KEY: 'sk-secret' },
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  return {
    fake,
    host,
    base,
    workspace: join(runDir, 'workspaces', 'agent1'),
    call: (name, args, onProgress) => {
      const tool = host.tools().find(({ spec }) => spec.name === name);
      if (!tool) throw new Error(`no ${name}: ${host.problems.join(' ')}`);
      return runToolCall(tool, args, host.rules, {
        signal: new AbortController().signal,
        ...(onProgress && { onProgress }),
      });
    },
  };
}

test('commands, also in the background, share one container, which is gone after the agent', async () => {
  const { call, host, fake, workspace } = await bench({});
  expect(host.problems).toEqual([]);
  expect(await call('run_command', { command: 'echo $OPENAI_API_KEY- > a; cat a; exit 3' })).toEqual({
    output: 'Exit code 3.\nOutput:\n-',
    isError: false,
  });
  expect(await readFile(join(workspace, 'a'), 'utf8')).toBe('-\n');
  await call('start_command', { command: 'read line; echo "got $line"; sleep 1000' });
  await call('write_command', { id: 'command-1', text: 'hello\n' });
  expect((await call('read_command', { id: 'command-1', wait: 10 })).output).toBe('It still runs.\ngot hello');
  expect((await call('stop_command', { id: 'command-1' })).output).toBe('It was stopped. Nothing new was written.');
  expect(fake.of('POST /containers/create')).toHaveLength(1);
  await host.dispose();
  expect([...fake.containers.keys()]).toEqual([]);
});

test('a command that takes too long is really ended', async () => {
  const { call } = await bench({});
  expect(await call('run_command', { command: 'echo begun; (sleep 1000 &) ; sleep 1000', timeout: 1 })).toEqual({
    output:
      'It was stopped after 1 seconds. If it needs longer, set timeout (at most 600), or start it with start_command.\nIt was killed.\nOutput:\nbegun',
    isError: true,
  });
});

test('the time for fetching an image is not the command’s, and is shown while it lasts', async () => {
  const { call } = await bench({ docker: { ...NEEDS, image: 'acme:1' } }, async (fake) => {
    fake.registry.set('acme:1', ['{"status":"Downloading","id":"a","progressDetail":{"current":1,"total":2}}']);
    return Promise.resolve();
  });
  const told: string[] = [];
  const result = await call('run_command', { command: 'echo there', timeout: 5 }, (message) => told.push(message));
  expect([result.output, told]).toEqual([
    'Exit code 0.\nOutput:\nthere',
    ['Fetching the image acme:1.', 'Fetching the image acme:1: 50 %'],
  ]);
});

test('where there is no Docker, there is no tool for commands, and the user is told what to do', async () => {
  const { host } = await bench({}, async (fake) => {
    fake.info = {};
    Object.defineProperty(fake, 'socketPath', { value: `${fake.socketPath}.gone` });
    return Promise.resolve();
  });
  expect(host.tools().filter(({ spec }) => spec.name.endsWith('_command'))).toEqual([]);
  expect(host.problems).toEqual([
    expect.stringMatching(/^Commands cannot run in containers\. The Docker engine at .* \(ENOENT\): install Docker/),
  ]);
});

test(
  'custom tools run in containers of their own, with a network only where their entry says so',
  { timeout: 30_000 },
  async () => {
    const tool = { functions: null, fault: null, timeoutMs: null, readOnly: false };
    const { call, host, fake, base } = await bench(
      {
        custom: {
          mode: 'docker',
          tools: [
            { ...tool, path: 'shop.py', env: { SHOP_KEY: 'k-123456' }, network: true },
            { ...tool, path: 'quiet.py', env: {}, network: false },
          ],
        },
      },
      async (_, folder) => {
        await writeFile(
          join(folder, 'shop.py'),
          'import os\n\ndef price(item: str) -> str:\n    """Says a price."""\n    return item + os.environ["SHOP_KEY"] + str(os.environ.get("OPENAI_API_KEY"))\n',
        );
        await writeFile(join(folder, 'quiet.py'), 'def quiet() -> str:\n    """Says nothing."""\n    return "hush"\n');
      },
    );
    expect(host.problems).toEqual([]);
    expect(await call('custom_tool__price', { item: 'tea ' })).toEqual({ output: 'tea k-123456None', isError: false });
    expect(await call('custom_tool__quiet', {})).toEqual({ output: 'hush', isError: false });
    const made = fake
      .of('POST /containers/create')
      .map(({ body }) => body as { HostConfig: { NetworkMode: string; Mounts: { Target: string }[] } });
    const sees = (name: string): string[] =>
      made
        .filter(({ HostConfig: { Mounts: mounts } }) =>
          mounts.some(({ Target: target }) => target === join(base, name)),
        )
        .map(({ HostConfig: { NetworkMode: network } }) => network);
    expect([sees('shop.py').toSorted(), sees('quiet.py').toSorted(), made.length]).toEqual([
      ['bridge', 'none'],
      ['bridge', 'none'],
      2,
    ]);
    expect(JSON.stringify(fake.asked)).not.toContain('k-123456');
    await host.dispose();
    expect([...fake.containers.keys()]).toEqual([]);
  },
);

test('what custom tools do not find in their containers is told once, also where there are no commands', async () => {
  const custom = { mode: 'docker' as const, tools: [] };
  const docker = { ...NEEDS, variables: { ...NEEDS.variables, named: ['GONE'] } };
  const told = ['The variable GONE that the container shall get is not set.'];
  expect((await bench({ custom, docker, commands: null })).host.problems).toEqual(told);
  expect((await bench({ custom, docker })).host.problems).toEqual(told);
});
