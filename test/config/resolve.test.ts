import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { readPreferences } from '../../src/config/resolve.ts';
import type { BackendSpec } from '../../src/config/team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { insteadOf } from '../../src/config/read-features.ts';
import { KEYS, backendOf, failureOf, resolve } from './resolved.ts';

describe('where the key of an agent comes from', () => {
  const places = 'the shell, ./.env, ~/.massgen/.env';
  it.each([
    ['{type: claude}', `The key is that of ANTHROPIC_API_KEY, looked for in ${places}, in this order.`],
    ['{type: claude, api_key_env: MY_KEY}', `The key is that of MY_KEY, looked for in ${places}, in this order.`],
    [
      '{type: claude, api_key: "${MY_KEY}"}',
      `The key is that of MY_KEY, looked for in ${places}, in this order. It is named at my-team.yaml:1:40, agent.backend.api_key.`,
    ],
    ['{type: claude, api_key: sk-1}', 'The key stands at my-team.yaml:1:40, agent.backend.api_key.'],
    [
      '{type: chatcompletion, model: m, base_url: "https://models.example/v1"}',
      'No key was sent: name the variable that holds it as api_key_env.',
    ],
    ['{type: claude_code, env: {ANTHROPIC_API_KEY: k}}', 'The key is ANTHROPIC_API_KEY in the env of this backend.'],
    ['{type: vllm, model: m}', `No key was found: VLLM_API_KEY is not set (looked in ${places}).`],
    ['{type: ollama, model: m}', undefined],
  ])('%s', (backend, origin) => {
    expect(backendOf(backend, { ...KEYS, MY_KEY: 'k' }).keyOrigin).toBe(origin);
  });
});

