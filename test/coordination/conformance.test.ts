import { describe, expect, it } from 'vitest';
import { agentOf, countingBallots, statusOf } from '../../src/coordination/views.ts';
import type { EventData, EventType } from '../../src/events/event.ts';
import type { StopReason } from '../../src/events/model-error.ts';
import { SimulatedTeam } from './simulated-team.ts';

function dataOf<T extends EventType>(team: SimulatedTeam, type: T): EventData[T][] {
  return team.events.flatMap((event) => (event.type === type ? [event.data as EventData[T]] : []));
}

/** Everybody has answered; the judging has begun. */
function judging(agents: number, settings: ConstructorParameters<typeof SimulatedTeam>[1] = {}): SimulatedTeam {
  const team = new SimulatedTeam(agents, settings);
  for (const alias of team.state.order) team.move(alias, { do: 'answer', text: `the answer of ${alias}` });
  return team;
}

/** Agent 1 has won with this draft, and presents. */
function decided({ text, stopReason = 'end' }: { text: string; stopReason?: StopReason }): SimulatedTeam {
  const team = new SimulatedTeam(2, { finalAnswer: 'present' });
  team.move('agent1', { do: 'say', text, stopReason });
  if (stopReason === 'max-tokens') team.move('agent1', { do: 'say', text, stopReason });
  team.move('agent2', { do: 'answer', text: 'another answer' });
  for (const voter of ['agent1', 'agent2']) team.move(voter, { do: 'vote', for: 'agent1' });
  return team;
}

