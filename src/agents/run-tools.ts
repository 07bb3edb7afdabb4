import { isWorkflowCall } from '../coordination/protocol.ts';
import { toolRefusal } from '../coordination/tool-refusal.ts';
import { agentOf } from '../coordination/views.ts';
import type { ToolCall } from '../events/message.ts';
import { runOwnTool } from './run-own-tool.ts';
import { codeCaller } from './call-from-code.ts';
import { progressTeller } from './tell-progress.ts';
import { keepPictures } from './tool-pictures.ts';
import type { TurnContext } from './turn-context.ts';

const NONE: ReadonlySet<string> = new Set();

/** Calls that run side by side unless the config says otherwise. */
const DEFAULT_TOOLS_AT_ONCE = 4;

/**
 * Runs the ordinary tools of a reply. Neighbours that only read run side by side; every other call waits for those
 * before it, and those after it wait for it, so that effects happen in the model's order. A call that cannot be run
 * gets an error as its result. Calls of `begun` are in the log already and go on. Resolves when all are done, or at once
 * when the turn was interrupted.
 */
export async function runTools(
  context: TurnContext,
  calls: readonly ToolCall[],
  begun: ReadonlySet<string> = NONE,
): Promise<void> {
  const ordinary = calls.filter((call) => !isWorkflowCall(call) || context.kind === 'solo');
  for (const group of groupsOf(context, ordinary)) {
    if (context.signal.aborted) return;
    const [only, ...more] = group;
    if (only && more.length === 0) await runOne(context, only, begun);
    else await sideBySide(context, group, begun);
  }
}

function groupsOf(context: TurnContext, calls: readonly ToolCall[]): ToolCall[][] {
  const atOnce = context.toolsAtOnce ?? DEFAULT_TOOLS_AT_ONCE;
  const groups: ToolCall[][] = [];
  let isOpen = false;
  for (const call of calls) {
    const mayShare = atOnce > 1 && isReading(context, call);
    if (mayShare && isOpen) groups.at(-1)?.push(call);
    else groups.push([call]);
    isOpen = mayShare;
  }
  return groups;
}

function isReading(context: TurnContext, call: ToolCall): boolean {
  return context.tools.find(({ spec }) => spec.name === call.name)?.annotations?.readOnly === true;
}

/** A few at a time; whoever is done takes the next one. */
async function sideBySide(context: TurnContext, calls: readonly ToolCall[], begun: ReadonlySet<string>): Promise<void> {
  const left = [...calls];
  const work = async (): Promise<void> => {
    for (let call = left.shift(); call && !context.signal.aborted; call = left.shift()) {
      await runOne(context, call, begun);
    }
  };
  const workers = Math.min(calls.length, context.toolsAtOnce ?? DEFAULT_TOOLS_AT_ONCE);
  await Promise.all(Array.from({ length: workers }, work));
}

async function runOne(context: TurnContext, call: ToolCall, begun: ReadonlySet<string>): Promise<void> {
  const { alias, turn, clock, kind } = context;
  const agent = agentOf(context.state(), alias);
  const isBegun = begun.has(call.id);
  const refusal = isBegun ? null : toolRefusal(context.state(), agent);
  if (refusal) {
    const data = { turn, callId: call.id, name: call.name, ...refusal };
    return context.record({ type: 'call.refused', agent: alias, data });
  }
  const calling = { kind, view: agent.turn?.view ?? [] };
  if (!isBegun) await context.record({ type: 'tool.started', agent: alias, data: { turn, call } });
  const startedAt = clock.now();
  const result = await runOwnTool(context, call, {
    signal: context.signal,
    turn: calling,
    callId: call.id,
    ...(context.asks ? { asks: context.asks } : {}),
    onProgress: progressTeller(context, call.id),
    callTool: codeCaller(context, call.id, () => calling),
  });
  await context.countNested?.();
  // Only the end of the turn is recorded after an interruption.
  if (context.signal.aborted) return;
  const kept = await keepPictures(result, context);
  const data = { turn, callId: call.id, name: call.name, ...kept, durationMs: clock.now() - startedAt };
  await context.record({ type: 'tool.finished', agent: alias, data });
}
