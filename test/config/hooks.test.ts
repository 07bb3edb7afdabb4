import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { TeamSpec } from '../../src/config/team.ts';

const load = (text: string) => loadConfigText(text, { path: '/teams/t.yaml', shownAs: 't.yaml', env: {} });
const team = (text: string): TeamSpec => resolveTeam(load(text), { env: {} });
const problemsOf = (text: string): string[] => load(text).problems.map(formatProblem);
const AGENT = 'agent: { id: a, backend: { type: demo } }';

describe('hooks of a config', () => {
  it('are read with what they stand for when they fail', () => {
    const { agents, endHooks } = team(`${AGENT}
hooks:
  pre_tool: [{ command: check, matcher: 'write_*|edit_file', timeout: 5 }]
  post_tool: [{ module: h.ts }]
  answer: [{ module: h.py, function: check, on_error: deny, where: agent }]
  run_end: [{ command: [notify, done], env: { A: b } }]
`);
    const usual = { matchers: ['*'], timeoutMs: 30_000, where: 'host', env: {} };
    expect(agents[0]?.hooks).toEqual([
      {
        ...usual,
        point: 'pre_tool',
        program: { type: 'command', command: 'check' },
        matchers: ['write_*', 'edit_file'],
        timeoutMs: 5_000,
        onError: 'deny',
      },
      { ...usual, point: 'post_tool', program: { type: 'module', path: 'h.ts', function: null }, onError: 'allow' },
      {
        ...usual,
        point: 'answer',
        program: { type: 'module', path: 'h.py', function: 'check' },
        onError: 'deny',
        where: 'agent',
      },
    ]);
    expect(endHooks).toEqual([
      {
        ...usual,
        point: 'run_end',
        program: { type: 'command', command: ['notify', 'done'] },
        onError: 'allow',
        env: { A: 'b' },
      },
    ]);
  });

  it('are read in the original’s form, also in a backend', () => {
    const { agents } = team(`
agent:
  id: a
  backend: { type: demo, hooks: { PostToolUse: { override: true, hooks: [{ handler: my.log, type: python }] } } }
hooks:
  PreToolUse: [{ matcher: 'Write|Edit', handler: my.check, type: python, fail_closed: false }]
  PostToolUse: [{ handler: my.other }]
`);
    expect(agents[0]?.hooks?.map(({ point, program, onError }) => [point, program, onError])).toEqual([
      ['pre_tool', { type: 'handler', handler: 'my.check' }, 'allow'],
      ['post_tool', { type: 'handler', handler: 'my.log' }, 'allow'],
    ]);
  });

  it('come after the team’s', () => {
    const { agents } = team(`
agent: { id: a, backend: { type: demo }, hooks: { vote: [{ command: own }] } }
hooks: { vote: [{ command: team }] }
`);
    expect(agents[0]?.hooks?.map(({ program }) => program)).toEqual([
      { type: 'command', command: 'team' },
      { type: 'command', command: 'own' },
    ]);
  });

  it.each([
    ['{ command: a, module: b }', 'exactly one of "command", "module" and "handler"'],
    ['{ timeout: 5 }', 'exactly one of "command", "module" and "handler"'],
    ['{ command: a, function: b }', '"function" belongs to a "module"'],
    ['{ command: a, where: agent, env: { A: b } }', '"env" is for hooks on your own machine'],
    ['{ handler: nodots }', 'A "handler" is a module and a function in it'],
    ['{ command: [] }', 'command'],
  ])('%s is wrong, and the place is named', (hook, message) => {
    const [problem = ''] = problemsOf(`${AGENT}\nhooks: { pre_tool: [${hook}] }`);
    expect(problem).toContain('t.yaml:2');
    expect(problem).toContain(message);
  });

  it('with a key that is none are told of, with the key that was meant', () => {
    expect(problemsOf(`${AGENT}\nhooks: { pre_tol: [] }`)[0]).toContain('pre_tool');
  });
});

it('a model that judges risks is read with its backend, or is the agent’s own', () => {
  const named = team(`${AGENT}\npermissions: { risk_model: { backend: { type: demo } } }`);
  expect(named.agents[0]?.riskModel?.backend?.type).toBe('demo');
  expect(team(`${AGENT}\npermissions: { risk_model: {} }`).agents[0]?.riskModel).toEqual({ backend: null });
  expect(team(AGENT).agents[0]?.riskModel).toBe(undefined);
});

it('a rule of permissions that is none is told with what was expected', () => {
  const [problem = ''] = problemsOf(`${AGENT}\npermissions: { rules: [permit x] }`);
  expect(problem).toContain('A rule is "allow", "ask" or "deny"');
});
