import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../src/events/usage.ts';
import { startLoopback, type Handler } from '../support/loopback-server.ts';
import { askTeam } from './asked-team.ts';
import { withFolder } from './command-process.ts';

/*
 * Claude Code, as npm has it, as a member of a team. It is no dependency of the project (430 MB). To run this:
 *
 *     npm install --prefix .agents/claude @anthropic-ai/claude-agent-sdk@0.3.330
 *
 * or name the folder of its node_modules with MASSGEN_TEST_CLAUDE_CODE.
 */
const packages =
  process.env['MASSGEN_TEST_CLAUDE_CODE'] ?? join(import.meta.dirname, '../../.agents/claude/node_modules');
const isThere = existsSync(join(packages, '@anthropic-ai/claude-agent-sdk/package.json'));

const team = (url: string): string => `
agents:
  - id: cli
    backend:
      type: claude_code
      env:
        ANTHROPIC_API_KEY: some-key-0123456789
        ANTHROPIC_BASE_URL: "${url}"
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1"
  - id: api
    backend: { type: chatcompletion, model: some-model, base_url: "${url}/v1" }
`;

const usage = { input: 100, output: 20 };

/** Calls the team's tools by the names under which the asker offers them; the agent writes a file first. */
const model: Handler = ({ body, protocol }) => {
  const text = JSON.stringify(body);
  const last = JSON.stringify((body.messages as object[]).at(-1));
  const asked = text.slice(text.lastIndexOf('<question '));
  const call = (tool: string, args: object) => {
    const name = new RegExp(`"name":"(\\w*${tool})"`).exec(text)?.[1] ?? tool;
    const id = `call_${text.length}`;
    return { text: 'I do it.', calls: [{ id, name, args: { ...args } }], usage };
  };
  if (last.includes('Present it to the user')) return { text: 'The presented answer.', usage };
  if (last.includes('Noted.')) return { text: 'Done.', usage };
  const folder = /working directory: ([^\\"]+)/.exec(text)?.[1];
  if (folder !== undefined && !text.includes('tool_result')) {
    return call('Write', { file_path: `${folder}/note.txt`, content: 'noted' });
  }
  if (asked.includes('<answer ')) return call('vote', { agent_id: 'agent1', reason: 'It is right.' });
  return call('new_answer', { content: `The answer over ${protocol}.` });
};

describe.skipIf(!isThere)('Claude Code from npm, in a team (skipped where it is not installed)', () => {
  it('uses its tools, answers, votes and presents like any other member, and counts each request once', async () => {
    const server = await startLoopback(model);
    try {
      await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
        await symlink(packages, join(cwd, 'node_modules'));
        const { code, stdout, stderr, answers, voters, events } = await askTeam(cwd);
        expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'The presented answer.\n' });
        expect(answers).toEqual(['api: The answer over chat.', 'cli: The answer over messages.']);
        expect(voters).toEqual(['api', 'cli']);
        expect(stderr).toContain('[cli] Write done');
        const used = events.flatMap((event): Usage[] =>
          event.type === 'request.finished' && event.agent === 'agent1' ? [event.data.usage] : [],
        );
        const asked = server.requests.filter(({ protocol }) => protocol === 'messages').length;
        expect(used.reduce((sum, { input }) => sum + input, 0)).toBe(asked * usage.input);
      });
    } finally {
      await server.close();
    }
  }, 120_000);

  it('is out with its key at once when that is refused', async () => {
    const body = { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } };
    const refused = { status: 401, headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify(body)] };
    const server = await startLoopback((request, index) =>
      request.protocol === 'messages' ? refused : model(request, index),
    );
    try {
      await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
        await symlink(packages, join(cwd, 'node_modules'));
        const { code, stderr, answers } = await askTeam(cwd);
        expect(answers).toEqual(['api: The answer over chat.']);
        expect(stderr).toContain('[cli] is out (auth): Claude Code failed: its key or login was refused (HTTP 401).');
        expect(code).toBe(0);
      });
    } finally {
      await server.close();
    }
  }, 120_000);
});
