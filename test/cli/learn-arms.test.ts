import { describe, expect, it } from 'vitest';
import { armsOf, type Arm } from '../../src/cli/learn-arms.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { withFolder } from './command-process.ts';

const agent = (id: string): string => `{ id: ${id}, backend: { type: openai, model: gpt-6-luna } }`;
const FILES = {
  'trio.yaml': `agents: [${['a', 'b', 'c'].map(agent).join(', ')}]\nseed: 7`,
  'alone.yaml': `agents: [${agent('a')}]`,
  'keyless.yaml': 'agents: [{ id: a, backend: { type: grok, model: grok-4.6 } }]',
  'wary.yaml': `agents: [${agent('a')}, ${agent('b')}]
orchestrator: { coordination: { persona_generator: { strategy: diverse, persona_guidelines: be short } } }`,
  'parts.yaml': `orchestrator: { coordination_mode: decomposition }
agents:
  - { id: a, subtask: write, depends_on: [b], backend: { type: openai, model: gpt-6-luna } }
  - { id: b, subtask: read, backend: { type: openai, model: gpt-6-luna } }`,
};

async function arms(list: string, ...argv: string[]): Promise<Arm[]> {
  const parsed = parseArguments(argv, '1.0.0');
  if (parsed.type !== 'options') throw new Error(parsed.text);
  const { options } = parsed;
  return withFolder(FILES, (cwd) =>
    armsOf(list, options, { cwd, home: cwd, env: { OPENAI_API_KEY: 'x' }, warn: () => undefined }),
  );
}

const told = (found: readonly Arm[]): unknown[] =>
  found.map(({ name, choice: { team, seed } }) => [
    name,
    team.agents.map(({ id, backend }) => `${id} ${backend.model}`),
    team.settings.personas,
    seed,
  ]);

describe('what is picked from', () => {
  it('may be teams', async () => {
    expect(told(await arms('trio.yaml, team:alone.yaml'))).toEqual([
      ['team:trio', ['a gpt-6-luna', 'b gpt-6-luna', 'c gpt-6-luna'], null, 7],
      ['team:alone', ['a gpt-6-luna'], null, null],
    ]);
  });

  it('may be models', async () => {
    expect(told(await arms('model:gpt-6-luna,model:small', '--backend', 'openai'))).toEqual([
      ['model:gpt-6-luna', ['agent1 gpt-6-luna'], null, null],
      ['model:small', ['agent1 small'], null, null],
    ]);
  });

  it('may be sizes of a team', async () => {
    expect(told(await arms('size:1,size:3', '--config', 'trio.yaml'))).toEqual([
      ['size:1', ['a gpt-6-luna'], null, 7],
      ['size:3', ['a gpt-6-luna', 'b gpt-6-luna', 'c gpt-6-luna'], null, 7],
    ]);
  });

  it('may be ways to points of view, which keep the rest of what the config says of them', async () => {
    const agents = ['a gpt-6-luna', 'b gpt-6-luna'];
    const rest = { diversity: 'perspective', guidelines: 'be short' };
    expect(told(await arms('personas:none,personas:adversarial', '--config', 'wary.yaml'))).toEqual([
      ['personas:none', agents, null, null],
      ['personas:adversarial', agents, { strategy: 'adversarial', ...rest }, null],
    ]);
  });

  it.each([
    ['trio.yaml', [], '--arms trio.yaml: name at least two to choose from, with a comma between.'],
    ['trio.yaml,nope.yaml', [], /^--arms, nope\.yaml: There is no config nope\.yaml/],
    ['trio.yaml,keyless.yaml', [], /^--arms, keyless\.yaml: Cannot start the team, one problem:\n.*keyless\.yaml:1:/],
    ['trio.yaml,model:x', [], /^--arms: trio\.yaml is a team and model:x a model, which cannot be compared\./],
    [
      'trio.yaml,team:trio.yaml',
      [],
      /^--arms: two of them are team:trio, so what is learnt could not tell them apart\./,
    ],
    [
      'trio.yaml,alone.yaml',
      ['-c', 'wary.yaml'],
      /^--config and --arms trio\.yaml,alone\.yaml cannot be used together/,
    ],
    ['model:,model:gpt-6-luna', [], '--arms, model:: Write the name of a model after "model:".'],
    ['size:1,size:2', [], '--arms, size:1: name the team that it is of with --config.'],
    [
      'size:1,size:4',
      ['-c', 'trio.yaml'],
      '--arms, size:4: The size must be a whole number from 1 to 3, the agents of trio.',
    ],
    ['size:0,size:1', ['-c', 'trio.yaml'], /^--arms, size:0: The size must be/],
    ['size:1,size:2', ['-c', 'parts.yaml'], '--arms, size:1: a of parts waits for the part of b, which is left out.'],
    [
      'personas:none,personas:odd',
      ['-c', 'wary.yaml'],
      '--arms, personas:odd: There is no such way to points of view; choose from none, complementary, diverse, specialized, adversarial.',
    ],
    ['personas:none,personas:diverse', ['-c', 'alone.yaml'], /^--arms, personas:none: alone has one agent/],
  ])('is refused by name: %s %j', async (list, argv, message) => {
    await expect(arms(list, ...argv)).rejects.toThrow(message);
  });
});
