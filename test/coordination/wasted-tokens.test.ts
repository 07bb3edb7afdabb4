import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import { countWaste } from '../../src/coordination/wasted-tokens.ts';
import { answered, eventsOf, finished, started, turn, voted } from '../sessions/told-events.ts';

const waste = (...drafts: EventDraft[]): number => countWaste(eventsOf(started(), ...drafts));
const refused: EventDraft = {
  type: 'call.refused',
  agent: 'agent1',
  data: { turn: 't', callId: null, name: null, code: 'no-call', message: 'No.' },
};
const failed: EventDraft = {
  type: 'request.failed',
  agent: 'agent1',
  data: {
    turn: 't',
    request: 't.2',
    error: { kind: 'network', message: 'Cut.' },
    usage: { input: 3, output: 4, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
    costUsd: 0,
    retryInMs: null,
  },
};

describe('wasted tokens', () => {
  it.each<[string, EventDraft[], number]>([
    ['are none in a turn that answered', turn('agent1', 't', 'draft', ...answered('agent1', 't', 1, 'x')), 0],
    ['are none in a vote that counts', turn('agent1', 't', 'judge', ...voted('agent1', 't', 'agent2.1', [])), 0],
    ['are those of an interrupted turn', turn('agent1', 't', 'judge', finished('agent1', 't', 'aborted')), 15],
    ['are those of a call that failed', [failed], 7],
    ['are those of a reply that was refused, once', turn('agent1', 't', 'judge', refused, refused), 15],
    [
      'are those of a refused reply once when the agent then abstains',
      turn('agent1', 't', 'judge', refused, finished('agent1', 't', 'abstained')),
      15,
    ],
    [
      'are those of votes that a later answer made void, once',
      [
        ...turn('agent1', 't', 'judge', ...voted('agent1', 't', 'agent2.1', [])),
        ...turn('agent2', 'u', 'judge', ...answered('agent2', 'u', 2, 'x')),
        ...turn('agent1', 'v', 'judge', ...answered('agent1', 'v', 2, 'y')),
      ],
      15,
    ],
  ])('%s', (_, drafts, tokens) => {
    expect(waste(...drafts)).toBe(tokens);
  });
});
