import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { UNKNOWN_TOOL, type Tool } from '../../../src/tools/tool.ts';
import { commandNeeds } from '../../support/command-needs.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { NEEDS } from '../../workspace/docker/runner-bench.ts';
import { temporaryFolder } from '../files/agent-desk.ts';

const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;

test.runIf(hasPython)(
  'code in a container calls tools by a socket that is mounted there, read-only as its functions are',
  async () => {
    const fake = await FakeDocker.start();
    const base = await temporaryFolder();
    const runDir = join(base, 'runs', 'run');
    await mkdir(runDir, { recursive: true });
    const echo: Tool = {
      spec: {
        name: 'mcp__far__echo',
        description: 'Echoes.',
        parameters: { type: 'object', properties: { text: {} } },
      },
      origin: { server: 'far', tool: 'echo' },
      annotations: { ...UNKNOWN_TOOL, readOnly: true },
      execute: ({ text }) => Promise.resolve({ output: `heard ${JSON.stringify(text)}`, isError: false }),
    };
    const host = await createToolHost({
      needs: { ...commandNeeds({ mode: 'docker' }), docker: NEEDS, code: { direct: [], folder: null } },
      alias: 'agent1',
      runDir,
      cwd: base,
      clock: createRealClock(),
      version: '0',
      environment: { DOCKER_HOST: `unix://${fake.socketPath}` },
      extraTools: [echo],
    });
    onTestFinished(() => host.dispose());
    const run = host.tools().find(({ spec }) => spec.name === 'run_command');
    if (!run) throw new Error(host.problems.join(' '));
    const signal = new AbortController().signal;
    const callTool = (_: string, args: JsonObject): ReturnType<Tool['execute']> =>
      runToolCall(echo, args, host.rules, { signal });
    const command = `python3 -c 'from servers.far import echo; print(echo(text="hi"))'; echo $MASSGEN_NODE $MASSGEN_TOOLS_SOCKET`;
    const { output } = await runToolCall(run, { command }, host.rules, { signal, callTool });
    const [, heard, told = ''] = /Output:\nheard "(.*)"\nnode (.*)$/.exec(output) ?? [];
    expect(heard).toBe('hi');

    const [created] = fake.of('POST /containers/create');
    if (!created) throw new Error('no container was made');
    const { HostConfig } = created.body as {
      HostConfig: { Mounts: { Source: string; Target: string; ReadOnly: boolean }[] };
    };
    const wanted = [join(runDir, 'code', 'agent1'), told.replace(/\/s$/, '')];
    const mounted = HostConfig.Mounts.filter(({ Source, Target }) => Source === Target && wanted.includes(Source));
    expect(mounted.map(({ ReadOnly }) => ReadOnly)).toEqual([true, true]);
  },
);
