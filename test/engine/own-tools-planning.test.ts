import { expect, test } from 'vitest';
import type { ApprovalRequest, Decision } from '../../src/tools/asks.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { ofType, runScripted } from './scripted-run.ts';

const SEND: ApprovalRequest = {
  callId: 'own-1',
  tool: 'Bash',
  action: 'Bash',
  target: 'send --to x',
  risk: 'high',
  detail: '',
  diff: null,
};

/** An agent with tools of its own: it asks for leave for the same use in every call. */
function asking(decisions: [string, Decision][]) {
  return (provider: Provider): Provider => ({
    ...provider,
    async *stream(request) {
      const decision = await request.desk?.approve(SEND, { isAllowed: true, reason: 'The mode allows it.' });
      if (decision) decisions.push([request.purpose, decision]);
      yield* provider.stream(request);
    },
  });
}

test('an agent with tools of its own plans with the others, and acts once, when it has won', async () => {
  const decisions: [string, Decision][] = [];
  const wrap = asking(decisions);
  const events = await runScripted({
    scripts: {
      ada: [
        { answer: 'A.' },
        { when: 'judge', vote: 'self' },
        { when: 'present', text: '' },
        { when: 'present', text: 'Done.' },
      ],
      bob: [{ answer: 'B.' }, { when: 'judge', vote: 'other' }],
    },
    settings: { planning: { instruction: '' }, finalAnswer: 'present' },
    isAttended: true,
    wrap: (provider, agent) => (agent.id === 'ada' ? wrap(provider) : provider),
    onStart: (handle) =>
      handle.subscribe((event) => {
        if (event.type !== 'approval.requested') return;
        handle.send({
          type: 'decide',
          request: event.data.request,
          isAllowed: true,
          scope: 'once',
          by: 'user',
          reason: '',
        });
      }),
  });
  expect(ofType(events, 'action.proposed').map(({ data: { tool, args } }) => [tool, args])).toEqual([
    ['Bash', { action: 'Bash', target: 'send --to x' }],
  ]);
  expect(decisions.map(([kind, { isAllowed }]) => [kind, isAllowed])).toEqual([
    ['draft', false],
    ['judge', false],
    ['present', true],
    ['present', false],
  ]);
  expect(ofType(events, 'action.begun')).toHaveLength(1);
});