describe('a team out of a file', () => {
  it('has what it wants prepared, by models of their own where it names them', () => {
    const team = resolve(`
agents:
  - {id: a, backend: {type: demo}, subtask: Read., depends_on: []}
  - {id: b, backend: {type: demo}, subtask: Write., depends_on: [a]}
orchestrator:
  coordination_mode: decomposition
  coordination: {persona_generator: {strategy: adversarial, diversity_mode: methodology, backend: {type: openai, model: small}}}
  dspy: {enabled: true, num_variants: 2, strategy: diverse, semantic_threshold: 0.9, use_chain_of_thought: true}
`);
    const { personas, rewording, subtasks } = team.settings;
    expect({ personas, rewording, subtasks }).toEqual({
      personas: { strategy: 'adversarial', diversity: 'implementation', guidelines: '' },
      rewording: { variants: 2, strategy: 'diverse', threshold: 0.9, thinks: true },
      subtasks: 'given',
    });
    expect(Object.entries(team.preparers ?? {}).map(([what, { model, apiKey }]) => [what, model, apiKey])).toEqual([
      ['personas', 'small', 'o'],
    ]);
    expect(team.agents.map(({ subtask }) => subtask)).toEqual([
      { text: 'Read.', dependsOn: [] },
      { text: 'Write.', dependsOn: ['a'] },
    ]);
  });

  it('keeps what it prepares where that is wanted', () => {
    const team = resolve(`
agents: [{id: a, backend: {type: demo}}, {id: b, backend: {type: demo}}]
orchestrator:
  coordination: {persona_generator: {persist_across_turns: true}}
  dspy: {enabled: true, cache_enabled: true, temperature_range: [0.3, 0.9]}
`);
    expect([team.settings.personas, team.settings.rewording, team.unsupported]).toEqual([
      { strategy: 'complementary', diversity: 'perspective', guidelines: '', persists: true },
      { variants: 3, strategy: 'balanced', threshold: 0.85, thinks: false, isCached: true, temperatures: [0.3, 0.9] },
      [],
    ]);
  });

  it('asks a model for the parts where none is given, and prepares nothing that is switched off', () => {
    const divided = resolve('agent: {id: a, backend: {type: demo}}\norchestrator: {coordination_mode: decomposition}');
    expect(divided.settings.subtasks).toBe('asked-for');
    const off = resolve(
      `agent: {id: a, backend: {type: demo, model: x}}
orchestrator:
  coordination: {persona_generator: {enabled: false, backend: {type: openai}}}
  dspy: {enabled: false, backend: {type: openai}}
`,
      {},
    );
    expect([off.settings.personas, off.settings.rewording, off.preparers]).toEqual([null, null, undefined]);
  });

  it('names agents without a part, and parts that build on nobody', () => {
    const failure = failureOf(`
agents:
  - {id: a, backend: {type: demo}, subtask: Read., depends_on: [c]}
  - {id: b, backend: {type: demo}}
`);
    expect(failure.message).toContain('agents[0].depends_on[0]  This is no other agent of the file.');
    expect(failure.message).toContain('agents[1]  This agent has no subtask, while others have one.');
  });

  it('names parts that would wait for each other, where the circle closes', () => {
    const failure = failureOf(`
agents:
  - {id: a, backend: {type: demo}, subtask: Read., depends_on: [b]}
  - {id: b, backend: {type: demo}, subtask: Write., depends_on: [c]}
  - {id: c, backend: {type: demo}, subtask: Print., depends_on: [b, a]}
orchestrator: {coordination_mode: decomposition}
`);
    const message = 'This closes a circle of agents that would wait for each other.';
    const closing = failure.message.split('\n').filter((line) => line.includes(message));
    expect(closing.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      `agents[2].depends_on[0]  ${message}`,
      `agents[2].depends_on[1]  ${message}`,
    ]);
  });

  it('looks at each of many parts once, however many ways lead to it', () => {
    const agents = Array.from({ length: 40 }, (_, index) => {
      const needs = Array.from({ length: index }, (_, before) => `p${before}`);
      return `  - {id: p${index}, backend: {type: demo}, subtask: Do it., depends_on: [${needs.join(', ')}]}`;
    });
    const team = resolve(`agents:\n${agents.join('\n')}\norchestrator: {coordination_mode: decomposition}`);
    expect(team.agents).toHaveLength(40);
  });

  it('has time limits of rounds where the file names them', () => {
    const limits =
      'initial_round_timeout_seconds: 60, subsequent_round_timeout_seconds: null, round_timeout_grace_seconds: 1.5';
    const team = resolve(`agent: {id: a, backend: {type: demo}}\ntimeout_settings: {${limits}}`);
    expect(team.settings.roundLimits).toEqual({ firstMs: 60_000, laterMs: null, graceMs: 1_500 });
    expect(resolve('agent: {id: a, backend: {type: demo}}').settings.roundLimits).toEqual(DEFAULT_SETTINGS.roundLimits);
  });

  it('has agents that judge by demands of their own, and may be kept from AGENTS.md', () => {
    const team = resolve(`
agents:
  - {id: a, backend: {type: demo}, voting_sensitivity: strict}
  - {id: b, backend: {type: demo}}
  - {id: c, backend: {type: demo, voting_sensitivity: balanced}}
orchestrator: {project_notes: false}
`);
    expect([team.usesProjectNotes, ...team.agents.map((agent) => agent.sensitivity)]).toEqual([
      false,
      'strict',
      undefined,
      'balanced',
    ]);
    const usual = resolve('agent: {id: a, backend: {type: demo}}\norchestrator: {project_notes: true}');
    expect(usual.usesProjectNotes).toBeUndefined();
  });

  it('has its agents in order, with names, instructions and rules', () => {
    const team = resolve(`
agents:
  - id: 1
    system_message: Be brief.
    backend: {type: openai, model: gpt-5-mini, max_tokens: 100, reasoning: {effort: low}, enable_web_search: true, idle_timeout_seconds: 2.5}
  - id: b
    backend: {type: claude}
orchestrator: {voting_sensitivity: balanced, max_new_answers_per_agent: null, voting_rule: borda}
timeout_settings: {orchestrator_timeout_seconds: 180}
`);
    expect(team).toEqual({
      name: 'my-team',
      agents: [
        {
          id: '1',
          systemMessage: 'Be brief.',
          backend: {
            type: 'openai',
            protocol: 'responses',
            model: 'gpt-5-mini',
            baseUrl: null,
            apiKey: 'o',
            apiKeyVariables: ['OPENAI_API_KEY'],
            headers: {},
            params: { max_output_tokens: 100, reasoning: { effort: 'low' } },
            parameterPlaces: {
              max_output_tokens: 'my-team.yaml:5:48, agents[0].backend.max_tokens',
              reasoning: 'my-team.yaml:5:65, agents[0].backend.reasoning',
            },
            builtinTools: ['web_search'],
            keyOrigin:
              'The key is that of OPENAI_API_KEY, looked for in the shell, ./.env, ~/.massgen/.env, in this order.',
            idleTimeoutMs: 2500,
            options: {},
          },
        },
        {
          id: 'b',
          systemMessage: null,
          backend: expect.objectContaining({ type: 'claude', model: 'claude-sonnet-5-5' }) as BackendSpec,
        },
      ],
      settings: {
        ...DEFAULT_SETTINGS,
        sensitivity: 'balanced',
        maxAnswersPerAgent: null,
        votingRule: 'borda',
        timeoutMs: 180_000,
      },
      unsupported: [],
      origin: { kind: 'config', path: '/teams/my-team.yaml' },
    });
  });

  it('passes on what it does not know, and keeps its own keys back', () => {
    const backend = backendOf(
      '{type: openai, temperatur: 1, instance_id: x, command_line_new_key: 1, allowed_tools: [a], cwd: w, enable_image_generation: true, temperature: null, extra_body: {a: 1}, provider_options: {b: null, a: 2}}',
    );
    expect(backend.params).toEqual({ temperatur: 1, a: 2, b: null });
  });

  it('takes the version of the API where the protocol has one, and the header of the key', () => {
    const read = (type: string): unknown => {
      const words = "model: m, base_url: 'http://localhost:1', api_version: '2023-06-01', auth_style: bearer";
      const { apiVersion, authStyle } = backendOf(`{type: ${type}, ${words}}`);
      return { apiVersion, authStyle };
    };
    expect(read('claude')).toEqual({ apiVersion: '2023-06-01', authStyle: 'bearer' });
    expect(read('openai')).toEqual({ authStyle: 'bearer' });
  });

  it('takes headers, keys and addresses from the file', () => {
    const text =
      "{type: chatcompletion, model: m, base_url: 'https://${HOST:-proxy.com}/v1', api_key: '${MY_KEY}', extra_headers: {A: '1', B: '1'}, headers: {B: '2'}}";
    expect(backendOf(text, { MY_KEY: 'mine' })).toMatchObject({
      baseUrl: 'https://proxy.com/v1',
      apiKey: 'mine',
      headers: { A: '1', B: '2' },
    });
  });

  it('infers the type from the model', () => {
    expect(backendOf('{model: gemini-2.5-pro}')).toMatchObject({ type: 'gemini', protocol: 'gemini', apiKey: 'g' });
  });

  it('understands both words for running code', () => {
    expect(
      backendOf('{type: openai, enable_code_interpreter: true, enable_code_execution: true}').builtinTools,
    ).toEqual(['code_execution']);
    expect(backendOf('{type: claude, enable_code_interpreter: true}').builtinTools).toEqual(['code_execution']);
  });

  it('searches the web for Grok files that use the former search parameters', () => {
    const backend = backendOf('{type: grok, extra_body: {search_parameters: {mode: auto}, x: 1}}');
    expect(backend).toMatchObject({ protocol: 'responses', builtinTools: ['web_search'], params: { x: 1 } });
    expect(backendOf('{type: grok, extra_body: {search_parameters: {mode: "off"}}}')).toMatchObject({
      protocol: 'chat',
      builtinTools: [],
    });
  });

  it('gives built-in agents their settings, and no parameters', () => {
    const { agents } = resolve(`
seed: 9
agents:
  - {id: a, backend: {type: demo, strategy: greedy, error_rate: 0.5}}
  - {id: b, backend: {type: demo, seed: 1, temperature: 1}}
  - {id: c, backend: {type: scripted, script: scripts/one.yaml}}
  - {id: d, backend: {type: scripted, script: {turns: []}}}
`);
    expect(agents.map((a) => [a.backend.model, a.backend.params, a.backend.options])).toEqual([
      ['demo-greedy', {}, { strategy: 'greedy', error_rate: 0.5, seed: 9 }],
      ['demo', {}, { seed: 1 }],
      ['scripted', {}, { script: '/teams/scripts/one.yaml' }],
      ['scripted', {}, { script: { turns: [] } }],
    ]);
  });
});

