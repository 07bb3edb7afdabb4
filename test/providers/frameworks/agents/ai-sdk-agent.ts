import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { jsonSchema, tool, ToolLoopAgent, type ToolSet } from 'ai';

const vendor = createOpenAICompatible({ name: 'loopback', baseURL: `${process.env['TEST_SERVER_URL']}/v1` });

/** A bare model. */
export const model = vendor.chatModel('some-model');

const clock = tool({
  description: 'Tells the time.',
  inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
  execute: () => Promise.resolve('noon'),
});

/** An agent with a tool of its own. */
export const agent = new ToolLoopAgent({ model, tools: { clock } });

interface Given {
  tools: { name: string; description: string; parameters: object; execute: (args: object) => Promise<string> }[];
}

/** An agent that is made of the tools of the run. */
export function makeAgent({ tools }: Given): ToolLoopAgent<never, ToolSet> {
  const all = tools.map(({ name, description, parameters, execute }) => [
    name,
    tool({ description, inputSchema: jsonSchema<object>(parameters), execute }),
  ]);
  return new ToolLoopAgent({ model, tools: Object.fromEntries(all) as ToolSet });
}
