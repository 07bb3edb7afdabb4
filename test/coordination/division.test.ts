import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedParts, missingParts } from '../../src/coordination/division.ts';
import { agentOf } from '../../src/coordination/views.ts';
import type { Alias, PreparedText } from '../../src/events/event.ts';
import type { CoordinationSettings } from '../../src/events/settings.ts';
import { SimulatedTeam } from './simulated-team.ts';

function divided(parts: Record<Alias, Alias[]>, settings: Partial<CoordinationSettings> = {}): SimulatedTeam {
  const team = new SimulatedTeam(3, { subtasks: 'asked-for', ...settings });
  team.finishPreparation(
    Object.fromEntries(
      Object.entries(parts).map(([alias, dependsOn]): [Alias, PreparedText] => [
        alias,
        { text: `part of ${alias}`, dependsOn },
      ]),
    ),
  );
  return team;
}

describe('divided work', () => {
  it('begins with parts that need no other, shows the others what they need, and takes no vote', () => {
    const team = divided({ agent1: [], agent2: ['agent1'], agent3: ['agent1', 'agent2'] });
    expect(team.working).toEqual(['agent1']);
    team.move('agent1', { do: 'answer', text: 'one' });
    expect(team.working).toEqual(['agent2']);
    expect(agentOf(team.state, 'agent2').turn?.view).toEqual(['agent1.1']);
    team.move('agent2', { do: 'answer', text: 'two' });
    expect(agentOf(team.state, 'agent3').turn?.view).toEqual(['agent1.1', 'agent2.1']);
    team.move('agent3', { do: 'answer', text: 'three' });
    expect(team.state.winner).toMatchObject({ label: 'agent3.1', rule: 'division', ballots: 0 });
    expect(team.state.final?.text).toBe('one\n\ntwo\n\nthree');
  });

  it('is put together by the agent that handed in last', () => {
    const team = divided({ agent1: [], agent2: [], agent3: [] }, { finalAnswer: 'present' });
    for (const alias of ['agent3', 'agent1', 'agent2']) team.move(alias, { do: 'answer', text: alias });
    expect([team.working, team.kindOf('agent2')]).toEqual([['agent2'], 'present']);
    team.move('agent2', { do: 'say', text: 'All of it.' });
    expect(team.state.final?.text).toBe('All of it.');
  });

  it('goes on without an agent that fails, and knows what is missing', () => {
    const team = divided({ agent1: [], agent2: ['agent1'], agent3: [] }, { finalAnswer: 'present' });
    team.move('agent1', { do: 'fail' });
    expect(agentOf(team.state, 'agent2').turn?.view).toEqual([]);
    team.move('agent3', { do: 'answer', text: 'three' });
    team.move('agent2', { do: 'answer', text: 'two' });
    expect(missingParts(team.state)).toEqual([{ alias: 'agent1', text: 'part of agent1' }]);
    expect(team.kindOf('agent2')).toBe('present');
    team.move('agent2', { do: 'fail' });
    expect(team.state.final?.text).toBe(joinedParts(team.state));
  });

  it('asks nothing of an agent without a part', () => {
    const team = divided({ agent1: [], agent2: [] });
    expect(team.working).toEqual(['agent1', 'agent2']);
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent2', { do: 'answer', text: 'two' });
    expect(team.state.end?.outcome).toBe('answered');
  });

  it('ends with one part where the user chose that one', () => {
    const team = divided({ agent1: [], agent2: [], agent3: [] });
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent2', { do: 'answer', text: 'two' });
    team.send({ type: 'override', label: 'agent1.1' });
    team.move('agent3', { do: 'answer', text: 'three' });
    expect([team.state.winner?.rule, team.state.final?.text]).toEqual(['override', 'one']);
  });

  it('refuses votes', () => {
    const team = divided({ agent1: [], agent2: ['agent1'], agent3: [] });
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent2', { do: 'vote', for: 'agent1' });
    expect([team.types.includes('ballot.cast'), team.working]).toEqual([false, ['agent2', 'agent3']]);
  });

  it('is done by all on the whole question where it could not be divided', () => {
    const team = divided({});
    expect(team.working).toEqual(['agent1', 'agent2', 'agent3']);
    for (const alias of team.working) team.move(alias, { do: 'answer', text: alias });
    expect(team.kindOf('agent1')).toBe('judge');
  });

  it('never lets an agent begin before what it needs is there, whoever is quick', () => {
    const needs = fc.record({
      agent1: fc.constant<Alias[]>([]),
      agent2: fc.subarray<Alias>(['agent1']),
      agent3: fc.subarray<Alias>(['agent1', 'agent2']),
    });
    fc.assert(
      fc.property(needs, fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 9 }), (parts, moves) => {
        const team = divided(parts);
        for (const [who, fails] of [...moves, ...Array.from({ length: 9 }, (): [number, boolean] => [0, false])]) {
          for (const alias of team.working) {
            const owed = parts[alias as keyof typeof parts].filter((other) => {
              const { standing, answers } = agentOf(team.state, other);
              return standing === 'active' && answers.length === 0;
            });
            expect(owed).toEqual([]);
          }
          const alias = team.working[who % Math.max(1, team.working.length)];
          if (alias !== undefined) team.move(alias, fails ? { do: 'fail' } : { do: 'answer', text: alias });
        }
        expect(team.types.at(-1)).toBe('run.finished');
      }),
    );
  });
});
