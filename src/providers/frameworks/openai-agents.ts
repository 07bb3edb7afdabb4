import { dirname } from 'node:path';
import { findPackage, importFile } from '../../platform/import-module.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import {
  field,
  methodOf,
  objectOf,
  textField,
  UseTeller,
  type AgentTool,
  type FrameworkRunner,
  type PlainMessage,
} from './framework-turn.ts';
import { readUsage } from './usage.ts';

const PACKAGE = '@openai/agents';

/** An agent of OpenAI Agents. It gets the run's tools as tools, beside its own. */
export const runOpenaiAgent: FrameworkRunner = async (agent, call) => {
  const clone = methodOf(agent, 'clone');
  if (!clone) throw new AgentFailure('bad-request', 'The export is no Agent of OpenAI Agents: it has no clone().');
  const entry = await findPackage(PACKAGE, [dirname(call.module)]);
  const run = entry === null ? null : methodOf({ ...(await importFile(entry)) }, 'run');
  if (!run) {
    const folder = dirname(call.module);
    throw new AgentFailure(
      'bad-request',
      `${PACKAGE} was not found from ${folder}. Install it there: npm install ${PACKAGE}`,
    );
  }
  const own = field(agent, 'tools');
  const equipped = clone({
    tools: [...(Array.isArray(own) ? (own as unknown[]) : []), ...call.tools.map(functionTool)],
  });
  const result = await run(equipped, call.messages.map(inputItem), { stream: true, signal: call.signal });
  const uses = new UseTeller(call);
  for await (const event of result as AsyncIterable<unknown>) {
    call.sink.touch();
    const data = field(event, 'data');
    if (textField(data, 'type') === 'output_text_delta') call.turn.say(textField(data, 'delta'));
    const item = field(event, 'item');
    const raw = field(item, 'rawItem');
    const name = textField(event, 'name');
    if (name === 'tool_called') uses.begin(textField(raw, 'callId'), textField(raw, 'name'), field(raw, 'arguments'));
    if (name === 'tool_output') uses.end(textField(raw, 'callId'), field(item, 'output'));
  }
  await field(result, 'completed');
  if (call.signal.aborted) throw new AgentFailure('aborted', 'The call was interrupted.');
  const finished = field(result, 'finalOutput');
  const usage = readUsage(field(field(result, 'state'), 'usage'));
  return { ...(typeof finished === 'string' && { text: finished }), usage };
};

function functionTool({ name, description, parameters, execute }: AgentTool): object {
  return {
    type: 'function',
    name,
    description,
    parameters,
    strict: false,
    invoke: (_context: unknown, input: string) => execute(objectOf(input)),
    needsApproval: () => Promise.resolve(false),
    isEnabled: () => Promise.resolve(true),
  };
}

function inputItem({ role, content }: PlainMessage): object {
  return role === 'user'
    ? { type: 'message', role, content }
    : { type: 'message', role, status: 'completed', content: [{ type: 'output_text', text: content }] };
}
