import type { ToolCall } from '../events/message.ts';
import type { ApprovalRequest, Decision, ModeWord, SettledCall } from '../tools/asks.ts';
import type { StartedCommand } from '../tools/commands/started-command.ts';
import type { ToolResult } from '../tools/tool.ts';

/**
 * What a run does for an agent that runs tools of its own, during one call of `stream`. Everything it does is in the
 * log and goes through the agent's rules.
 */
export interface AgentDesk {
  /** The agent's own folder, absolute and real; null for an agent without one. */
  readonly workspace: string | null;
  /** Runs one of the request's tools, workflow tools excepted. Never rejects. */
  runTool(call: ToolCall): Promise<ToolResult>;
  /** The text of a file that the agent may read. Rejects with an error whose message says why it may not, or cannot. */
  readFile(path: string): Promise<string>;
  /** Makes or replaces a file where the agent may write. Rejects as `readFile`. */
  writeFile(path: string, text: string): Promise<void>;
  /**
   * Starts a command in the agent's runner, with its rules and leave, as `start_command` does; `callId` is new in the
   * conversation. Rejects with an error whose message says why not. Absent for an agent that runs no commands.
   */
  startCommand?(command: { callId: string; line: string; folder: string | null }): Promise<StartedCommand>;
  /**
   * Decides over a use of the agent's own tools: what has to wait for a plan, hooks, rules, then what the agent's mode
   * says, then whoever is asked; denied where nobody is there.
   */
  approve(request: ApprovalRequest, mode?: ModeWord): Promise<Decision>;
  /** Why such a use is never made, whatever the agent's own settings allow; null for all others. */
  forbids(request: ApprovalRequest): Promise<string | null>;
  /** Notes a use that a rule has decided, so that nobody had to be asked. */
  noteDecision(call: SettledCall): Promise<void>;
}
