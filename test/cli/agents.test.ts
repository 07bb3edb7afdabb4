import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Check } from '../../src/cli/doctor-checks.ts';
import { checkAgents } from '../../src/cli/doctor-agents.ts';
import { runCommandLine, withFolder } from './command-process.ts';

test('the doctor finds agents and packages, and says how to get the others', async () => {
  await withFolder({}, async (folder) => {
    const root = join(folder, 'node_modules', 'node-llama-cpp');
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'package.json'), '{"main": "index.js"}');
    await writeFile(join(root, 'index.js'), '');
    await writeFile(join(folder, 'goose'), '#!/bin/sh\n', { mode: 0o755 });
    const checks = await checkAgents(folder, folder);
    const find = (name: string): unknown => checks.find((check) => check.name === name);
    expect(find('Goose')).toEqual({ name: 'Goose', state: 'ok', detail: join(folder, 'goose') });
    expect(find('Gemini CLI')).toEqual({
      name: 'Gemini CLI',
      state: 'missing',
      detail: 'not found; type: acp with agent: gemini needs it (npm install -g @google/gemini-cli)',
    });
    expect(find('node-llama-cpp')).toEqual({ name: 'node-llama-cpp', state: 'ok', detail: join(root, 'index.js') });
  });
});

test('the doctor names the program that an agent of the team lacks', async () => {
  const team = 'agents:\n  - id: a\n    backend: { type: acp, command: no-such-program-anywhere }\n';
  await withFolder({ 'team.yaml': team }, async (cwd) => {
    const { code, stdout } = await runCommandLine(['doctor', '--config', 'team.yaml'], { cwd });
    expect({ code, line: stdout.split('\n').find((line) => line.includes('agent a')) }).toEqual({
      code: 1,
      line: 'BROKEN  agent a                  no-such-program-anywhere was not found. Install no-such-program-anywhere, or write its whole path as command.',
    });
  });
});

const AGENT = fileURLToPath(new URL('../providers/acp/test-agent.ts', import.meta.url));

test('the doctor starts agents that speak ACP, and asks them nothing', async () => {
  const agent = (id: string, env: string): string =>
    `  - id: ${id}\n    backend: { type: acp, command: ["${process.execPath}", "${AGENT}"], env: { ${env} } }\n`;
  const team = `agents:\n${agent('ready', 'A: b')}${agent('stranger', 'TEST_NEEDS_LOGIN: "1"')}`;
  await withFolder({ 'team.yaml': team }, async (cwd) => {
    const { code, stdout } = await runCommandLine(['doctor', '--config', 'team.yaml', '--json'], { cwd });
    const checks = (JSON.parse(stdout) as Check[]).filter(({ detail }) => detail.startsWith('acp '));
    expect({ code, checks }).toEqual({
      code: 1,
      checks: [
        { name: 'agent ready', state: 'ok', detail: 'acp node can be reached' },
        {
          name: 'agent stranger',
          state: 'broken',
          detail: expect.stringMatching(/^acp node: .*is not logged in: run .* once in a terminal/) as string,
        },
      ],
    });
  });
});

test.each([
  [['--local', 'none.gguf', 'Hi'], /There is no model file .*none\.gguf/],
  [['--backend', 'acp', '--model', 'no-such-agent', 'Hi'], /An ACP agent needs a program/],
  [['--backend', 'ag2', 'Hi'], /A2A server.*type: a2a/],
  [['--local', 'm.gguf', '--demo', 'Hi'], /--demo and --local cannot be used together/],
])('%j says what is missing', async (args, message) => {
  await withFolder({}, async (cwd) => {
    const { code, stderr } = await runCommandLine([...args, '--no-display'], { cwd });
    expect({ isBad: code !== 0, stderr }).toEqual({ isBad: true, stderr: expect.stringMatching(message) as string });
  });
});

test('the list of models says how agents that are none are named', async () => {
  await withFolder({}, async (cwd) => {
    const { stdout } = await runCommandLine(['models', '--backend', 'acp'], { cwd });
    expect(stdout).toContain('agent: gemini, codex, claude, opencode, goose, qwen, or command');
  });
});
