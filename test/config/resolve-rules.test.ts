import { describe, expect, it } from 'vitest';
import { type CoordinationSettings, DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { resolve } from './resolved.ts';

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
  fast_iteration_mode: true
memory: {enabled: true}
`);
    expect(team.unsupported).toEqual([
      'agents[0].memory',
      'agents[0].backend.enable_audio_generation',
      'orchestrator.fast_iteration_mode',
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
  fast_iteration_mode: false
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
  skip_coordination_rounds: true
  debug_final_answer: Wrong.
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
      firstAnswerWins: true,
      evaluatedInstead: 'Wrong.',
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
