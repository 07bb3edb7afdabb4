import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallBlocks } from '../../../src/providers/external/call-block.ts';

const blocks = new CallBlocks('ab12');
const newId = (): string => 'id';

describe('a call in a block of text', () => {
  it('is read, and the text is left without it', () => {
    const text = 'I vote.\n<massgen-ab12>{"tool": "vote", "arguments": {"agent_id": "agent1"}}</massgen-ab12>\n';
    expect(blocks.read(text, newId)).toEqual({
      text: 'I vote.',
      calls: [{ id: 'id', name: 'vote', args: { agent_id: 'agent1' }, rawArgs: '{"agent_id":"agent1"}' }],
    });
  });

  it.each([
    ['is no JSON', '<massgen-ab12>vote for agent1</massgen-ab12>', 'unknown', 'vote for agent1'],
    ['has no arguments', '<massgen-ab12>{"tool": "vote"}</massgen-ab12>', 'vote', '{"tool": "vote"}'],
    ['is not closed', '<massgen-ab12>{"tool": "vote", "arg', 'unknown', '{"tool": "vote", "arg'],
  ])('that %s is a call with broken arguments', (_, text, name, rawArgs) => {
    expect(blocks.read(text, newId)).toEqual({ text: '', calls: [{ id: 'id', name, args: null, rawArgs }] });
  });

  it('with the word of another conversation is only text', () => {
    const text = '<massgen-ffff>{"tool": "vote", "arguments": {}}</massgen-ffff>';
    expect(blocks.read(text, newId)).toEqual({ text, calls: [] });
  });

  it('is never shown, however the text is split, and all the rest is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<massgen-ab12>{"tool":"a","arguments":{}}</massgen-ab12>',
        '<massgen',
        '<',
        '</massgen-ab12>',
        'x',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 7 }), (pieces, size) => {
        const text = pieces.join('');
        const filter = blocks.filter();
        let shown = '';
        for (let at = 0; at < text.length; at += size) shown += filter.add(text.slice(at, at + size));
        expect((shown + filter.end()).trim()).toBe(blocks.read(text, newId).text);
      }),
    );
  });
});