describe('one question, several agents', () => {
  it('the answer that all vote for wins, and the events come in order', () => {
    const team = judging(2);
    team.move('agent1', { do: 'vote', for: 'agent1', reason: 'mine is shorter' });
    team.move('agent2', { do: 'vote', for: 'agent1', reason: 'it is right' });
    expect(team.types).toEqual([
      'run.started',
      'turn.started',
      'turn.started',
      'request.started',
      'request.finished',
      'answer.submitted',
      'turn.finished',
      'request.started',
      'request.finished',
      'answer.submitted',
      'turn.finished',
      'turn.started',
      'turn.started',
      'request.started',
      'request.finished',
      'ballot.cast',
      'turn.finished',
      'request.started',
      'request.finished',
      'ballot.cast',
      'turn.finished',
      'winner.chosen',
      'answer.presented',
      'run.finished',
    ]);
    expect(team.state.winner?.label).toBe('agent1.1');
    expect(team.state.final?.text).toBe('the answer of agent1');
    expect(team.state.end?.outcome).toBe('answered');
  });

  it.each([
    ['earliest-answer', 'agent2.1'],
    ['registration', 'agent1.1'],
  ] as const)('a tie is broken by the rule that was asked for: %s', (tieBreak, winner) => {
    const team = new SimulatedTeam(2, { tieBreak });
    team.move('agent2', { do: 'answer', text: 'second in the config, first to answer' });
    team.move('agent1', { do: 'answer', text: 'first in the config' });
    team.move('agent1', { do: 'vote', for: 'agent1' });
    team.move('agent2', { do: 'vote', for: 'agent2' });
    expect(team.state.winner).toMatchObject({ label: winner, tie: { decidedBy: tieBreak } });
    expect(team.state.winner?.reason).not.toBe('');
  });

  it('a vote with no answers to vote on is refused, and the answer that follows is taken', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'vote', for: 'agent2' });
    team.move('agent1', { do: 'answer', text: 'then this' });
    expect(dataOf(team, 'call.refused').map((refusal) => refusal.code)).toEqual(['nothing-to-vote-on']);
    expect(agentOf(team.state, 'agent1').answers.map((answer) => answer.text)).toEqual(['then this']);
  });

  it('two votes, or a vote with an answer, are refused; the third failure puts the agent out and the others finish', () => {
    const team = judging(3);
    const both: [string, { agent_id: string; reason: string } | { content: string }][] = [
      ['vote', { agent_id: 'agent1', reason: '' }],
      ['new_answer', { content: 'and an answer' }],
    ];
    const twice: typeof both = [
      ['vote', { agent_id: 'agent1', reason: '' }],
      ['vote', { agent_id: 'agent2', reason: '' }],
    ];
    team.move('agent3', { do: 'call', calls: both });
    team.move('agent3', { do: 'call', calls: twice });
    expect(statusOf(team.state, 'agent3')).toBe('streaming');
    team.move('agent3', { do: 'call', calls: both });
    expect(statusOf(team.state, 'agent3')).toBe('abstained');
    team.move('agent1', { do: 'vote', for: 'agent2' });
    team.move('agent2', { do: 'vote', for: 'agent2' });
    expect(team.state.winner?.label).toBe('agent2.1');
    expect(team.state.ballots).toHaveLength(2);
  });

  it('a word-for-word copy of an answer is refused and recorded nowhere', () => {
    const team = judging(2);
    team.move('agent2', { do: 'answer', text: '  the answer of agent1\n' });
    expect(dataOf(team, 'call.refused')).toMatchObject([{ code: 'duplicate-answer', callId: 'call-3' }]);
    expect(agentOf(team.state, 'agent2').answers).toHaveLength(1);
    expect(dataOf(team, 'call.refused')[0]?.message).not.toContain('member');
  });

  it('an answer that arrives while another agent judges can be seen and voted for in the same turn', () => {
    const team = judging(2);
    team.move('agent2', { do: 'call', calls: [['calculator', {}]] });
    team.move('agent1', { do: 'answer', text: 'a better answer' });
    team.update('agent2');
    expect(dataOf(team, 'update.delivered')[0]?.view.toSorted()).toEqual(['agent1.2', 'agent2.1']);
    team.move('agent2', { do: 'vote', for: 'agent1' });
    expect(countingBallots(team.state)).toMatchObject([{ voter: 'agent2', choice: 'agent1.2' }]);
  });

  it('a revision voids a ballot that was formed before it, and the voter is asked again', () => {
    const team = judging(2);
    team.move('agent1', { do: 'answer', text: 'revised' });
    team.move('agent2', { do: 'vote', for: 'agent1' });
    expect(team.state.ballots).toMatchObject([{ voter: 'agent2', choice: 'agent1.1', voidedBy: 'agent1.2' }]);
    expect(countingBallots(team.state)).toEqual([]);
    expect(team.working).toEqual(['agent1', 'agent2']);
  });

  it('a vote and an answer at the same moment leave no ballot that counts', () => {
    const team = judging(3);
    team.move('agent1', { do: 'vote', for: 'agent1' });
    team.move('agent2', { do: 'answer', text: 'at the same moment' });
    expect(countingBallots(team.state)).toEqual([]);
    expect(agentOf(team.state, 'agent1').ballot?.voidedBy).toBe('agent2.2');
  });

  it('the run finishes without an agent whose model is dead, after one request to it', () => {
    const team = new SimulatedTeam(3);
    team.move('agent2', { do: 'fail', message: 'OPENAI_API_KEY was refused.' });
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent3', { do: 'answer', text: 'three' });
    team.move('agent1', { do: 'vote', for: 'agent3' });
    team.move('agent3', { do: 'vote', for: 'agent3' });
    expect(team.state.end?.outcome).toBe('answered');
    expect(agentOf(team.state, 'agent2')).toMatchObject({ standing: 'failed', requests: 1, trouble: { kind: 'auth' } });
  });

  it('an agent at its cap must vote', () => {
    const team = judging(2, { maxAnswersPerAgent: 1 });
    team.move('agent1', { do: 'answer', text: 'one more' });
    expect(dataOf(team, 'call.refused').map((refusal) => refusal.code)).toEqual(['answer-cap']);
    team.move('agent1', { do: 'vote', for: 'agent1' });
    team.move('agent2', { do: 'vote', for: 'agent1' });
    expect(team.state.winner?.label).toBe('agent1.1');
  });

  it('a deadline with only void ballots takes the earliest current answer and says so', () => {
    const team = new SimulatedTeam(2);
    team.move('agent2', { do: 'answer', text: 'early' });
    team.move('agent1', { do: 'answer', text: 'late' });
    team.move('agent1', { do: 'vote', for: 'agent2' });
    team.move('agent2', { do: 'answer', text: 'revised' });
    team.record({ type: 'deadline.reached', data: { limitMs: 1000 } });
    for (const alias of team.working) team.move(alias, { do: 'say', text: 'too late' });
    expect(team.state.winner).toMatchObject({ label: 'agent1.1', rule: 'fallback', ballots: 0 });
    expect(team.state.end?.outcome).toBe('timed-out');
    expect(team.state.winner?.reason).toBe(
      'The time limit was reached. No ballot counts, so the earliest of the current answers was taken.',
    );
  });

  it('a deadline during the presentation presents the winning answer, once', () => {
    const team = judging(2, { finalAnswer: 'present' });
    team.move('agent1', { do: 'vote', for: 'agent2' });
    team.move('agent2', { do: 'vote', for: 'agent2' });
    expect(team.kindOf('agent2')).toBe('present');
    team.record({ type: 'deadline.reached', data: { limitMs: 1000 } });
    team.move('agent2', { do: 'say', text: 'half of a presen' });
    expect(dataOf(team, 'answer.presented')).toEqual([
      {
        text: 'the answer of agent2',
        source: 'winning-answer',
        mode: 'present',
        notice: 'The time limit was reached, so this is the winning answer as it was submitted.',
      },
    ]);
    expect(team.state.end?.outcome).toBe('timed-out');
  });

  it('one agent alone answers in one request and needs no vote', () => {
    const team = new SimulatedTeam(1, { finalAnswer: 'present' });
    expect(team.kindOf('agent1')).toBe('solo');
    team.move('agent1', { do: 'say', text: 'forty-two' });
    expect(team.types).toEqual([
      'run.started',
      'turn.started',
      'request.started',
      'request.finished',
      'answer.submitted',
      'turn.finished',
      'winner.chosen',
      'answer.presented',
      'run.finished',
    ]);
    expect(team.state.final).toMatchObject({ text: 'forty-two', notice: null });
  });
});

