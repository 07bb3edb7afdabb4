import type { Risk } from '../../events/event.ts';
import type { AgentDesk } from '../agent-desk.ts';
import { TOOL_SERVER_NAME } from '../external/tool-server.ts';

/** What Claude Code is told about a use of a tool that it has asked leave for. */
export type UseDecision =
  | { behavior: 'allow'; updatedInput: Record<string, unknown> }
  | { behavior: 'deny'; message: string };

const RISKS: Readonly<Record<string, Risk>> = {
  Read: 'low',
  Glob: 'low',
  Grep: 'low',
  WebSearch: 'medium',
  WebFetch: 'medium',
  Edit: 'medium',
  Write: 'medium',
};

/** Lets whoever decides over the run decide; nobody's word is a no. Never rejects. */
export async function decideUse(
  tool: string,
  input: Record<string, unknown>,
  desk: AgentDesk | undefined,
): Promise<UseDecision> {
  // The run's own tools have rules of their own.
  if (tool.startsWith(`mcp__${TOOL_SERVER_NAME}__`)) return { behavior: 'allow', updatedInput: input };
  const target = ['command', 'file_path', 'path', 'url', 'query'].map((key) => input[key]).find(isText) ?? '';
  const asked = {
    callId: tool,
    tool,
    action: tool,
    target,
    risk: RISKS[tool] ?? ('high' as const),
    detail: JSON.stringify(input),
    diff: null,
  };
  const decision = await desk?.approve(asked).catch(() => undefined);
  if (decision?.isAllowed) return { behavior: 'allow', updatedInput: input };
  return { behavior: 'deny', message: decision?.reason ?? 'Nobody is there who could be asked.' };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
