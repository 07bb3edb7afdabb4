import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { McpServerNeed, ToolNeeds } from '../../src/config/tool-needs.ts';
import { tellServers } from '../../src/engine/tell-servers.ts';
import { run, type ConfigObject } from '../../src/index.ts';
import { oneDeeper, requireDepth } from '../../src/platform/run-depth.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { vetVariables } from '../../src/tools/mcp/vet-command.ts';
import { runCommandLine } from '../cli/command-process.ts';
import { startLoopback } from '../support/loopback-server.ts';
import { emptyFolder, oneModel, pair, scriptedConfig } from './scripted-config.ts';

const TEAM_TOOL = fileURLToPath(new URL('team-tool-server.mjs', import.meta.url));

const NO_TOOLS: ToolNeeds = {
  hasWorkspace: false,
  asksForReading: false,
  contextPaths: [],
  mcpServers: [],
  commands: null,
};

describe('a run inside of a run', { timeout: 120_000 }, () => {
  it.each([
    [{}, 0],
    [{ MASSGEN_DEPTH: '' }, 0],
    [{ MASSGEN_DEPTH: '2' }, 2],
  ])('knows from %j how deep it is', (variables, depth) => {
    expect(requireDepth(variables)).toBe(depth);
  });

  it.each(['3', '100', '-1', '1.5', 'deep', 'Infinity'])('is not begun at depth %j', async (depth) => {
    const cwd = await emptyFolder();
    const asked = run('What?', { configObject: pair('Yes.'), cwd, env: { MASSGEN_DEPTH: depth } });
    await expect(asked).rejects.toMatchObject({ name: 'MassgenError', code: 'too-deep', exitCode: 1 });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('is one deeper for every process that an agent starts', () => {
    const first = oneDeeper({ PATH: '/bin' });
    expect([first, oneDeeper(first), oneDeeper({ MASSGEN_DEPTH: 'deep' })]).toEqual([
      { PATH: '/bin', MASSGEN_DEPTH: '1' },
      { PATH: '/bin', MASSGEN_DEPTH: '2' },
      { MASSGEN_DEPTH: 'deep' },
    ]);
  });

  it('is told to the tool servers of an agent, whatever the config says and forbids', () => {
    const security = {
      level: 'strict',
      env: { level: 'strict', mode: 'allowlist', allowed: ['A'], denied: ['MASSGEN_DEPTH'] },
    };
    const transport = { type: 'stdio', command: 'node', args: [], env: { A: '1', MASSGEN_DEPTH: '0' }, cwd: null };
    const need = { name: 'server', transport, security } as unknown as McpServerNeed;
    const { mcpServers } = tellServers({ ...NO_TOOLS, mcpServers: [need] }, { MASSGEN_DEPTH: '2' });
    const [told] = mcpServers;
    const env = told?.transport.type === 'stdio' ? vetVariables(told, told.transport.env) : null;
    expect(env).toEqual({ env: { A: '1', MASSGEN_DEPTH: '2' }, problems: [] });
  });

  it.each([
    [{}, { output: /^At depth 1: \*\*952\*\* can be made exactly:/, isError: false }],
    [{ MASSGEN_DEPTH: '2' }, { output: /^1: .*would be 3 deep/, isError: true }],
  ])(
    'can be started by an agent with a tool server, as long as it is not too deep (%j)',
    async (variables, expected) => {
      const server = { name: 'team', type: 'stdio', command: process.execPath, args: [TEAM_TOOL] };
      const security = { level: 'permissive', allowed_executables: [process.execPath, 'node'] };
      const call = { name: 'mcp__team__ask_team', args: { question: 'make 952 from 25 50 75 100 3 6' } };
      const model = await startLoopback([{ calls: [call] }, { text: 'The team has answered.' }]);
      onTestFinished(() => model.close());
      const configObject = oneModel(model.url, { mcp_servers: [{ ...server, security }] });
      const finished: { output: string; isError: boolean }[] = [];
      const { outcome } = await run('What does the team say?', {
        configObject,
        cwd: await emptyFolder(),
        env: { ...process.env, ...variables },
        onEvent: (event) => {
          if (event.type === 'tool.finished') finished.push({ output: event.data.output, isError: event.data.isError });
        },
      });
      expect({ outcome, finished }).toEqual({
        outcome: 'answered',
        finished: [{ output: expect.stringMatching(expected.output) as string, isError: expected.isError }],
      });
    },
  );

  it('has no more to spend than what the runs above it and beside it have left, and none of it none', async () => {
    const cwd = await emptyFolder();
    const spend = (answer: string): ConfigObject => ({
      ...scriptedConfig({ ann: [{ text: answer, usage: { input: 60, output: 20 } }] }),
      limits: { tokens: 1000 },
    });
    const limitOf = async (runDir: string): Promise<number | null> => {
      const [first] = await readAll(runDir);
      return first?.type === 'run.started' ? first.data.settings.limits.tokens : null;
    };
    const parent = await run('Q?', { configObject: { ...spend('Parent.'), limits: { tokens: 240 } }, cwd, env: {} });
    const env = { MASSGEN_PARENT_RUN: parent.runDir };
    const first = await run('Q?', { configObject: spend('First.'), cwd, env });
    const second = await run('Q?', { configObject: spend('Second.'), cwd, env });
    const used = parent.usage.input + parent.usage.output;
    expect([await limitOf(first.runDir), await limitOf(second.runDir)]).toEqual([240 - used, 240 - 2 * used]);
    const third = run('Q?', { configObject: spend('Third.'), cwd, env });
    await expect(third).rejects.toMatchObject({ code: 'budget-used', exitCode: 1 });
    const lost = run('Q?', { configObject: spend('Lost.'), cwd, env: { MASSGEN_PARENT_RUN: join(cwd, 'nowhere') } });
    await expect(lost).rejects.toMatchObject({ code: 'parent-unknown' });
  });

  it('is part of the budget of the run whose agent starts it, in a process of its own', async () => {
    const server = { name: 'team', type: 'stdio', command: process.execPath, args: [TEAM_TOOL] };
    const security = { level: 'permissive', allowed_executables: [process.execPath, 'node'] };
    const call = { name: 'mcp__team__ask_team', args: { question: 'make 952 from 25 50 75 100 3 6' } };
    const model = await startLoopback([{ calls: [call] }, { text: 'The team has answered.' }]);
    onTestFinished(() => model.close());
    const config = oneModel(model.url, { mcp_servers: [{ ...server, security }] });
    const cwd = await emptyFolder();
    const env = { ...process.env, MASSGEN_DEPTH: '0' };
    const { runDir } = await run('Q?', { configObject: { ...config, limits: { tokens: 100_000 } }, cwd, env });
    const [child = ''] = await readdir(join(runDir, 'children'));
    const { dir } = JSON.parse(await readFile(join(runDir, 'children', child), 'utf8')) as { dir: string };
    const [begun] = await readAll(dir);
    const limit = begun?.type === 'run.started' ? begun.data.settings.limits.tokens : null;
    expect([limit !== null && limit > 0 && limit < 100_000, begun?.data]).toMatchObject([
      true,
      { question: 'make 952 from 25 50 75 100 3 6' },
    ]);
  });

  it('is told to the commands that an agent runs', async () => {
    const call = { name: 'run_command', args: { command: 'echo "depth $MASSGEN_DEPTH"' } };
    const model = await startLoopback([{ calls: [call] }, { text: 'It is that deep.' }]);
    onTestFinished(() => model.close());
    const outputs: string[] = [];
    await run('How deep is it?', {
      configObject: oneModel(model.url, { enable_mcp_command_line: true, command_line_execution_mode: 'host' }),
      cwd: await emptyFolder(),
      env: { MASSGEN_DEPTH: '1' },
      onEvent: (event) => {
        if (event.type === 'tool.finished') outputs.push(event.data.output);
      },
    });
    expect(outputs).toEqual([expect.stringContaining('depth 2')]);
  });

  it('can be started, watched and read by a program, as an agent would', async () => {
    const cwd = await emptyFolder();
    const args = ['--automation', '--demo', '--speed', 'max', 'make 952 from 25 50 75 100 3 6'];
    const { code, stdout } = await runCommandLine(args, { cwd, env: { MASSGEN_DEPTH: '2' } });
    const value = (key: string): string => new RegExp(`^${key}: (.+)$`, 'm').exec(stdout)?.[1] ?? '';
    const status = JSON.parse(await readFile(value('STATUS'), 'utf8')) as { meta: { outcome: string } };
    const answer = await readFile(value('ANSWER_FILE'), 'utf8');
    expect([code, status.meta.outcome, answer.includes('952')]).toEqual([0, 'answered', true]);
  });

  it('is refused by the command with a sentence that an agent understands', async () => {
    const args = ['--automation', '--demo', '--speed', 'max'];
    const ended = await runCommandLine(args, { cwd: await emptyFolder(), env: { MASSGEN_DEPTH: '3' } });
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /would be 3 deep \(MASSGEN_DEPTH=3\)\. Answer without starting a run\.\n$/,
      ) as string,
    });
  });
});
