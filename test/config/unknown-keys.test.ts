import { describe, expect, it } from 'vitest';
import { backendProblems, problemsOf } from './problems-of.ts';

const AGENT = 'agent: {id: a, backend: {type: openai}}\n';

describe('an unknown key', () => {
  it.each([
    ['orchestrater: {}', 'orchestrater', 'Did you mean orchestrator?'],
    ['orchestrator: {voting_sensitivty: strict}', 'orchestrator.voting_sensitivty', 'Did you mean voting_sensitivity?'],
    [
      'orchestrator: {coordination: {use_skill: true}}',
      'orchestrator.coordination.use_skill',
      'Did you mean use_skills?',
    ],
    [
      'timeout_settings: {agent_timeout_seconds: 5}',
      'timeout_settings.agent_timeout_seconds',
      'Known keys here: orchestrator_timeout_seconds',
    ],
    ['ui: {colour: red}', 'ui.colour', 'Known keys here: display_type'],
    ['voting_sensitivity: strict', 'voting_sensitivity', 'The key voting_sensitivity belongs under orchestrator.'],
    [
      'enable_planning_mode: true',
      'enable_planning_mode',
      'The key enable_planning_mode belongs under orchestrator.coordination.',
    ],
    ['system_message: x', 'system_message', 'The key system_message belongs under agents[].'],
  ])('%s', (line, location, suggestion) => {
    const problems = problemsOf(`${AGENT}${line}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`  ${location}  warning: Unknown key`);
    expect(problems[0]).toContain(`; it has no effect.\n    ${suggestion}`);
  });

  it('is pointed at where it stands', () => {
    expect(problemsOf(`${AGENT}ui:\n  colour:\n    red\n`)[0]).toMatch(/^team.yaml:3:3 /);
  });

  it('in a backend is passed on, with a warning', () => {
    expect(backendProblems('{type: openai, temperatur: 1}')).toEqual([
      'team.yaml:3:29  agents[0].backend.temperatur  warning: Unknown key temperatur; it is sent to the provider as it is, which may refuse it.\n' +
        '    Did you mean temperature?',
    ]);
  });

  it('in a backend may belong to the agent', () => {
    expect(backendProblems('{type: openai, system_message: x}')[0]).toContain(
      'The key system_message belongs under agents[].',
    );
  });

  it('is found in every entry of both forms of a server list', () => {
    const list = backendProblems('{type: openai, mcp_servers: [{name: a, command: npx, comand: x}]}');
    const map = backendProblems('{type: openai, mcp_servers: {a: {command: npx, comand: x}}}');
    expect(list).toEqual([expect.stringContaining('mcp_servers[0].comand  warning: Unknown key comand')]);
    expect(map).toEqual([expect.stringContaining('mcp_servers.a.comand  warning: Unknown key comand')]);
  });

  it('is none below maps of the provider’s own', () => {
    expect(
      backendProblems('{type: openai, extra_body: {anything: {at: all}}, reasoning: {effort: low, more: 1}}'),
    ).toEqual([]);
  });

  it('is none if MassGen’s own command wrote it', () => {
    expect(backendProblems('{type: openai, instance_id: x, enable_rate_limit: true, _config_path: y}')).toEqual([]);
  });

  it('of the root is none if it has an anchor or begins with x-, for parts that are used elsewhere', () => {
    const parts = 'base: &base {type: openai, model: gpt-5}\nx-notes: {by: ann}\nother: {type: openai}\n';
    const agents = 'agents: [{id: a, backend: {<<: *base}}, {id: b, backend: {<<: *base, model: gpt-5-mini}}]\n';
    expect(problemsOf(parts + agents)).toEqual([expect.stringContaining('Unknown key other; it has no effect.')]);
  });

  it('cannot write to the terminal', () => {
    expect(problemsOf(`${AGENT}"a\\e[2J": 1\n`)[0]).toContain(String.raw`Unknown key a\u{1b}[2J`);
  });
});
