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
    const loadInputs = (): Promise<{ files: LoadedFile[]; stores: string[] }> =>
      Promise.resolve({ files: [FILE], stores: ['vs_1'] });
    expect(await withInputs({ conversation, loadInputs })).toEqual({
      messages: [CONVERSATION[0], { role: 'user', text: 'Look.', files: [FILE] }, CONVERSATION[2]],
      stores: ['vs_1'],
    });
  });

  test.each([[undefined], [() => Promise.resolve({ files: [], stores: [] })]])(
    'change nothing where there are none',
    async (loadInputs) => {
      const { messages, stores } = await withInputs({ conversation: () => CONVERSATION, loadInputs });
      expect(messages).toBe(CONVERSATION);
      expect(stores).toEqual([]);
    },
  );
});
