import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CommandNeeds } from '../../src/config/tool-needs.ts';
import type { JsonObject } from '../../src/events/json.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import type { ToolHost } from '../../src/tools/tool-host.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { temporaryFolder } from './files/agent-desk.ts';
import { commandNeeds } from '../support/command-needs.ts';
import { hasSandbox } from '../support/sandbox.ts';

const RULES: CommandNeeds = { mode: 'sandbox', allowed: [], blocked: ['forbidden'], network: false };

interface Bench {
  host: ToolHost;
  workspace: string;
  call: (name: string, args: JsonObject) => Promise<ToolResult>;
}

async function bench(rules: Partial<CommandNeeds> = {}): Promise<Bench> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const host = await createToolHost({
    needs: commandNeeds({ ...RULES, ...rules }),
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0.0.0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  return {
    host,
    workspace: host.files?.workspace ?? '',
    call: async (name, args) => {
      const tool = host.tools().find(({ spec }) => spec.name === name);
      if (!tool) return { output: `no tool ${name}`, isError: true };
      return runToolCall(tool, args, host.rules, { signal: new AbortController().signal });
    },
  };
}

describe.runIf(hasSandbox)('a command in the background', () => {
  test('is read while it runs, takes input, and tells how it ended', async () => {
    const { call } = await bench();
    const started = await call('start_command', { command: 'echo ready; read line; echo "got $line"; exit 3' });
    expect(started.output).toContain('command-1 runs.');
    expect((await call('read_command', { id: 'command-1', wait: 30 })).output).toBe('It still runs.\nready');
    expect((await call('write_command', { id: 'command-1', text: 'hello\n' })).output).toBe('Written.');
    const outputs: string[] = [];
    while (!outputs.at(-1)?.startsWith('It has ended')) {
      outputs.push((await call('read_command', { id: 'command-1', wait: 30 })).output);
    }
    expect([
      outputs.join('\n').includes('got hello'),
      outputs.at(-1)?.slice(0, 'It has ended with exit code 3.'.length),
    ]).toEqual([true, 'It has ended with exit code 3.']);
    expect((await call('write_command', { id: 'command-1', text: 'x' })).isError).toBe(true);
  });

  test('is ended with all that it has started, by stop_command and with the agent', async () => {
    const { call, host, workspace } = await bench();
    await call('start_command', { command: 'sleep 1000 & sleep 1000' });
    expect((await call('stop_command', { id: 'command-1' })).output).toBe('It was stopped. Nothing new was written.');
    await call('start_command', {
      command: 'trap "" TERM HUP; date > alive; echo on; while :; do date +%N > alive; done',
    });
    expect((await call('read_command', { id: 'command-2', wait: 15 })).output).toMatch(/on$/);
    await host.dispose();
    const last = await readFile(join(workspace, 'alive'), 'utf8').catch(() => '');
    expect(existsSync(join(workspace, 'alive'))).toBe(true);
    expect(await readFile(join(workspace, 'alive'), 'utf8')).toBe(last);
  });

  test('keeps to the rules for commands, to the workspace and to ten at once', async () => {
    const { call, workspace } = await bench();
    expect((await call('start_command', { command: 'forbidden' })).output).toContain('was not started');
    expect((await call('start_command', { command: 'true', work_dir: '/etc' })).isError).toBe(true);
    await call('start_command', { command: 'touch /etc/evil; ls /home; cat /proc/1/environ; touch inside' });
    expect((await call('read_command', { id: 'command-7' })).output).toContain('There is no command "command-7"');
    while (!(await call('read_command', { id: 'command-1', wait: 30 })).output.startsWith('It has ended'));
    expect([existsSync('/etc/evil'), existsSync(join(workspace, 'inside'))]).toEqual([false, true]);
    const started = await Promise.all(
      Array.from({ length: 12 }, () => call('start_command', { command: 'sleep 1000' })),
    );
    expect(started.filter(({ output }) => output.includes('10 commands run already'))).toHaveLength(2);
    expect((await call('start_command', { command: 'sleep 1000' })).output).toContain('10 commands run already');
  });

  test('several that are started at once have ids of their own, and all end with the agent', async () => {
    const { call, host, workspace } = await bench();
    const started = await Promise.all(
      ['a', 'b', 'c'].map((name) => call('start_command', { command: `echo $$ > ${name}; sleep 1000` })),
    );
    expect(new Set(started.map(({ output }) => output.split(' ')[0]))).toEqual(
      new Set(['command-1', 'command-2', 'command-3']),
    );
    await host.dispose();
    expect((await call('start_command', { command: 'touch late' })).isError).toBe(true);
    expect(existsSync(join(workspace, 'late'))).toBe(false);
  });

  test('loses only the oldest of what nobody reads', async () => {
    const { call } = await bench();
    await call('start_command', { command: 'yes 0123456789 | head -c 1000000; echo end' });
    let all = '';
    while (!all.includes('has ended')) all = (await call('read_command', { id: 'command-1', wait: 30 })).output;
    expect(all.length).toBeLessThan(210_000);
  });

  test('has limits of memory and processes, as any command', async () => {
    const { call } = await bench();
    const limits = await call('run_command', { command: 'ulimit -d; ulimit -p || ulimit -u; ulimit -f; ulimit -c' });
    expect(limits.output).toBe('Exit code 0.\nOutput:\n4194304\n512\n2097152\n0');
    const greedy = 'node -e "[1, 2].map(() => Buffer.allocUnsafeSlow(3 * 1024 ** 3))"';
    expect((await call('run_command', { command: greedy })).output).toContain('Array buffer allocation failed');
  });
});

test('on the host there is no input for commands: no rule could look at it', async () => {
  const { host } = await bench({ mode: 'host' });
  const names = host.tools().map(({ spec }) => spec.name);
  expect(names.filter((name) => name.endsWith('_command'))).toEqual([
    'run_command',
    'start_command',
    'read_command',
    'stop_command',
  ]);
});
