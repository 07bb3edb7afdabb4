/** What an agent of Mastra looks like from outside. */
export const agent = {
  getInstructions: () => 'Answer.',
  stream: (messages: { content: string }[], _options: object): Promise<object> => {
    const parts = [
      { type: 'reasoning-delta', payload: { text: 'hm' } },
      { type: 'tool-call', payload: { toolCallId: 't', toolName: 'clock', args: {} } },
      { type: 'tool-result', payload: { toolCallId: 't', toolName: 'clock', result: 'noon' } },
      { type: 'text-delta', payload: { text: `You said: ${messages.at(-1)?.content}` } },
      { type: 'finish', payload: { output: { usage: { inputTokens: 3, outputTokens: 2 } } } },
    ];
    return Promise.resolve({ fullStream: streamOf(parts) });
  },
};

async function* streamOf(parts: object[]): AsyncGenerator<object> {
  for (const part of parts) yield await Promise.resolve(part);
}
