// Above 500 lines on purpose: one team is resolved throughout, and each group holds one part of what becomes of its config.
import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { readPreferences, resolveTeam } from '../../src/config/resolve.ts';
import type { BackendSpec, TeamSpec } from '../../src/config/team.ts';
import type { CoordinationSettings } from '../../src/events/settings.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { insteadOf } from '../../src/config/read-features.ts';

const KEYS = { OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a', GEMINI_API_KEY: 'g', XAI_API_KEY: 'x' };

function resolve(
  text: string,
  env: Record<string, string> = KEYS,
  overrides: Partial<CoordinationSettings> = {},
): TeamSpec {
  const loaded = loadConfigText(text, { path: '/teams/my-team.yaml', shownAs: 'my-team.yaml', env });
  return resolveTeam(loaded, { env, overrides });
}

function backendOf(backend: string, env: Record<string, string> = KEYS): BackendSpec {
  return resolve(`agent: {id: a, backend: ${backend}}`, env).agents[0]!.backend;
}

function failureOf(text: string, env: Record<string, string> = {}): MassgenError {
  try {
    resolve(text, env);
  } catch (error) {
    if (error instanceof MassgenError) return error;
    throw error;
  }
  throw new Error('it resolved');
}

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
    expect(insteadOf('agents[0].memory')).toBeNull();
  });
});

describe('what this version lacks', () => {
  it('is named by its key, where it is asked for', () => {
    const team = resolve(`
agents:
  - id: a
    memory: {enabled: true}
    backend:
      type: openai
      cwd: work
      mcp_servers: [{name: a, command: npx}]
      enable_audio_generation: true
      enable_mcp_command_line: true
      command_line_execution_mode: docker
      upload_files: [{image_path: x.png}]
  - id: b
    backend: {type: azure_openai, enable_web_search: true, base_url: 'https://x.openai.azure.com', api_key: k}
orchestrator:
  snapshot_storage: s
  context_paths: [{path: src}]
  coordination: {enable_planning_mode: true, max_orchestration_restarts: 2, planning_mode_instruction: x}
  skip_coordination_rounds: true
memory: {enabled: true}
`);
    expect(team.unsupported).toEqual([
      'agents[0].memory',
      'agents[0].backend.enable_audio_generation',
      'orchestrator.skip_coordination_rounds',
      'memory',
      'agents[1].backend.enable_web_search',
    ]);
  });

  it('is not named where it is switched off or empty', () => {
    const team = resolve(`
agent:
  id: a
  backend: {type: openai, mcp_servers: [], custom_tools: [], enable_image_generation: false, command_line_execution_mode: local}
orchestrator:
  coordination: {enable_planning_mode: false, max_orchestration_restarts: 0, planning_mode_instruction: x}
  skip_coordination_rounds: false
memory: {enabled: false, compression: {target_ratio: 0.5}}
`);
    expect(team.unsupported).toEqual([]);
  });
});

