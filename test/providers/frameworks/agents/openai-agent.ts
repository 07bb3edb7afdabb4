import { Agent, OpenAIChatCompletionsModel, setTracingDisabled } from '@openai/agents';
import { OpenAI } from 'openai';

setTracingDisabled(true);
const client = new OpenAI({ apiKey: 'none', baseURL: `${process.env['TEST_SERVER_URL']}/v1` });
const model = new OpenAIChatCompletionsModel(client, 'some-model');

export const agent = new Agent({ name: 'tester', instructions: 'Answer.', model });
