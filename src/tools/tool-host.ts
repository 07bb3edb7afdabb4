import type { AnswerLabel } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Access, Snapshot } from '../workspace/agent-files.ts';
import type { FileUse, Location } from '../workspace/path-policy.ts';
import type { JsonObject } from '../events/json.ts';
import type { Tool, ToolContext } from './tool.ts';
import { plainRules, type ToolRules } from './tool-rules.ts';

/** The files of an agent, as far as a run deals with them itself. */
export interface HostFiles {
  /** Absolute and real. */
  readonly workspace: string;
  /** Where a path leads and whether it may be used so; see `locate` of the path policy. */
  locate(path: string, use: FileUse, access: Access): Promise<Location>;
  takeSnapshot(label: AnswerLabel): Promise<Snapshot>;
  dropSnapshot(label: AnswerLabel): Promise<void>;
  /** Resolves with what went wrong, or null. Never rejects. */
  restoreSnapshot(label: AnswerLabel): Promise<string | null>;
}

/** Programs of the user's that are asked when an agent hands something in. */
export interface HandInHooks {
  /** Why it does not count, in a sentence for the agent; null where it does. Rejects when the log cannot be written. */
  refuse(
    point: 'answer' | 'vote',
    about: JsonObject,
    occasion: Pick<ToolContext, 'signal' | 'asks' | 'turn'>,
  ): Promise<string | null>;
}

/**
 * The tools of one agent and all that they need: servers, folders, rules. Made when the agent's first turn begins, and
 * disposed of, by the run, when the run has ended.
 */
export interface ToolHost {
  /** As of now; a server may add and remove tools at any time. */
  tools(): readonly Tool[];
  readonly rules: ToolRules;
  /** What the agent is told about its folders, once; empty when there is nothing to tell. Never changes. */
  readonly notes: string;
  /** What it is told of the user's skills, once; absent where there are none. Never changes. */
  readonly skills?: string;
  /** What could not be made, in sentences for people. The agent works without it. */
  readonly problems: readonly string[];
  /** Null for an agent without a workspace. */
  readonly files: HostFiles | null;
  /** Absent where nobody is asked about what the agent hands in. */
  readonly hooks?: HandInHooks;
  /** Ends servers and commands. Never rejects; safe to call twice. */
  dispose(): Promise<void>;
}

/** Tools that need nothing. */
export function plainHost(tools: readonly Tool[], clock: Clock): ToolHost {
  return {
    tools: () => tools,
    rules: plainRules(clock),
    notes: '',
    problems: [],
    files: null,
    dispose: () => Promise.resolve(),
  };
}

export function isToolHost(value: readonly Tool[] | ToolHost): value is ToolHost {
  return !Array.isArray(value);
}
