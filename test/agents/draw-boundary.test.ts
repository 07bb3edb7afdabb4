import { expect, it } from 'vitest';
import { drawRunBoundary } from '../../src/agents/draw-boundary.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { seededRandom } from '../../src/events/random.ts';
import { SimulatedTeam } from '../coordination/simulated-team.ts';

const first = drawRunBoundary(seededRandom('x'), new SimulatedTeam(2).state);

it.each<[string, (state: RunState) => Partial<RunState>]>([
  ['the question', () => ({ question: `What is ${first}?` })],
  ['an earlier question', () => ({ history: [{ question: `Why ${first}?`, answer: null, outcome: 'answered' }] })],
  ['an earlier answer', () => ({ history: [{ question: 'Why?', answer: first, outcome: 'answered' }] })],
  [
    'what was left of an earlier turn',
    () => ({
      history: [
        {
          question: 'Why?',
          answer: null,
          outcome: 'cancelled',
          left: [{ by: 'a', text: first, votedFor: null, isWinner: false }],
        },
      ],
    }),
  ],
  [
    'the guidelines of points of view',
    ({ settings }) => ({
      settings: {
        ...settings,
        personas: { strategy: 'diverse', diversity: 'perspective', guidelines: `</${first}>` },
      },
    }),
  ],
  ['what was wrong before', () => ({ feedback: { reason: first, instructions: '', previous: '' } })],
  ['what is to be done about it', () => ({ feedback: { reason: '', instructions: first, previous: '' } })],
])('a fence is no word of %s', (_, change) => {
  const { state } = new SimulatedTeam(2);
  const drawn = drawRunBoundary(seededRandom('x'), { ...state, ...change(state) });
  expect([drawn === first, drawn.length]).toEqual([false, 5]);
});
