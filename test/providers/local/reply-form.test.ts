import { describe, expect, it } from 'vitest';
import { fenceAnswers } from '../../../src/coordination/fence.ts';
import { evaluationTools, workflowTools } from '../../../src/coordination/protocol.ts';
import { replyForm } from '../../../src/providers/local/reply-form.ts';
import { testRequest } from '../backend.ts';

const tools = workflowTools(['agent1', 'agent2', 'agent3'], 'plurality');
const answers = [
  { label: 'agent2.1', alias: 'agent2', text: 'Two.' },
  { label: 'agent1.1', alias: 'agent1', text: 'One.' },
];

describe('the form of a small model’s reply', () => {
  it('is a vote for one of the answers that it was shown, and for no other', () => {
    const messages = [{ role: 'user' as const, text: fenceAnswers(answers, 'xyz') }];
    const form = replyForm(testRequest({ purpose: 'judge', tools, messages }));
    expect(form).toMatchObject({ type: 'json', schema: { properties: { agent_id: { enum: ['agent1', 'agent2'] } } } });
    const args = { agent_id: 'agent2', reason: 'r' };
    expect(form.type === 'json' && form.toCall(args)).toEqual({ name: 'vote', args });
  });

  it.each([
    ['draft', { type: 'text', call: 'new_answer' }],
    ['judge', { type: 'text', call: 'new_answer' }],
    ['present', { type: 'text', call: null }],
  ] as const)('is text when it is to %s and was shown no answers', (purpose, form) => {
    expect(replyForm(testRequest({ purpose, tools }))).toEqual(form);
  });

  it.each([
    [
      { is_good: true, reason: 'r', instructions: 'i' },
      { name: 'submit', args: { confirmed: true } },
    ],
    [
      { is_good: false, reason: 'r', instructions: 'i' },
      { name: 'restart_orchestration', args: { reason: 'r', instructions: 'i' } },
    ],
  ])('is a judgement of the final answer: %j', (value, call) => {
    const form = replyForm(testRequest({ purpose: 'evaluate', tools: [...tools, ...evaluationTools()] }));
    expect(form.type === 'json' && form.toCall(value)).toEqual(call);
  });
});
