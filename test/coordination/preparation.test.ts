import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPreparation, readTexts, readVariants, withoutCircles } from '../../src/coordination/preparation.ts';
import type { Alias, PreparedText } from '../../src/events/event.ts';
import { SimulatedTeam } from './simulated-team.ts';

const ORDER = ['agent1', 'agent2', 'agent3'];
const personas = { strategy: 'diverse', diversity: 'perspective', guidelines: '' } as const;
const rewording = { variants: 2, strategy: 'balanced', threshold: 0, thinks: false } as const;

/** Whether following dependencies from any agent comes back to it. */
function hasCircle(texts: Record<Alias, PreparedText>): boolean {
  const visit = (alias: Alias, path: readonly Alias[]): boolean =>
    path.includes(alias) || (texts[alias]?.dependsOn ?? []).some((next) => visit(next, [...path, alias]));
  return Object.keys(texts).some((alias) => visit(alias, []));
}

describe('what is prepared', () => {
  it('is begun before anybody drafts, and drafts wait for all of it', () => {
    const team = new SimulatedTeam(2, { personas, rewording });
    expect([team.working, team.state.preparing]).toEqual([[], ['personas', 'rewording']]);
    expect(nextPreparation(team.state)).toBe('wait');
    team.finishPreparation({});
    expect(team.working).toEqual([]);
    team.finishPreparation({});
    expect([team.working, nextPreparation(team.state)]).toEqual([['agent1', 'agent2'], null]);
  });

  it('is nothing for one agent alone', () => {
    expect(new SimulatedTeam(1, { personas, rewording, subtasks: 'asked-for' }).working).toEqual(['agent1']);
  });

  it('is counted in what the run costs', () => {
    const team = new SimulatedTeam(2, { personas });
    team.finishPreparation({});
    expect([team.state.usage.input, team.state.cost.usd]).toEqual([8, 0.01]);
  });

  it('is begun anew after a crash, unless it is there', () => {
    const team = new SimulatedTeam(2, { personas, rewording });
    team.finishPreparation({ agent1: { text: 'Doubt.', dependsOn: [] } });
    team.record({ type: 'run.resumed', data: { epoch: 2 } });
    expect(team.types.filter((type) => type === 'preparation.started')).toHaveLength(3);
    expect(team.state.prepared).toEqual({ personas: { agent1: { text: 'Doubt.', dependsOn: [] } } });
  });

  it('does not hold up the end of the run', () => {
    const team = new SimulatedTeam(2, { personas });
    team.record({ type: 'deadline.reached', data: { limitMs: 1 } });
    expect(team.state.end?.outcome).toBe('timed-out');
  });
});

describe('what a model says for the agents', () => {
  const name = fc.oneof(fc.constantFrom(...ORDER), fc.string());
  const entry = fc.oneof(
    fc.record({ agent: name, text: fc.string(), depends_on: fc.array(name) }),
    fc.jsonValue().map((value) => value as never),
  );
  const said = fc.oneof(
    fc.record({ agents: fc.array(entry) }),
    fc.jsonValue().map((value) => value as never),
  );

  it('becomes texts of known agents without circles, whatever it is', () => {
    fc.assert(
      fc.property(said, (value) => {
        const texts = readTexts(value, ORDER);
        expect(ORDER).toEqual(expect.arrayContaining(Object.keys(texts)));
        expect(Object.values(texts).every(({ text }) => text.trim() !== '')).toBe(true);
        expect(hasCircle(texts)).toBe(false);
      }),
    );
  });

  it('is taken as it is where it fits', () => {
    const value = {
      agents: [
        { agent: 'agent2', text: ' Write. ', depends_on: ['agent1', 'agent2', 'nobody'] },
        { agent: 'agent1', text: 'Read.' },
        { agent: 'agent1', text: 'Again.' },
        { agent: 'agent3', text: '  ' },
      ],
    };
    expect(readTexts(value, ORDER)).toEqual({
      agent1: { text: 'Read.', dependsOn: [] },
      agent2: { text: 'Write.', dependsOn: ['agent1'] },
    });
  });

  it('loses no dependency where there is no circle', () => {
    const forward = fc.tuple(fc.subarray(['agent1']), fc.subarray(['agent1', 'agent2']));
    fc.assert(
      fc.property(forward, ([second, third]) => {
        const texts = {
          agent1: { text: 'a', dependsOn: [] },
          agent2: { text: 'b', dependsOn: second },
          agent3: { text: 'c', dependsOn: third },
        };
        expect(withoutCircles(texts, ORDER)).toEqual(texts);
      }),
    );
  });
});

describe('rewordings', () => {
  const value = {
    variants: [
      { text: 'What is it?', likeness: 1 },
      { text: 'What might it be?', likeness: 0.9 },
      { text: 'Where is it?', likeness: 0.2 },
      { text: 'What might it be?', likeness: 1 },
      { text: 'Say what it is.', likeness: 1 },
      { text: 'Tell.', likeness: 1 },
      7,
    ],
  };
  const textsOf = (count: number, threshold: number): string[] =>
    ORDER.map((alias) => readVariants(value, ORDER, 'What is it?', { count, threshold })[alias]?.text ?? '');

  it('go to the agents in turn; what is no rewording, double or too unlike is left out', () => {
    expect(textsOf(2, 0.8)).toEqual(['What might it be?', 'Say what it is.', 'What might it be?']);
    expect(textsOf(3, 0)).toEqual(['What might it be?', 'Where is it?', 'Say what it is.']);
  });

  it('are none where the model says nothing usable', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (anything) => {
        const read = readVariants(anything as never, ORDER, 'What?', { count: 3, threshold: 0.5 });
        expect(Object.values(read).every(({ text }) => text.trim() !== '')).toBe(true);
      }),
    );
    expect(readVariants({ variants: [] }, ORDER, 'What?', { count: 3, threshold: 0 })).toEqual({});
  });
});
