import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';

/** Looks something up in one node, with a tool, and answers in another one; repeats the tag that it was told. */
export const graph = new StateGraph(MessagesAnnotation)
  .addNode('plan', () => ({
    messages: [
      new AIMessage({ content: 'I look it up.', tool_calls: [{ id: 'c1', name: 'look_up', args: { what: 'sky' } }] }),
    ],
  }))
  .addNode('tools', () => ({ messages: [new ToolMessage({ tool_call_id: 'c1', content: 'scattering' })] }))
  .addNode('answer', ({ messages }) => {
    const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };
    return { messages: [Object.assign(new AIMessage(replyTo(messages)), { usage_metadata: usage })] };
  })
  .addEdge(START, 'plan')
  .addEdge('plan', 'tools')
  .addEdge('tools', 'answer')
  .addEdge('answer', END)
  .compile();

function replyTo(messages: BaseMessage[]): string {
  const told = messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n');
  const tag = /<(massgen-\w+)>/.exec(told)?.[1];
  if (tag === undefined) return 'It scatters.';
  const call = { tool: 'new_answer', arguments: { content: 'It scatters.' } };
  return `Here it is. <${tag}>${JSON.stringify(call)}</${tag}>`;
}

export const broken = { stream: () => Promise.reject(new Error('The graph is broken.')) };

/** Waits until it is interrupted. */
export const endless = {
  stream: async function* (_input: object, { signal }: { signal: AbortSignal }): AsyncGenerator {
    yield ['updates', { wait: {} }];
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  },
};

/** Writes to the console, as frameworks do when something fails. */
export const noisy = {
  stream: async function* (): AsyncGenerator {
    await Promise.resolve();
    console.error('Upstream error: %s', 'x'.repeat(2_000));
    yield ['updates', { answer: { messages: [new AIMessage('It scatters.')] } }];
  },
};
