import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { start } from '../../src/api/run.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { FakeDocker } from '../support/fake-docker.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

interface Mounted {
  Source: string;
  Target: string;
  ReadOnly: boolean;
}

test('from a config: each question has a container of its own, whose home lasts as long as the session', async () => {
  const fake = await FakeDocker.start();
  const folder = await temporaryFolder();
  const [cwd, home] = [join(folder, 'work'), join(folder, 'home')];
  await Promise.all([mkdir(cwd), mkdir(home)]);
  await writeFile(join(cwd, 'container.env'), 'SHOP_TOKEN=t-0123456789\nCOLOUR=blue\n');
  const command = 'echo "$SHOP_TOKEN $COLOUR"';
  const backend = {
    type: 'scripted',
    model: 'script',
    enable_mcp_command_line: true,
    command_line_execution_mode: 'docker',
    command_line_docker_credentials: { env_file: 'container.env' },
    script: { turns: [{ tool_calls: [{ name: 'run_command', args: { command } }] }, { text: 'Done.' }] },
  };
  const config = {
    permissions: { unattended: 'allow-all' },
    orchestrator: { docker: { persist_containers_between_turns: true } },
    agent: { id: 'a', backend },
  };
  await writeFile(join(cwd, 'team.json'), JSON.stringify(config));
  const events: RunEvent[] = [];
  for (const question of ['One?', 'Two?']) {
    const run = start(question, {
      config: join(cwd, 'team.json'),
      cwd,
      session: 'talk',
      env: { PATH: process.env['PATH'] ?? '', HOME: home, DOCKER_HOST: `unix://${fake.socketPath}` },
      onEvent: (event) => events.push(event),
    });
    await run.result;
  }
  const outputs = events.flatMap((event) => (event.type === 'tool.finished' ? [event.data.output] : []));
  const hidden = 'Exit code 0.\nOutput:\n[redacted] blue';
  expect(outputs).toEqual([hidden, hidden]);
  const homes = fake
    .of('POST /containers/create')
    .map(({ body }) => (body as { HostConfig: { Mounts: Mounted[] } }).HostConfig.Mounts)
    .map((mounts) => mounts.find(({ Target: target }) => target === '/home/massgen'));
  const kept = join(home, '.massgen/sessions/talk/containers/a/home');
  const mount = { Type: 'bind', Source: kept, Target: '/home/massgen', ReadOnly: false };
  expect(homes).toEqual([mount, mount]);
  expect([...fake.containers.keys()]).toEqual([]);
});
