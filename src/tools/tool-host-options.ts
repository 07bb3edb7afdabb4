import type { ToolNeeds } from '../config/tool-needs.ts';
import type { Alias } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { WorkingCopy } from '../workspace/agent-files.ts';
import type { KeptPlace } from '../workspace/docker/session-container.ts';
import type { SharedServers } from './mcp/shared-servers.ts';
import type { PermissionDeskOptions } from './permissions/permission-desk.ts';
import type { Tool } from './tool.ts';

/** The agent that a host is made for, and what the run has for it. */
export interface ToolHostOptions {
  needs: ToolNeeds;
  alias: Alias;
  /** The run's folder, absolute. */
  runDir: string;
  /** Folder of all runs; the parent of `runDir` if left out. */
  runsDir?: string | undefined;
  /** Where relative paths of the config start. */
  cwd: string;
  /** The wall clock: tools take real time even where agents live in paced time. */
  clock: Clock;
  /** Folder of the files that came with the session's last answer, absolute. */
  earlierFiles?: string | undefined;
  /** `PATH` for commands; the system's folders if left out. */
  path?: string;
  /** Further variables of commands; they hold no secret. */
  commandVariables?: Readonly<Record<string, string>>;
  /** Version of the program, which servers are told. */
  version: string;
  /** Who decides over calls; absent is the usual rules and no rules of the user's own. */
  permissions?: Pick<PermissionDeskOptions, 'needs' | 'ownRules'> & {
    /** The user's home folder; logins at servers are kept there too. */
    home: string | null;
  };
  /** Makes the agent's copy of the user's folder; absent where its workspace begins empty. */
  openCopy?: (() => Promise<WorkingCopy>) | undefined;
  /** Where the keys of tool packs are; absent is nowhere. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where the agent's container stays for the session, if its config wants that; absent for a run of no session. */
  container?: KeptPlace | undefined;
  /** The servers that the agents of the run share; absent where every agent has its own. */
  shared?: SharedServers | undefined;
  /** Tools that the agent has anyway. */
  extraTools: readonly Tool[];
}
