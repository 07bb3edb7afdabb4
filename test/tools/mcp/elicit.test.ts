import { expect, test } from 'vitest';
import type { Answer, Asks, Question } from '../../../src/tools/asks.ts';
import { elicit, type Elicited } from '../../../src/tools/mcp/elicit.ts';

/** What a server that wants to know nothing but yes or no is told. */
async function confirm(answer: Partial<Answer>): Promise<{ told: Elicited; questions: Question[] }> {
  const questions: Question[] = [];
  const asks = {
    ask: async (question: Question) => {
      questions.push(question);
      return [{ by: 'user', outcome: 'answered', choices: [], text: '', reason: '', ...answer }];
    },
  } as unknown as Asks;
  const request = { message: 'Delete it?', requestedSchema: { type: 'object', properties: {} } };
  return { told: await elicit('s', request, asks, new AbortController().signal), questions };
}

test('a server that wants no fields gets a yes from the user alone', async () => {
  const { told, questions } = await confirm({ choices: ['yes'] });
  expect(told).toEqual({ action: 'accept', content: {} });
  expect(questions).toEqual([
    {
      to: ['user'],
      text: 'The MCP server s asks: Delete it?',
      options: [
        { label: 'yes', description: '' },
        { label: 'no', description: '' },
      ],
      isMultiple: false,
      allowsText: false,
      timeoutMs: null,
    },
  ]);
});

test.each([{ choices: ['no'] }, { outcome: 'skipped' as const }, { outcome: 'declined' as const }])(
  '%j is a no',
  async (answer) => {
    expect((await confirm(answer)).told).toEqual({ action: 'decline' });
  },
);