describe('rules of a run', () => {
  it.each([
    ['[researcher, clerk]', { researcher: '', clerk: '' }],
    ['{researcher: Name your sources., clerk: ""}', { researcher: 'Name your sources.', clerk: '' }],
    ['[]', undefined],
  ])('name the roles of subagents: %s', (types, kinds) => {
    const text = `
agent: {id: a, backend: {type: demo}}
orchestrator: {coordination: {enable_subagents: true, subagent_runtime_mode: isolated, subagent_types: ${types}}}
`;
    const { settings, unsupported } = resolve(text);
    expect([settings.subagents?.kinds, unsupported]).toEqual([kinds, []]);
  });

  const AGENT = 'agent: {id: a, backend: {type: demo}}\n';

  it('are the usual ones for a file that says nothing', () => {
    expect(resolve(AGENT).settings).toEqual(DEFAULT_SETTINGS);
    expect(resolve(`${AGENT}orchestrator: {}`).settings).toEqual(DEFAULT_SETTINGS);
  });

  it('can all be set', () => {
    const text = `${AGENT}orchestrator:
  peer_answer_chars: 5000
  peer_answer_summaries: true
  voting_rule: plurality
  tie_break: fewest-tokens
  count_self_votes: false
  updates: finish-then-judge
  max_new_answers_per_agent: 5
  max_protocol_retries: 1
  max_tool_rounds: 3
  final_answer: reuse
  answer_novelty_requirement: strict
  voting_sensitivity: balanced
  max_new_answers_global: 7
  quorum: 3
  early_stop: never
  early_stop_probability: 0.9
  coordination:
    max_orchestration_restarts: 2
    restart_mode: full
    write_mode: isolated
    apply_changes: never
    enable_planning_mode: true
    planning_mode_instruction: Wait.
    enable_agent_task_planning: true
    max_tasks_per_plan: 4
    enable_subagents: true
    subagent_default_timeout: 90
    subagent_max_concurrent: 2
    max_subagents_per_agent: 5
    max_subagents_per_run: 9
    subagent_round_timeouts: {initial_round_timeout_seconds: 30}
    broadcast: human
    broadcast_timeout: 60
    broadcast_wait_by_default: false
    max_broadcasts_per_agent: 3
    broadcast_sensitivity: high
    response_depth: low
timeout_settings: {orchestrator_timeout_seconds: null}
limits: {usd: 1.5, tokens: 9000, seconds: 60, tool_calls: 12}
`;
    expect(resolve(text).settings).toEqual({
      votingRule: 'plurality',
      tieBreak: 'fewest-tokens',
      countSelfVotes: false,
      updates: 'finish-then-judge',
      maxUpdatesPerTurn: null,
      restartMode: 'full',
      maxAnswersPerAgent: 5,
      maxProtocolRetries: 1,
      maxToolRounds: 3,
      finalAnswer: 'reuse',
      novelty: 'strict',
      sensitivity: 'balanced',
      timeoutMs: null,
      roundLimits: DEFAULT_SETTINGS.roundLimits,
      personas: null,
      rewording: null,
      subtasks: null,
      peerAnswerChars: 5000,
      peerSummaries: true,
      maxAnswersTotal: 7,
      quorum: 3,
      earlyStop: 'never',
      earlyStopProbability: 0.9,
      maxRestarts: 2,
      applyChanges: 'never',
      planning: { instruction: 'Wait.' },
      taskPlanning: true,
      maxTasksPerPlan: 4,
      subagents: {
        timeoutMs: 90_000,
        maxAtOnce: 2,
        maxPerAgent: 5,
        maxPerRun: 9,
        roundLimits: { firstMs: 30_000, laterMs: null, graceMs: 120_000 },
      },
      broadcast: 'human',
      broadcastTimeoutMs: 60_000,
      broadcastWait: false,
      maxBroadcastsPerAgent: 3,
      broadcastSensitivity: 'high',
      responseDepth: 'low',
      limits: { usd: 1.5, tokens: 9000, seconds: 60, toolCalls: 12 },
    });
  });

  it('include what each agent may use of its own', () => {
    const [agent] = resolve('agent: {id: a, backend: {type: demo}, limits: {usd: 0.25}}').agents;
    expect(agent?.limits).toEqual({ usd: 0.25, tokens: null, seconds: null, toolCalls: null });
  });

  it.each<[string, Partial<CoordinationSettings>]>([
    ['orchestrator: {timeout: {orchestrator_timeout_seconds: 5}}', { timeoutMs: 5000 }],
    [
      'orchestrator: {timeout: {orchestrator_timeout_seconds: 5}}\ntimeout_settings: {orchestrator_timeout_seconds: 7}',
      { timeoutMs: 7000 },
    ],
    ['timeout_settings: {orchestrator_timeout_seconds: 0.0004}', { timeoutMs: 1 }],
    ['orchestrator: {disable_injection: true}', { updates: 'restart' }],
    ['orchestrator: {disable_injection: true, updates: inject}', { updates: 'inject' }],
    ['orchestrator: {defer_peer_updates_until_restart: true}', { updates: 'finish-then-judge' }],
    ['orchestrator: {defer_peer_updates_until_restart: true, disable_injection: true}', { updates: 'restart' }],
    ['orchestrator: {max_midstream_injections_per_round: 0}', { maxUpdatesPerTurn: 0 }],
    ['orchestrator: {final_answer_strategy: winner_reuse}', { finalAnswer: 'reuse' }],
    ['orchestrator: {final_answer_strategy: winner_present}', { finalAnswer: 'present' }],
    ['orchestrator: {final_answer_strategy: synthesize, final_answer: reuse}', { finalAnswer: 'reuse' }],
  ])('%s', (text, settings) => {
    expect(resolve(AGENT + text).settings).toEqual({ ...DEFAULT_SETTINGS, ...settings });
  });

  it('give way to the command line', () => {
    expect(
      resolve(`${AGENT}orchestrator: {voting_rule: borda}`, {}, { votingRule: 'approval', timeoutMs: 1 }).settings,
    ).toEqual({
      ...DEFAULT_SETTINGS,
      votingRule: 'approval',
      timeoutMs: 1,
    });
  });
});

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
