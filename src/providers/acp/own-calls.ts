import type { ToolCall, ToolCallUpdate } from '@agentclientprotocol/sdk';
import { TOOL_SERVER_NAME } from '../external/tool-server.ts';

/** Kinds of which no tool of the run's is. */
const FOREIGN: ReadonlySet<string> = new Set(['edit', 'delete', 'move', 'execute']);

/**
 * True for calls of the run's own tools, which the run tells itself and has rules of its own for. Agents only name them
 * in titles, and the title of another call may be a command that the model wrote: so it must hold nothing but the names,
 * in a form that agents use.
 */
export function isOurs({ kind, name, title }: ToolCall | ToolCallUpdate, tools: readonly { name: string }[]): boolean {
  if (kind && FOREIGN.has(kind)) return false;
  return [name, title].some((told) => told && tools.some((tool) => isNameOf(told, tool.name)));
}

/** `mcp__massgen__vote`, `massgen_vote`, `Tool: massgen/vote`, `vote (massgen MCP Server)`, the last also with arguments. */
function isNameOf(told: string, tool: string): boolean {
  const words = told
    .trim()
    .toLowerCase()
    .replace(/^tool: /, '');
  const before = ['mcp__', ''].flatMap((start) =>
    ['__', '_', '/', '.', ':', ': ', ' '].map((between) => `${start}${TOOL_SERVER_NAME}${between}${tool}`),
  );
  const behind = ['', ' mcp', ' mcp server'].map((kind) => `${tool} (${TOOL_SERVER_NAME}${kind})`);
  return before.includes(words) || behind.some((form) => words === form || words.startsWith(`${form}: {`));
}
