import { expect, it } from 'vitest';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import type { CallSink } from '../../../src/providers/external/agent-call.ts';
import { TextTurn } from '../../../src/providers/external/text-turn.ts';
import { testRequest } from '../backend.ts';

it('keeps words before and after a call of the run’s tools apart, and takes the later ones for the reply', async () => {
  const shown: string[] = [];
  const emit: CallSink['emit'] = (event) => {
    if (event.type === 'text') shown.push(event.text);
  };
  const sink: CallSink = { emit, touch: () => undefined, told: () => Promise.resolve(), hold: (work) => work };
  const turn = new TextTurn(testRequest({ tools: workflowTools(['agent1'], 'plurality') }), sink);
  turn.say('I hand it in.');
  await turn.tools.call('new_answer', { content: 'It scatters.' });
  for (const piece of ['It is', ' done.']) turn.say(piece);
  expect(shown.join('')).toBe('I hand it in.\n\nIt is done.');
  expect(turn.end()).toMatchObject({ message: { text: 'It is done.', reasoning: 'I hand it in.' } });
});
