import type { JsonObject } from '../events/json.ts';
import type { Clock } from '../platform/clock.ts';
import type { ApprovalRequest, Asks, Decision, ModeWord } from './asks.ts';
import type { CallingTurn, PathUse, Tool, ToolAnnotations, ToolContext, ToolResult } from './tool.ts';

/** A call whose arguments are complete and whose paths are allowed. */
export interface CheckedCall {
  tool: Tool;
  annotations: ToolAnnotations;
  args: JsonObject;
  turn: CallingTurn | undefined;
  /** What hooks have said to it; absent is nothing. It never lifts a rule that denies. */
  hook?: HookLeave;
  /** The user has written it so: whoever would be asked has said yes. It lifts no rule that denies. */
  isUsers?: true;
}

/** Leave that hooks give, or want somebody else to give. */
export interface HookLeave {
  says: 'allow' | 'ask';
  reason: string;
}

/** What was said to a use of an agent's own tools before anybody decides. */
export interface RequestWords {
  hook?: HookLeave | undefined;
  mode?: ModeWord | undefined;
}

/** What hooks have said before a call; `args` are those that the call goes on with, null for the same. */
export type BeforeWord =
  | { isAllowed: false; reason: string }
  | { isAllowed: true; leave: HookLeave | null; args: JsonObject | null };

/** Programs of the user's around the calls of one agent. Both reject only when the log cannot be written. */
export interface ToolHooks {
  /** Before anything else is decided, so that whatever they change is checked. */
  before(call: CheckedCall, context: ToolContext): Promise<BeforeWord>;
  /** The result as the model gets it. */
  after(call: CheckedCall, result: ToolResult, context: ToolContext): Promise<ToolResult>;
}

/**
 * Leave to go on, or why not: a sentence for the model. `args` are the arguments that the user wants instead; they are
 * checked like those of any call.
 */
export type Verdict = { isAllowed: true; args?: JsonObject } | { isAllowed: false; reason: string };

/** What decides over the calls of one agent. Every tool of every kind goes through the same rules. */
export interface ToolRules {
  readonly clock: Clock;
  /** Absent where there are none. */
  readonly hooks?: ToolHooks;
  /** Whether a path may be used in this way; null for an agent that has no files. A rejection denies. */
  readonly checkPath:
    | ((path: string, use: PathUse, turn: CallingTurn | undefined, tool: Tool) => Promise<Verdict>)
    | null;
  /** Planning: whether the call has to wait until agents may act. A throw denies. */
  readonly plan: ((call: CheckedCall) => Verdict) | null;
  /** Asks whoever decides (rules, a person). Waits as long as that takes. A rejection denies. */
  readonly approve: ((call: CheckedCall, context: ToolContext) => Promise<Verdict>) | null;
  /** The same for a use of a tool that the agent brings itself. Absent asks whoever decides, without any rule. */
  readonly approveRequest?: (
    request: ApprovalRequest,
    asks: Asks | undefined,
    signal: AbortSignal,
    said?: RequestWords,
  ) => Promise<Decision>;
  /** Why such a use is never made, whoever allows it: the floor, the role, a rule that denies; null for all others. */
  readonly forbidRequest?: (request: ApprovalRequest) => Promise<string | null>;
  /** Told about a good call, for each of its paths; what may be deleted follows from it. */
  readonly notePath: ((call: CheckedCall, path: string, use: PathUse) => Promise<void>) | null;
  /** Keeps an output that is too long for the model and says how to read it; null where the agent cannot read files. */
  readonly keepOutput: ((text: string, tool: string) => Promise<string | null>) | null;
  /** Longest call of a tool that does not say it itself, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest output that the model gets, in characters. */
  readonly maxOutputChars: number;
}

export const DEFAULT_TOOL_TIMEOUT_MS = 400_000;
export const MAX_OUTPUT_CHARS = 30_000;

/** Rules for tools that touch nothing: no paths, nobody to ask. */
export function plainRules(clock: Clock): ToolRules {
  return {
    clock,
    checkPath: null,
    plan: null,
    approve: null,
    notePath: null,
    keepOutput: null,
    timeoutMs: DEFAULT_TOOL_TIMEOUT_MS,
    maxOutputChars: MAX_OUTPUT_CHARS,
  };
}
