import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { ActionStage } from '../events/planned-action.ts';
import type { CheckedCall, Verdict } from './tool-rules.ts';
import type { ApprovalRequest } from './asks.ts';
import { UNKNOWN_TOOL, type Tool, type ToolContext } from './tool.ts';

/** Whether a call has to wait, in a run that plans, and the mark of what it would do; null for one that never waits. */
export async function holdBack(
  call: CheckedCall,
  context: ToolContext,
): Promise<{ key: string; verdict: Verdict } | null> {
  const actions = context.asks?.actions;
  if (!actions || !hasEffectOutside(call)) return null;
  const key = keyOf(call);
  const deny = (reason: string) => ({ key, verdict: { isAllowed: false as const, reason } });
  if (actions.isPart) {
    return deny(
      'Agents only plan now, and you work on a part for one of them, so nothing with effects outside is done. Say in your answer which call should be made, with its arguments: whoever gave you the part can plan it.',
    );
  }
  switch (context.turn?.kind) {
    case 'solo':
      return null;
    case 'present':
      return { key, verdict: mayAct(actions.stageOf(key)) };
    case 'draft':
    case 'judge':
      if (actions.stageOf(key) === null)
        await actions.propose({ key, tool: call.tool.spec.name, args: shownArgs(call) });
      return deny(
        'Agents only plan now. This call is noted with these arguments as a part of your answer: it is made, once, if your answer wins. Go on as if it were still to be done, and say in your answer what it is for.',
      );
    default:
      return deny('This is no time to act.');
  }
}

/** The same for a use of a tool that an agent brings itself. What it changes in its own folder never waits. */
export function holdRequest(
  { tool, action, target, detail, risk }: ApprovalRequest,
  workspace: string | null,
  context: ToolContext,
): ReturnType<typeof holdBack> {
  const isOwnFile = workspace !== null && target.startsWith(`${workspace}/`) && /edit|write|delete|move/i.test(action);
  const readOnly = risk === 'low' || isOwnFile;
  const asTool: Tool = {
    spec: { name: tool, description: '', parameters: {} },
    execute: () => Promise.reject(new Error('It is the agent’s own.')),
  };
  const args = { action, target, ...(detail !== '' && { detail }) };
  return holdBack({ tool: asTool, annotations: { ...UNKNOWN_TOOL, readOnly }, args, turn: context.turn }, context);
}

function mayAct(stage: ActionStage | null): Verdict {
  switch (stage) {
    case 'proposed':
      return { isAllowed: true };
    case null:
      return {
        isAllowed: false,
        reason: 'It was not part of the answer that won, with exactly these arguments, so it is not done.',
      };
    case 'begun':
      return {
        isAllowed: false,
        reason: 'It was begun before, and nobody knows how far it came. It is not done twice.',
      };
    case 'done':
    case 'failed':
      return {
        isAllowed: false,
        reason: `It was done before and ${stage === 'done' ? 'succeeded' : 'failed'}. It is not done twice.`,
      };
  }
}

/** Unknown means yes. What a server says of its tool counts only where it says that it just reads. */
function hasEffectOutside({ annotations, tool }: CheckedCall): boolean {
  return !annotations.readOnly && (annotations.openWorld || tool.origin !== undefined);
}

/** The same for the same tool with the same arguments, in whatever order they come. */
function keyOf({ tool, args }: CheckedCall): string {
  return createHash('sha256')
    .update(`${tool.spec.name}\0${canonical(args)}`)
    .digest('hex')
    .slice(0, 32);
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join()}}`;
}

/** Presets are none of the other agents' business. */
function shownArgs({ tool, args }: CheckedCall): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(tool.preset ?? {}, name)));
}
