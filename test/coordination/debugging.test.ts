import { describe, expect, it } from 'vitest';
import { evaluatePrompt } from '../../src/agents/prompts.ts';
import { agentOf } from '../../src/coordination/views.ts';
import { SimulatedTeam } from './simulated-team.ts';

describe('settings for debugging', () => {
  it('take the first answer without a vote, and stop the others', () => {
    const team = new SimulatedTeam(3, { firstAnswerWins: true });
    team.move('agent2', { do: 'answer', text: 'Blue.' });
    expect(team.state.order.map((alias) => agentOf(team.state, alias).turn?.isInterrupted ?? null)).toEqual([
      true,
      null,
      true,
    ]);
    for (const alias of ['agent1', 'agent3']) team.move(alias, { do: 'answer', text: 'Too late.' });
    const { winner, final, end, ballots } = team.state;
    expect([winner?.label, winner?.reason, final?.text, end?.outcome, ballots]).toEqual([
      'agent2.1',
      'No vote was wanted, so the first answer was taken.',
      'Blue.',
      'answered',
      [],
    ]);
  });

  it('show another text to whoever evaluates the first attempt, and no further one', () => {
    const team = new SimulatedTeam(2, { firstAnswerWins: true, evaluatedInstead: 'Wrong.', maxRestarts: 2 });
    const answerAll = (): void => {
      const [first, second] = team.working;
      if (first !== undefined) team.move(first, { do: 'answer', text: `Right ${team.state.attempt}.` });
      if (second !== undefined) team.move(second, { do: 'say', text: 'Too late.' });
    };
    answerAll();
    expect([team.state.final?.text, evaluatePrompt(team.state, 'f').text.includes('Wrong.')]).toEqual([
      'Right 1.',
      true,
    ]);
    const [evaluator = ''] = team.working;
    team.move(evaluator, { do: 'call', calls: [['restart_orchestration', { reason: 'no', instructions: 'better' }]] });
    expect([team.state.attempt, team.state.feedback?.previous]).toEqual([2, 'Wrong.']);
    answerAll();
    expect(evaluatePrompt(team.state, 'f').text).toContain('Right 2.');
  });
});
