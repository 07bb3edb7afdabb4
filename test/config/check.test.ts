import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { backendProblems, problemsOf } from './problems-of.ts';

const GOOD = '{type: openai, model: gpt-5}';

describe('a good file', () => {
  it.each([
    ['a list of agents', `agents:\n  - id: a\n    backend: ${GOOD}\n`],
    ['one agent', `agent:\n  id: a\n  backend: ${GOOD}\n`],
    [
      'everything at once',
      `
agents:
  - id: a
    system_message: Be brief.
    backend:
      type: openai
      text: {verbosity: medium}
      reasoning: {effort: low, summary: auto}
      enable_web_search: true
      enable_code_interpreter: true
      max_tokens: 100
      temperature: null
      headers: {X-Team: one}
      idle_timeout_seconds: 30
      mcp_servers:
        - {name: weather, type: stdio, command: npx, args: [-y, weather], env: {KEY: '\${WEATHER_KEY}'}, security: {level: high}}
      custom_tools:
        - {name: [add], category: math, path: add.py, function: [add], preset_args: {x: 1}}
  - id: 2
    backend: {type: lmstudio, model: local, top_k: 50, repetition_penalty: 1.1, chat_template_kwargs: {enable_thinking: true}}
    memory: {enabled: true, compression: {trigger_threshold: 0.25, target_ratio: 0.1}}
orchestrator:
  snapshot_storage: snapshots
  agent_temporary_workspace: temp
  session_storage: sessions
  voting_rule: borda
  tie_break: random
  count_self_votes: off
  updates: restart
  max_new_answers_per_agent: null
  final_answer: synthesize
  max_protocol_retries: 0
  max_tool_rounds: 5
  voting_sensitivity: strict
  context_paths: [{path: src, permission: write, protected_paths: [a]}]
  timeout: {orchestrator_timeout_seconds: 5}
  coordination: {enable_planning_mode: true, max_orchestration_restarts: 2, use_skills: true}
  dspy: {enabled: true, backend: {type: gemini, model: gemini-2.5-flash}, temperature_range: [0.3, 0.9]}
timeout_settings: {orchestrator_timeout_seconds: 180}
ui: {display_type: simple, logging_enabled: true, theme: dark}
display: {type: rich_terminal}
session_id: session_1
seed: 7
`,
    ],
    ['a type that follows from the model', 'agent: {id: a, backend: {model: claude-sonnet-4-5}}\n'],
    [
      'agents without network',
      'agents:\n  - {id: a, backend: {type: demo, strategy: greedy, error_rate: 0.1}}\n  - {id: b, backend: {type: scripted, script: s.yaml}}\n',
    ],
  ])('with %s has no problems', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('gives a typed config with defaults', () => {
    const { config } = loadConfigText(`agents: [{id: 7, backend: ${GOOD}}]\norchestrator: {}\n`, {
      path: 'x.yaml',
      env: {},
    });
    expect(config).toEqual({
      agents: [{ id: '7', backend: { type: 'openai', model: 'gpt-5' } }],
      orchestrator: {
        voting_rule: 'copeland',
        tie_break: 'earliest-answer',
        count_self_votes: true,
        max_new_answers_per_agent: 2,
        max_protocol_retries: 2,
        max_tool_rounds: 50,
        voting_sensitivity: 'lenient',
        answer_novelty_requirement: 'lenient',
      },
    });
  });
});

describe('the form of a file', () => {
  it.each([
    ['', 'team.yaml  root  The file is empty.\n    Begin with agents: and a list of agents.'],
    ['- a\n', 'team.yaml:1:1  root  The file holds no map of keys.\n    Begin with agents: and a list of agents.'],
    [
      'ui: {}\n',
      'team.yaml:1:1  root  The file names no agents.\n    Add agents: with a list of agents, each with id and backend.',
    ],
    [
      `agent: {id: a, backend: ${GOOD}}\nagents: [{id: b, backend: ${GOOD}}]\n`,
      'team.yaml:1:1  root  The file has both agents and agent.\n    Keep one of the two.',
    ],
    ['agents: []\n', 'team.yaml:1:1  agents  The list is empty.\n    expected a list of at least 1'],
    ['agents: x\n', 'team.yaml:1:9  agents  This is text.\n    expected a list'],
    ['agents: [x]\n', 'team.yaml:1:10  agents[0]  This is text.\n    expected a map'],
    ['agents: [{id: a}]\n', 'team.yaml:1:10  agents[0]  The key backend is missing here.'],
    [`agents: [{backend: ${GOOD}}]\n`, 'team.yaml:1:10  agents[0]  The key id is missing here.'],
    [
      `agents: [{id: yes, backend: ${GOOD}}]\n`,
      'team.yaml:1:15  agents[0].id  This is true.\n    expected text or a number',
    ],
    [
      `agents: [{id: '', backend: ${GOOD}}]\n`,
      'team.yaml:1:15  agents[0].id  The text is empty.\n    expected some text',
    ],
    [
      `agents: [{id: a, backend: ${GOOD}}]\norchestrator:\n`,
      'team.yaml:2:14  orchestrator  This key is empty.\n    expected a map\n    Give it a value, or remove the key.',
    ],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('values', () => {
  it.each([
    [
      '{type: OpenAI}',
      '    backend.type',
      'The value OpenAI is none of the words allowed here.',
      'Did you mean openai?',
    ],
    ['{type: openai, model: 5}', 'model', 'This is a whole number.', 'Put it into quotes.'],
    ['{type: openai, model: null}', 'model', 'This key is empty.', 'Give it a value, or remove the key.'],
    ['{type: openai, enable_web_search: 1}', 'enable_web_search', 'This is a whole number.', 'Write true.'],
    ['{type: openai, enable_web_search: "true"}', 'enable_web_search', 'This is text.', 'Write it without quotes.'],
    ['{type: openai, temperature: warm}', 'temperature', 'This is text.', 'Write it without quotes.'],
    ['{type: openai, max_tokens: 1.5}', 'max_tokens', 'This is a number.', 'expected a whole number'],
    [
      '{type: openai, idle_timeout_seconds: 0}',
      'idle_timeout_seconds',
      'The value 0 is too small.',
      'expected a number above 0',
    ],
    ['{type: demo, error_rate: 2}', 'error_rate', 'The value 2 is too large.', 'expected at most 1'],
    [
      '{type: demo, strategy: gredy}',
      'strategy',
      'The value gredy is none of the words allowed here.',
      'Did you mean greedy?',
    ],
    ['{type: openai, allowed_tools: x}', 'allowed_tools', 'This is text.', 'expected a list'],
    ['{type: openai, allowed_tools: [1]}', 'allowed_tools[0]', 'This is a whole number.', 'Put it into quotes.'],
    [
      '{type: claude, permission_mode: ask}',
      'permission_mode',
      'The value ask is none of the words allowed here.',
      'expected one of default, acceptEdits',
    ],
  ])('%s', (backend, key, message, hint) => {
    const problems = backendProblems(backend);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${key.trim()}  ${message}`);
    expect(problems[0]).toContain(hint);
  });

  it('are looked at inside both forms of a server list', () => {
    const inList = backendProblems('{type: openai, mcp_servers: [{name: a, command: npx, timeout: 500}]}');
    const inMap = backendProblems('{type: openai, mcp_servers: {a: {command: npx, timeout: 500}}}');
    expect(inList).toEqual([expect.stringContaining('mcp_servers[0].timeout  The value 500 is too large.')]);
    expect(inMap).toEqual([expect.stringContaining('mcp_servers.a.timeout  The value 500 is too large.')]);
  });

  it('are all reported at once, in the order of the file', () => {
    const problems = problemsOf(
      'seed: -1\nagents:\n  - id: a\n    backend: {type: nope}\n  - id: a\n    backend: {type: openai, enable_web_search: 1}\nui: {display_type: tv}\n',
    );
    expect(problems.map((p) => p.split('  ')[1])).toEqual([
      'seed',
      'agents[0].backend.type',
      'agents[1].id',
      'agents[1].backend.enable_web_search',
      'ui.display_type',
    ]);
  });
});

describe('variables', () => {
  it('that are unset leave their place unchecked', () => {
    expect(backendProblems("{type: '${TYPE}', model: '${MODEL}', temperature: '${T}'}")).toEqual([]);
  });

  it('are read as numbers and switches where such are wanted, quoted or not', () => {
    const text = "{type: openai, temperature: '${T}', enable_web_search: '${ON:-yes}', model: '${M}'}";
    expect(backendProblems(text, { T: '0.5', M: '5' })).toEqual([]);
    const { config } = loadConfigText(`agent: {id: a, backend: ${text}}`, {
      path: 'x.yaml',
      env: { T: '0.5', M: '5' },
    });
    expect(config?.agent?.backend).toEqual({ type: 'openai', temperature: 0.5, enable_web_search: true, model: '5' });
  });

  it('that hold the wrong thing are reported without it', () => {
    const [problem, ...rest] = backendProblems("{type: '${TYPE}', temperature: '${T}'}", {
      TYPE: 'opena-secret',
      T: 'hot-secret',
    });
    expect(rest).toHaveLength(1);
    expect([problem, ...rest].join('\n')).not.toContain('secret');
    expect(problem).toContain('agents[0].backend.type  The value is none of the words allowed here.');
  });
});

describe('secrets', () => {
  it.each(["'${KEY}'", 'sk-secret-abc', 'gsk_secretabc'])(
    'written as the name of a variable (%s) are not repeated',
    (text) => {
      expect(backendProblems(`{type: openai, api_key_env: ${text}}`, { KEY: 'sk-secret' })).toEqual([
        'team.yaml:3:42  agents[0].backend.api_key_env  This is text.\n    expected the name of a variable, in capitals',
      ]);
    },
  );

  it('stand in no message, whatever is wrong around them', () => {
    const text = `
agents:
  - id: a
    backend:
      type: openai
      api_key: [sk-secret]
      headers: {Authorization: {x: sk-secret}}
      mcp_servers:
        - name: x
          command: [rm, sk-secret]
          args: [5]
          env: {TOKEN: 'sk-secret; x', PATH: sk-secret}
        - {name: y, type: streamable-http, url: 'http://localhost/?key=sk-secret', headers: sk-secret}
`;
    const all = problemsOf(text);
    expect(all.length).toBeGreaterThan(5);
    expect(all.join('\n')).not.toContain('sk-secret');
  });
});
