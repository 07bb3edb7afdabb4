import type { ToolCall } from '../events/message.ts';
import { runToolCall } from '../tools/pipeline.ts';
import type { ToolContext, ToolResult } from '../tools/tool.ts';
import type { TurnContext } from './turn-context.ts';

/** Runs an ordinary tool of the agent. Never rejects: a call that cannot be run gets an error as its result. */
export async function runOwnTool(
  { tools, rules }: Pick<TurnContext, 'tools' | 'rules'>,
  call: ToolCall,
  toolContext: ToolContext,
): Promise<ToolResult> {
  const tool = tools.find((candidate) => candidate.spec.name === call.name);
  if (!tool) return { output: `There is no tool called ${call.name}.`, isError: true, isHeld: true };
  if (!call.args)
    return {
      output: 'The arguments were no complete JSON object, so the tool was not run. Call it again.',
      isError: true,
      isHeld: true,
    };
  return runToolCall(tool, call.args, rules, toolContext);
}
