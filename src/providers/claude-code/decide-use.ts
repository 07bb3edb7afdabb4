import type { PermissionMode } from '../../config/external-agent.ts';
import type { Risk } from '../../events/event.ts';
import type { ApprovalRequest, ModeWord } from '../../tools/asks.ts';
import type { AgentDesk } from '../agent-desk.ts';
import { diffText } from '../acp/updates.ts';
import { isInside } from '../external/is-inside.ts';
import { TOOL_SERVER_NAME } from '../external/tool-server.ts';

/** What Claude Code is told about a use of a tool that it has asked leave for. */
export type UseDecision =
  | { behavior: 'allow'; updatedInput: Record<string, unknown> }
  | { behavior: 'deny'; message: string };

const RISKS: ReadonlyMap<string, Risk> = new Map([
  ['Read', 'low'],
  ['Glob', 'low'],
  ['Grep', 'low'],
  ['WebSearch', 'medium'],
  ['WebFetch', 'medium'],
  ['Edit', 'medium'],
  ['Write', 'medium'],
]);

const MAX_DIFF_CHARS = 20_000;
const EDITS = /^(Edit|MultiEdit|Write|NotebookEdit)$/;

/** Lets the rules, the mode and whoever decides over the run decide; nobody's word is a no. Never rejects. */
export async function decideUse(
  tool: string,
  input: Record<string, unknown>,
  desk: AgentDesk | undefined,
  mode: PermissionMode,
): Promise<UseDecision> {
  // The run's own tools have rules of their own.
  if (isOwn(tool)) return { behavior: 'allow', updatedInput: input };
  const asked = requestOf(tool, input);
  const decision = await desk?.approve(asked, await wordOf(mode, asked, desk.workspace)).catch(() => undefined);
  if (decision?.isAllowed) return { behavior: 'allow', updatedInput: input };
  return { behavior: 'deny', message: decision?.reason ?? 'Nobody is there who could be asked.' };
}

/** What Claude Code tells of a use before it is made. */
export interface UseNotice {
  tool_name?: unknown;
  tool_input?: unknown;
}

/** Denies a use that no rule of the run lets pass, also one that Claude Code would not ask about. Never rejects. */
export async function denyUse(
  { tool_name: tool, tool_input: given }: UseNotice,
  desk: AgentDesk | undefined,
): Promise<object> {
  if (!isText(tool) || isOwn(tool) || !desk) return {};
  const input = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const unknown = 'It could not be found out whether a rule denies it.';
  const permissionDecisionReason = await desk.forbids(requestOf(tool, input)).catch(() => unknown);
  if (permissionDecisionReason === null) return {};
  return { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason } };
}

function isOwn(tool: string): boolean {
  return tool.startsWith(`mcp__${TOOL_SERVER_NAME}__`);
}

function requestOf(tool: string, input: Record<string, unknown>): ApprovalRequest {
  const target =
    ['command', 'file_path', 'notebook_path', 'path', 'url', 'query'].map((key) => input[key]).find(isText) ?? '';
  const risk = RISKS.get(tool) ?? 'high';
  const diff = diffOf(input, target);
  const detail = diff === null ? JSON.stringify(input) : '';
  return { callId: tool, tool, action: tool, target, risk, detail, diff };
}

/** What an edit or a new file would change, as far as its arguments tell. */
function diffOf({ content, edits, ...only }: Record<string, unknown>, path: string): string | null {
  if (isText(content)) return diffText(path, '', content).slice(0, MAX_DIFF_CHARS);
  const all = Array.isArray(edits) ? (edits as Record<string, unknown>[]) : [only];
  const diffs = all.flatMap(({ old_string: old, new_string: fresh }) =>
    isText(old) && isText(fresh) ? [diffText(path, old, fresh)] : [],
  );
  return diffs.length > 0 ? diffs.join('\n').slice(0, MAX_DIFF_CHARS) : null;
}

/** What the mode says; undefined where it says nothing, so that somebody is asked. */
async function wordOf(
  mode: PermissionMode,
  { tool, target }: ApprovalRequest,
  workspace: string | null,
): Promise<ModeWord | undefined> {
  const reason = `The agent's permission_mode is ${mode}.`;
  if (mode === 'bypassPermissions') return { isAllowed: true, reason };
  if (mode !== 'acceptEdits' || !EDITS.test(tool) || workspace === null) return undefined;
  return (await isInside(target, workspace)) ? { isAllowed: true, reason } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
