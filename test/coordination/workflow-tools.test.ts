import { expect, it } from 'vitest';
import { agentOf } from '../../src/coordination/views.ts';
import { NEW_ANSWER, partTools, VOTE, workflowTools } from '../../src/coordination/protocol.ts';
import { SimulatedTeam } from './simulated-team.ts';

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

it('tells voters whether their own answers count', () => {
  const told = [true, false].map(
    (counts) => workflowTools(['agent1', 'agent2'], 'copeland', null, counts)[1]?.description,
  );
  expect(told).toEqual([
    'Vote for the best of the answers you have been shown. Your own answer may be the best one.',
    'Vote for the best of the answers you have been shown. Choose among those of the others: a vote for your own does not count.',
  ]);
});

it.each([
  ['team', (at: number | null) => workflowTools(['agent1'], 'copeland', at)],
  ['team that shares the work', partTools],
])('asks the authors of a %s for summaries only where these are wanted', (_, tools) => {
  const keysOf = (at: number | null): string[] => {
    const answer = tools(at).find((tool) => tool.name === NEW_ANSWER);
    return Object.keys((answer?.parameters['properties'] as object | undefined) ?? {});
  };
  expect([keysOf(null), keysOf(9000)]).toEqual([['content'], ['content', 'summary']]);
  expect(JSON.stringify(tools(9000))).toContain('more than 9000 characters');
});

it.each([
  ['is kept with an answer that is long', 'x'.repeat(1001), ' In short. ', 'In short.'],
  ['of an answer that all can be shown is dropped', 'x'.repeat(1000), 'In short.', undefined],
  ['that is empty is none', 'x'.repeat(1001), '  ', undefined],
  ['is no longer than what prompts show', 'x'.repeat(1001), 's'.repeat(1500), 's'.repeat(1000)],
  ['that is no text is none', 'x'.repeat(1001), 7, undefined],
])('a summary %s', (_, content, summary, kept) => {
  const team = new SimulatedTeam(2, { peerAnswerChars: 1000, peerSummaries: true });
  team.move('agent1', { do: 'call', calls: [['new_answer', { content, summary }]] });
  expect(agentOf(team.state, 'agent1').answers.map(({ text, summary: short }) => [text, short])).toEqual([
    [content, kept],
  ]);
});
