import { describe, expect, it } from 'vitest';
import { listTeams } from '../../src/cli/list-teams.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { withFolder } from './command-process.ts';

const FILES = {
  'good.yaml': `agents:
  - {id: a, backend: {type: openai, model: gpt-6-luna, enable_web_search: true}}
  - {id: b, backend: {type: openai, model: no-such-model}}
limits: {usd: 2}
`,
  'poor.yaml': 'agents: [{id: a, backend: {type: grok, model: grok-4.6}}]\n',
  'broken.yaml': 'agents: [{id: a, backend: {type: opnai, model: x}}]\n',
  'other.yaml': 'services: {web: {image: x}}\n',
};

describe('the teams to choose from', () => {
  it('say what they are, what they may do, what they cost and what keeps them from starting', async () => {
    const parsed = parseArguments(['--select'], '1.0.0');
    if (parsed.type !== 'options') throw new Error(parsed.text);
    const { options } = parsed;
    const found = await withFolder(FILES, async (cwd) => {
      const env = { OPENAI_API_KEY: 'x' };
      const surroundings = { cwd, home: cwd, env, warn: () => undefined };
      const teams = await listTeams(options, surroundings, ({ team }) => ({ name: team.name, agents: [] }));
      return Promise.all(
        teams
          .filter(({ origin }) => origin === 'this folder')
          .map(async ({ name, agents, trouble, missing, settings, estimate }) => ({
            name,
            tools: agents.map((agent) => agent.tools ?? []),
            missing: missing ?? [],
            isReady: trouble === null,
            says: /opnai/.test(trouble ?? ''),
            isBound: (settings ?? []).includes('may use $2'),
            isComplete: (await estimate?.())?.isComplete ?? null,
          })),
      );
    });
    const none = { tools: [[]], missing: [], isReady: false, says: false, isBound: false, isComplete: null };
    expect(found).toEqual([
      { ...none, name: 'broken', tools: expect.anything(), says: true },
      { ...none, name: 'good', tools: [['web search'], []], isReady: true, isBound: true, isComplete: false },
      { ...none, name: 'poor', missing: [{ variables: ['XAI_API_KEY'], agents: ['a'] }] },
    ]);
  });
});
