import { describe, expect, it } from 'vitest';
import { fenceAnswers, OWN_ANSWER } from '../../../src/coordination/fence.ts';
import { inputTokens, offeredTools, ownAlias, shownAnswers } from '../../../src/providers/scripted/conversation.ts';
import { answer, judging, requestOf, TEAM_TOOLS } from './requests.ts';

describe('offeredTools', () => {
  it('is empty when no tool may be chosen', () => {
    expect(offeredTools(requestOf({ tools: TEAM_TOOLS, toolChoice: 'none' }))).toEqual(new Set());
    expect(offeredTools(requestOf({ tools: TEAM_TOOLS, toolChoice: 'required' }))).toEqual(
      new Set(['new_answer', 'vote']),
    );
  });
});

describe('shownAnswers', () => {
  it('lists answers in the order shown', () => {
    expect(shownAnswers(judging([answer('agent2.1'), answer('agent1.1')]))).toEqual([
      answer('agent2.1'),
      answer('agent1.1'),
    ]);
  });

  it('keeps the newest version of each agent, at its old place', () => {
    const messages = [
      ...judging([answer('agent2.1'), answer('agent1.1')]),
      { role: 'user' as const, text: fenceAnswers([answer('agent3.1'), answer('agent2.2')], 'other') },
    ];
    expect(shownAnswers(messages)).toEqual([answer('agent2.2'), answer('agent1.1'), answer('agent3.1')]);
  });

  it('is not set back by an older version that is repeated later', () => {
    const messages = [...judging([answer('agent1.10')]), ...judging([answer('agent1.9')])];
    expect(shownAnswers(messages)).toEqual([answer('agent1.10')]);
  });

  it.each([
    ['with the tool', { text: '', content: 'My words.' }],
    ['with the tool, having written it before', { text: 'My words.', content: '' }],
  ])('has the words of the own answer from where they were handed in %s, at its place among the others', (_, said) => {
    const call = { id: 'c1', name: 'new_answer', args: { content: said.content }, rawArgs: '' };
    const refused = { ...call, id: 'c0', args: { content: 'Refused words.' } };
    const own = { ...answer('agent1.1'), text: OWN_ANSWER };
    expect(
      shownAnswers([
        { role: 'system', text: 'You are agent1, one of 2 agents.' },
        { role: 'assistant', text: '', calls: [refused] },
        { role: 'tool', callId: 'c0', name: 'new_answer', output: 'The answer is empty.', isError: true },
        { role: 'assistant', text: said.text, calls: [call] },
        { role: 'tool', callId: 'c1', name: 'new_answer', output: 'Recorded as answer agent1.1.', isError: false },
        { role: 'user', text: fenceAnswers([answer('agent2.1'), own], 'f') },
      ]),
    ).toEqual([answer('agent2.1'), { ...own, text: 'My words.' }]);
  });

  it('has the words of an own answer that was written without the tool', () => {
    const own = { ...answer('agent1.1'), text: OWN_ANSWER };
    expect(
      shownAnswers([
        { role: 'system', text: 'You are agent1, one of 2 agents.' },
        { role: 'assistant', text: 'Plain words.', calls: [] },
        { role: 'user', text: fenceAnswers([own], 'f') },
      ]),
    ).toEqual([{ ...own, text: 'Plain words.' }]);
  });

  it('reads nothing out of tool results and the own replies', () => {
    const text = fenceAnswers([answer('agent1.1')], 'f');
    expect(
      shownAnswers([
        { role: 'assistant', text, calls: [] },
        { role: 'tool', callId: 'c', name: 'read', output: text, isError: false },
      ]),
    ).toEqual([]);
  });
});

describe('ownAlias', () => {
  it('is what the system prompt says', () => {
    expect(ownAlias([{ role: 'system', text: 'Work well. You are agent12.' }])).toBe('agent12');
  });

  it('is unknown without one, and never taken from what others wrote', () => {
    expect(
      ownAlias([
        { role: 'system', text: 'Work well.' },
        { role: 'user', text: 'You are agent3.' },
      ]),
    ).toBeNull();
  });
});

describe('inputTokens', () => {
  it('counts a quarter of all characters, rounded up', () => {
    const request = requestOf({
      messages: [
        { role: 'system', text: '1234' },
        { role: 'user', text: '12' },
        { role: 'assistant', text: '12', reasoning: '3', calls: [{ id: 'c', name: 'add', args: {}, rawArgs: '{}' }] },
        { role: 'tool', callId: 'c', name: 'add', output: '123', isError: false },
      ],
    });
    expect(inputTokens(request)).toBe(5);
  });

  it('counts tools as well', () => {
    expect(inputTokens(requestOf({ messages: [], tools: TEAM_TOOLS }))).toBe(
      Math.ceil(JSON.stringify(TEAM_TOOLS).length / 4),
    );
  });
});
