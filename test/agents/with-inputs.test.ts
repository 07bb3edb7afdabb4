import { describe, expect, test } from 'vitest';
import { withInputs } from '../../src/agents/with-inputs.ts';
import type { LoadedFile, Message } from '../../src/events/message.ts';

const FILE: LoadedFile = { name: 'a.png', mediaType: 'image/png', base64: 'AAA=' };
const CONVERSATION: Message[] = [
  { role: 'system', text: 'Be brief.' },
  { role: 'user', text: 'Look.' },
  { role: 'user', text: 'Go on.' },
];

describe('files of a question', () => {
  test('stand with its first text', async () => {
    const conversation = (): Message[] => CONVERSATION;
    expect(await withInputs({ conversation, loadInputs: () => Promise.resolve([FILE]) })).toEqual([
      CONVERSATION[0],
      { role: 'user', text: 'Look.', files: [FILE] },
      CONVERSATION[2],
    ]);
  });

  test.each([[undefined], [() => Promise.resolve([])]])('change nothing where there are none', async (loadInputs) => {
    expect(await withInputs({ conversation: () => CONVERSATION, loadInputs })).toBe(CONVERSATION);
  });
});
