import { describe, expect, it } from 'vitest';
import { failureOf, resolve } from './resolved.ts';

describe('a start that fails', () => {
  it('tells everything that is missing at once, each at its place', () => {
    const error = failureOf(`agents:
  - id: a
    system_message: Hello \${WHO}
    backend: {type: openai}
  - id: b
    backend: {type: inference, model: m}
  - id: c
    backend: {type: gemini}
`);
    expect(error).toMatchObject({ code: 'cannot-start', exitCode: 1 });
    expect(error.message).toBe(
      [
        'Cannot start the team, 4 problems:',
        'my-team.yaml:3:21  agents[0].system_message  The variable WHO is not set (looked in the shell, ./.env, ~/.massgen/.env).',
        '    Set it in one of these places, or write a default: ${WHO:-text}.',
        'my-team.yaml:4:15  agents[0].backend.type  No API key for OpenAI: OPENAI_API_KEY is not set (looked in the shell, ./.env, ~/.massgen/.env).',
        '    Run massgen --setup, put OPENAI_API_KEY=your-key into ./.env or ~/.massgen/.env, or export it in the shell.',
        'my-team.yaml:6:15  agents[1].backend.type  The backend type inference (vLLM / SGLang) is known, but this version cannot run it yet.',
        '    Use another type for this agent, for example claude, openai or gemini.',
        'my-team.yaml:8:15  agents[2].backend.type  No API key for Google: GOOGLE_API_KEY or GEMINI_API_KEY is not set (looked in the shell, ./.env, ~/.massgen/.env).',
        '    Run massgen --setup, put GOOGLE_API_KEY=your-key into ./.env or ~/.massgen/.env, or export it in the shell.',
      ].join('\n'),
    );
  });

  it('tells what is wrong with the file first', () => {
    const error = failureOf('agents: [{id: a, backend: {type: opnai}}]\nnonsense: 1\n');
    expect(error).toMatchObject({ code: 'invalid-config', exitCode: 1 });
    expect(error.message).toMatch(
      /^Cannot start the team, one problem:\nmy-team.yaml:1:34 {2}agents\[0\]\.backend\.type {2}The value opnai /,
    );
    expect(error.message).not.toContain('nonsense');
  });

  it('does not ask for variables that only a missing feature would need', () => {
    const text = "agent: {id: a, backend: {type: openai, agent_config: {name: '${DISCORD_TOKEN}'}}}";
    expect(resolve(text, { OPENAI_API_KEY: 'k' }).unsupported).toEqual(['agent.backend.agent_config']);
  });

  it('asks for the variables of MCP servers', () => {
    const text =
      "agent: {id: a, backend: {type: openai, mcp_servers: [{name: x, command: npx, env: {K: '${DISCORD_TOKEN}'}}]}}";
    expect(failureOf(text, { OPENAI_API_KEY: 'k' }).message).toContain('The variable DISCORD_TOKEN is not set');
    expect(failureOf(text.replace('type: openai', 'type: demo')).message).toContain('cannot use MCP servers');
  });

  it('asks for a variable that decides on the form of the file, even below a missing feature', () => {
    const text = "agent: {id: a, backend: {type: demo, error_rate: '${RATE}'}}\nmemory: '${MEMORY}'\n";
    expect(failureOf(text).message).toMatch(
      /^Cannot start the team, 2 problems:[^]*variable RATE is not set[^]*variable MEMORY is/,
    );
    expect(failureOf(text, { RATE: '0.1' }).message).toMatch(
      /^Cannot start the team, one problem:[^]*variable MEMORY is/,
    );
  });

  it('never shows a key', () => {
    const text =
      "agents: [{id: a, backend: {type: openai, base_url: 'https://evil.com', api_key_env: NOPE}}, {id: b, backend: {type: openai, base_url: 'https://evil.com'}}]";
    expect(failureOf(text, { OPENAI_API_KEY: 'sk-secret' }).message).not.toContain('sk-secret');
  });
});
