import { toolRefusal } from '../coordination/tool-refusal.ts';
import { agentOf } from '../coordination/views.ts';
import type { JsonObject } from '../events/json.ts';
import type { CallingTurn, ToolContext, ToolResult } from '../tools/tool.ts';
import { runOwnTool } from './run-own-tool.ts';
import { progressTeller } from './tell-progress.ts';
import type { TurnContext } from './turn-context.ts';

/** For the tool that runs call `parent`: see `callTool` of its context. `turn` tells the turn as it is now. */
export function codeCaller(
  context: TurnContext,
  parent: string,
  turn: () => CallingTurn,
): NonNullable<ToolContext['callTool']> {
  let count = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (name, args, signal) => {
    const callId = `${parent}/${(count += 1)}`;
    // In the order of the code, so that effects happen in it too.
    const work = last.then(() => callOne(context, { parent, callId, name, args, turn: turn(), signal }));
    last = work.catch(() => undefined);
    return work;
  };
}

interface CodeCall {
  parent: string;
  callId: string;
  name: string;
  args: JsonObject;
  turn: CallingTurn;
  signal: AbortSignal;
}

async function callOne(context: TurnContext, made: CodeCall): Promise<ToolResult> {
  const { alias: agent, turn, clock, asks } = context;
  const { parent, callId, name, args, signal } = made;
  if (signal.aborted) return { output: 'The command is over.', isError: true };
  const refusal = toolRefusal(context.state(), agentOf(context.state(), agent));
  if (refusal) return { output: refusal.message, isError: true };
  const call = { id: callId, name, args, rawArgs: JSON.stringify(args) };
  await context.record({ type: 'tool.started', agent, data: { turn, call, parent } });
  const startedAt = clock.now();
  const result = await runOwnTool(context, call, {
    signal,
    turn: made.turn,
    callId,
    ...(asks ? { asks } : {}),
    onProgress: progressTeller(context, callId),
  });
  // Only the end of the turn is recorded after an interruption.
  if (context.signal.aborted) return result;
  // The code gets text.
  const { pictures: _, ...text } = result;
  const data = { turn, callId, name, ...text, durationMs: clock.now() - startedAt };
  await context.record({ type: 'tool.finished', agent, data });
  return result;
}