describe('provider features', () => {
  it('are read from the backend and its servers', () => {
    const backend = backendOf(
      '{type: claude, enable_strict_tool_use: true, enable_programmatic_flow: true, enable_web_fetch: true, tool_search_variant: bm25, enable_tool_search: true, hosted_mcp_servers: {docs: {url: "https://a.example", allowed_tools: [ask]}}}',
    );
    expect([backend.builtinTools, backend.features]).toEqual([
      ['web_fetch'],
      {
        strictTools: true,
        toolSearch: 'bm25',
        codeCallsTools: true,
        hostedServers: [{ name: 'docs', url: 'https://a.example', token: null, allowedTools: ['ask'] }],
      },
    ]);
  });

  it('are wanted by a server that defers its tools, unless they are off', () => {
    const server = 'mcp_servers: [{name: a, command: npx, defer_loading: true}]';
    expect(backendOf(`{type: openai, ${server}}`).features).toEqual({ toolSearch: 'regex' });
    expect(backendOf(`{type: openai, ${server}, enable_tool_search: false}`).features).toBeUndefined();
  });

  it('are named where the provider or its model does not have them', () => {
    const gaps = (...backends: string[]): string[] =>
      resolve(`agents:\n${backends.map((backend, at) => `  - {id: a${at}, backend: ${backend}}`).join('\n')}\n`)
        .unsupported;
    const old = '{type: gemini, api_key: k, model: gemini-2.5-flash, enable_web_search: true}';
    expect(gaps(old)).toEqual([]);
    expect(gaps(old, old)).toEqual(['agents[0].backend.enable_web_search', 'agents[1].backend.enable_web_search']);
    const recent = old.replace('2.5', '3.5');
    expect(gaps(recent, recent)).toEqual([]);
    const servers = 'hosted_mcp_servers: {a: {url: "https://a.example"}}';
    expect(gaps(`{type: groq, api_key: k, ${servers}, enable_programmatic_flow: true, vector_store_ids: [v]}`)).toEqual(
      [
        'agents[0].backend.hosted_mcp_servers',
        'agents[0].backend.enable_programmatic_flow',
        'agents[0].backend.vector_store_ids',
      ],
    );
    const gemini = (more: string): string => `{type: gemini, api_key: k, model: gemini-3.5-flash, ${more}}`;
    expect(gaps(gemini(servers))).toEqual([]);
    const limited = servers.replace('}}', ', allowed_tools: [b]}}');
    expect(gaps(gemini(limited))).toEqual(['agents[0].backend.hosted_mcp_servers']);
    expect(gaps('{type: groq, api_key: k, enable_strict_tool_use: true, enable_file_search: true}')).toEqual([
      'agents[0].backend.enable_file_search',
      'agents[0].backend.enable_strict_tool_use',
    ]);
    expect(gaps('{type: acp, command: an-agent, max_concurrent_tools: 2, enable_strict_tool_use: true}')).toEqual([
      'agents[0].backend.max_concurrent_tools',
      'agents[0].backend.enable_strict_tool_use',
    ]);
  });

  it('says what to do instead', () => {
    expect(insteadOf('agents[0].backend.hosted_mcp_servers')).toMatch(/^put the server under mcp_servers/);
    expect(insteadOf('enable_web_search')).toMatch(/^Gemini searches beside the tools of a team from version 3 on/);
    expect(insteadOf('agents[0].memory')).toBeNull();
  });
});

describe('what a file says beside the team', () => {
  const read = (text: string): unknown =>
    readPreferences(loadConfigText(`agent: {id: a, backend: {type: demo}}\n${text}`, { path: 'x.yaml', env: {} }));
  const NONE = { displayType: null, theme: null, sessionId: null, seed: null };

  it.each([
    ['', NONE],
    [
      'ui: {display_type: simple, type: silent, theme: dark}\nsession_id: s\nseed: 4',
      { displayType: 'simple', theme: 'dark', sessionId: 's', seed: 4 },
    ],
    ['ui: {type: simple}', { ...NONE, displayType: 'simple' }],
    ['display: {type: rich_terminal}', { ...NONE, displayType: 'rich_terminal' }],
    ['ui: {display_type: nonsense}', NONE],
  ])('%j', (text, preferences) => {
    expect(read(text)).toEqual(preferences);
  });
});
