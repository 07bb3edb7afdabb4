import { expect, it } from 'vitest';
import { VOTE, workflowTools } from '../../src/coordination/protocol.ts';

function rankingOf(rule: 'copeland' | 'approval'): unknown {
  const vote = workflowTools(['agent2', 'agent1'], rule).find((tool) => tool.name === VOTE);
  return (vote?.parameters['properties'] as { ranking: unknown } | undefined)?.ranking;
}

it('tells voters what a ranking means: an order, or with approval whatever is good enough', () => {
  const items = { type: 'string', enum: ['agent1', 'agent2'] };
  expect([rankingOf('copeland'), rankingOf('approval')]).toEqual([
    { type: 'array', items, description: 'Optional: all agents you can rank, best first, beginning with agent_id.' },
    {
      type: 'array',
      items,
      description: 'Optional: all agents whose answers you approve of, beginning with agent_id.',
    },
  ]);
});
