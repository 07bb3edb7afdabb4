import { describe, expect, it } from 'vitest';
import { backendProblems, problemsOf } from './problems-of.ts';

describe('agents', () => {
  it('have ids of their own, as text', () => {
    expect(
      problemsOf("agents:\n  - {id: 1, backend: {type: openai}}\n  - {id: '1', backend: {type: openai}}\n"),
    ).toEqual([
      'team.yaml:3:10  agents[1].id  An agent before has this id already.\n    Give every agent an id of its own.',
    ]);
  });

  it('have folders of their own', () => {
    const text =
      'agents:\n  - {id: a, backend: {type: openai, cwd: desk}}\n  - {id: b, backend: {type: openai, cwd: ./desk/}}\n';
    expect(problemsOf(text)).toEqual([
      'team.yaml:3:42  agents[1].backend.cwd  Another agent works in this folder already.\n    Give every agent a cwd of its own.',
    ]);
  });

  it('are told that append_system_prompt has no effect', () => {
    expect(problemsOf('agent:\n  id: a\n  append_system_prompt: x\n  backend: {type: openai}\n')).toEqual([
      'team.yaml:3:3  agent.append_system_prompt  warning: The key append_system_prompt has no effect.\n    Add its text to system_message.',
    ]);
  });
});

describe('a backend', () => {
  it.each([
    ['{model: mystery}', 'The key type is missing, and the model does not tell the provider.'],
    ['{type: lmstudio}', 'The type lmstudio has no usual model.'],
    ['{type: chatcompletion, base_url: "https://x.ai/v1"}', 'The type chatcompletion has no usual model.'],
    ['{type: openai, system_prompt: x}', 'The key system_prompt does not belong into a backend.'],
    ['{type: openai, append_system_prompt: x}', 'The key append_system_prompt does not belong into a backend.'],
    ['{type: zai, enable_web_search: true}', 'The type zai has no web search.'],
    ['{type: grok, enable_code_execution: true}', 'The type grok has no code execution.'],
    ['{type: groq, enable_code_interpreter: true}', 'The type groq has no code execution.'],
    ['{type: ag2, agent_config: {}, mcp_servers: [{name: a, command: npx}]}', 'The type ag2 cannot use MCP servers.'],
    ['{type: ag2}', 'The type ag2 needs exactly one of agent_config and group_config.'],
    [
      '{type: ag2, agent_config: {}, group_config: {}}',
      'The type ag2 needs exactly one of agent_config and group_config.',
    ],
    ['{type: scripted}', 'A scripted agent needs a script.'],
    ['{type: openai, upload_files: [{path: x}]}', 'This file has no path.'],
    [
      '{type: openai, upload_files: [{file_path: "https://example.com/a.pdf"}]}',
      'Only files on this machine can go along with a question.',
    ],
    ['{type: openai, base_url: api.openai.com}', 'This is no http or https address.'],
    ['{type: openai, base_url: "ftp://x"}', 'This is no http or https address.'],
  ])('%s', (backend, message) => {
    const errors = backendProblems(backend).filter((p) => !p.includes('  warning: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`  ${message}`);
  });

  it.each([
    ['{type: zai, enable_web_search: false}'],
    ['{type: openai, allowed_tools: [], exclude_tools: [a]}'],
    ['{type: openai, base_url: "${URL}"}'],
    ['{type: openai, api_key: "${OPENAI_API_KEY}"}'],
    ['{type: lmstudio, model: x, api_key: lm-studio}'],
    ['{type: ag2, agent_config: {name: a}}'],
    ['{type: claude_code}'],
    ['{type: inference, model: x}'],
    ['{type: azure_openai, model: my-deployment, enable_web_search: true}'],
  ])('%s is fine', (backend) => {
    expect(backendProblems(backend)).toEqual([]);
  });

  it.each([
    ['{type: openai, allowed_tools: [a], exclude_tools: [b]}', 'Both allowed_tools and exclude_tools are given.'],
    ['{type: openai, api_key: sk-0123456789abcdef}', 'An API key stands in the file itself.'],
    ['{type: openai, custom_tools: [{function: f, default_params: {a: 1}}]}', 'The key default_params has no effect.'],
    [
      '{type: openai, custom_tools: [{function: [f, g], name: [f]}]}',
      'The list name has 1 entries for 2 functions; the tool would be left out.',
    ],
  ])('%s is worth a warning', (backend, message) => {
    expect(backendProblems(backend)).toEqual([expect.stringContaining(`  warning: ${message}`)]);
  });
});

describe('words of the first config format', () => {
  it.each([
    'models',
    'model_configs',
    'num_agents',
    'max_rounds',
    'consensus_threshold',
    'voting_enabled',
    'enable_voting',
  ])('%s is explained, and nothing else is said', (word) => {
    const problems = problemsOf(`${word}: 1\nnonsense: x\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      new RegExp(
        `^team.yaml:1:1 {2}${word} {2}The key ${word} belongs to MassGen’s first config format, which is no longer read.\n {4}\\S`,
      ),
    );
  });
});
