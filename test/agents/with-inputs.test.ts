import { describe, expect, test } from 'vitest';
import { inputsOfTurn, withInputs } from '../../src/agents/with-inputs.ts';
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

describe('a turn that needs the files of a question', () => {
  const conversation = (): Message[] => CONVERSATION;

  test('does not wait for them once it is interrupted', async () => {
    const stop = new AbortController();
    const loadInputs = (): Promise<never> => new Promise(() => undefined);
    const waiting = inputsOfTurn({ conversation, loadInputs, signal: stop.signal });
    stop.abort(new Error('Enough.'));
    expect(await waiting).toEqual({ error: { kind: 'aborted', message: 'The turn was interrupted.' } });
  });

  test('fails where they are gone', async () => {
    const loadInputs = (): Promise<never> => Promise.reject(new Error('ENOENT'));
    const { signal } = new AbortController();
    expect(await inputsOfTurn({ conversation, loadInputs, signal })).toEqual({
      error: { kind: 'bad-request', message: 'The files of the question cannot be read any more.' },
    });
  });
});