describe('beyond the original', () => {
  it('a ballot that names a real id is refused with the names that can be voted for', () => {
    const team = judging(2);
    team.move('agent1', { do: 'vote', for: 'member-2' });
    expect(dataOf(team, 'call.refused')).toMatchObject([
      { code: 'unknown-target', message: 'There is no answer by that name. Vote for one of: agent1, agent2.' },
    ]);
  });

  it('an agent is asked to judge again only when nobody can change the answers any more', () => {
    const team = judging(3);
    team.move('agent1', { do: 'answer', text: 'revised one' });
    expect(team.working).toEqual(['agent2', 'agent3']);
    team.move('agent2', { do: 'answer', text: 'revised two' });
    expect(team.working).toEqual(['agent3']);
    team.move('agent3', { do: 'vote', for: 'agent1' });
    expect(team.working).toEqual(['agent1', 'agent2', 'agent3']);
    expect(team.state.agents['agent1']?.requests).toBe(2);
  });

  it('with restarting updates, an agent that judges stale answers begins anew at once', () => {
    const team = judging(3, { updates: 'restart' });
    team.move('agent1', { do: 'answer', text: 'revised' });
    expect(dataOf(team, 'turn.interrupted')).toHaveLength(2);
    team.move('agent2', { do: 'vote', for: 'agent1' });
    expect(team.state.ballots).toEqual([]);
    expect(agentOf(team.state, 'agent2').turn?.view.toSorted()).toEqual(['agent1.2', 'agent2.1', 'agent3.1']);
  });

  it('an agent that was told of new answers as often as it may be is asked to judge anew', () => {
    const team = judging(4, { maxUpdatesPerTurn: 1, maxAnswersPerAgent: 3 });
    team.move('agent1', { do: 'answer', text: 'revised one' });
    team.update('agent4');
    team.move('agent2', { do: 'answer', text: 'revised two' });
    team.update('agent4');
    expect(agentOf(team.state, 'agent4').turn?.view.toSorted()).toEqual([
      'agent1.2',
      'agent2.1',
      'agent3.1',
      'agent4.1',
    ]);
    team.move('agent4', { do: 'vote', for: 'agent1' });
    expect(countingBallots(team.state)).toEqual([]);
    team.move('agent3', { do: 'vote', for: 'agent1' });
    expect([team.working, dataOf(team, 'update.delivered').length]).toEqual([
      ['agent1', 'agent2', 'agent3', 'agent4'],
      1,
    ]);
  });

  it('a presenter that fails leaves the winning answer, with a notice', () => {
    const team = judging(2, { finalAnswer: 'present' });
    team.move('agent1', { do: 'vote', for: 'agent2' });
    team.move('agent2', { do: 'vote', for: 'agent2' });
    team.move('agent2', { do: 'fail' });
    expect(team.state.final).toMatchObject({
      text: 'the answer of agent2',
      notice: 'The presenter did not finish, so this is the winning answer as it was submitted.',
    });
    expect(team.state.end?.outcome).toBe('answered');
  });

  it('an agent that answers in plain words has answered', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'say', text: 'It is blue.' });
    expect(agentOf(team.state, 'agent1').answers).toMatchObject([
      { label: 'agent1.1', text: 'It is blue.', source: 'text', isCut: false },
    ]);
  });

  it('a draft that was cut off is asked for once more, then taken and marked', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'say', text: 'It is bl', stopReason: 'max-tokens' });
    expect(dataOf(team, 'call.refused').map((refusal) => refusal.code)).toEqual(['cut-off']);
    team.move('agent1', { do: 'say', text: 'It is blu', stopReason: 'max-tokens' });
    expect(agentOf(team.state, 'agent1').answers).toMatchObject([{ text: 'It is blu', isCut: true }]);
  });

  it('a final answer that was cut off is asked for once more, then the whole answer that won is taken', () => {
    const team = decided({ text: 'the whole answer' });
    team.move('agent1', { do: 'say', text: 'The ans', stopReason: 'max-tokens' });
    expect([team.kindOf('agent1'), dataOf(team, 'call.refused').map(({ code }) => code)]).toEqual([
      'present',
      ['cut-off'],
    ]);
    team.move('agent1', { do: 'say', text: 'The answ', stopReason: 'max-tokens' });
    expect(team.state.final).toMatchObject({
      text: 'the whole answer',
      source: 'winning-answer',
      notice: 'The presenter did not finish, so this is the winning answer as it was submitted.',
    });
  });

  it('a final answer that was cut off is taken, and told, where no whole one won', () => {
    const team = decided({ text: 'It is bl', stopReason: 'max-tokens' });
    team.move('agent1', { do: 'say', text: 'The ans', stopReason: 'max-tokens' });
    team.move('agent1', { do: 'say', text: 'The answ', stopReason: 'max-tokens' });
    expect(team.state.final).toMatchObject({
      text: 'The answ',
      source: 'presenter',
      notice: 'Its model stopped at its output limit, so the answer is cut off.',
    });
  });

  it.each([{ do: 'answer', text: 'All of it.' } as const, { do: 'vote', for: 'agent1' } as const])(
    'a presenter is to reply with the final answer itself, and not to %o',
    (move) => {
      const team = decided({ text: 'the whole answer' });
      team.move('agent1', { ...move, beside: 'Here it is:' });
      expect(dataOf(team, 'call.refused').map(({ code }) => code)).toEqual(['wrong-phase']);
      team.move('agent1', { do: 'say', text: 'All of it.' });
      expect(team.state.final).toMatchObject({ text: 'All of it.', source: 'presenter', notice: null });
    },
  );

  it('the answer of one agent alone that was cut off is told as such', () => {
    const team = new SimulatedTeam(1);
    team.move('agent1', { do: 'say', text: 'It is bl', stopReason: 'max-tokens' });
    expect(team.state.final).toMatchObject({
      text: 'It is bl',
      notice: 'Its model stopped at its output limit, so the answer is cut off.',
    });
  });

  it('when only one answer exists, nobody is asked to vote for it', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'fail' });
    team.move('agent2', { do: 'answer', text: 'alone' });
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', rule: 'only-answer' });
    expect(dataOf(team, 'turn.started').map((turn) => turn.kind)).toEqual(['draft', 'draft']);
  });

  it('an answer that is left since the user vetoed the others says so', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent2', { do: 'answer', text: 'two' });
    team.send({ type: 'veto', label: 'agent1.1', reason: 'No.' });
    while (team.working.length > 0 && !team.state.winner) team.move(team.working[0] ?? '', { do: 'fail' });
    expect(team.state.winner?.reason).toBe('It is the only answer that was not vetoed; no vote was needed.');
  });

  it('when every agent fails the run fails and names the reasons by the ids of the config', () => {
    const team = new SimulatedTeam(2);
    team.move('agent1', { do: 'fail', message: 'No key.' });
    team.move('agent2', { do: 'fail', message: 'No route.' });
    expect(team.state.end).toEqual({
      outcome: 'failed',
      reason: 'No agent could answer. member-1: No key. member-2: No route.',
    });
  });

  it('a ranking keeps only answers that were shown, beginning with the choice', () => {
    const team = judging(3);
    team.move('agent1', { do: 'vote', for: 'agent3', ranking: ['agent2', 'nobody', 'agent3', 'agent2'] });
    expect(team.state.ballots[0]?.ranking).toEqual(['agent3.1', 'agent2.1']);
  });

  it('a rewording is refused when novelty is asked for', () => {
    const team = new SimulatedTeam(2, { novelty: 'strict' });
    team.move('agent1', { do: 'answer', text: 'the cat sat on the mat today' });
    team.move('agent2', { do: 'answer', text: 'something else entirely' });
    team.move('agent2', { do: 'answer', text: 'the cat sat on the mat yesterday' });
    expect(dataOf(team, 'call.refused').map((refusal) => refusal.code)).toEqual(['not-novel']);
  });

  it('a rewording of its author’s own answer is refused as well, as in the original', () => {
    const team = new SimulatedTeam(2, { novelty: 'strict' });
    team.move('agent1', { do: 'answer', text: 'the cat sat on the mat today' });
    team.move('agent2', { do: 'answer', text: 'something else entirely' });
    team.move('agent1', { do: 'answer', text: 'the cat sat on the mat yesterday' });
    expect(dataOf(team, 'call.refused').map((refusal) => refusal.code)).toEqual(['not-novel']);
  });

  it('an agent that only ever uses tools is stopped by the cap on rounds', () => {
    const team = new SimulatedTeam(2, { maxToolRounds: 3 });
    for (let round = 0; round < 3; round += 1) team.move('agent1', { do: 'call', calls: [['calculator', {}]] });
    expect(agentOf(team.state, 'agent1')).toMatchObject({ standing: 'failed', trouble: { kind: 'protocol' } });
  });
});
