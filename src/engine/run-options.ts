import type { AgentSpec, BackendSpec } from '../config/team.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventDraft, Preparation } from '../events/event.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import type { RunLog } from '../runlog/run-log.ts';
import type { ToolHost } from '../tools/tool-host.ts';
import type { Tool } from '../tools/tool.ts';
import type { ProjectNotes } from '../workspace/project-notes.ts';
import type { ChangesPort } from './change-files.ts';
import type { RemoteDesk } from './remote-desk.ts';
import type { PartAsks } from './part-asks.ts';
import type { PartMaker } from './subagent-desk.ts';
import type { WordingCache } from './wording-cache.ts';

/** What a run is made of. */
export interface RunOptions {
  log: RunLog;
  clock: Clock;
  /** Every chance decision of the run is drawn from it. */
  seed: number;
  settings: CoordinationSettings;
  /** What all model calls go through; absent is one without rate limits. */
  gate?: RequestGate;
  agents: ReadonlyMap<Alias, AgentSpec>;
  /**
   * Called once per agent, when its first turn begins, and again with the next model of an agent that goes over to it. A
   * rejection fails the agent.
   */
  createProvider(agent: AgentSpec): Promise<Provider>;
  /**
   * The tools that an agent has besides the workflow tools. Called once per agent, when its first turn begins; the run
   * disposes of the host when it has ended. A rejection fails that agent.
   */
  toolsOf(agent: AgentSpec, alias: Alias): readonly Tool[] | ToolHost | Promise<ToolHost>;
  /** The time in which people answer; absent is `clock`, which may be paced. */
  wallClock?: Clock;
  /** Models that prepare something for all agents; absent is the one of the first agent. */
  preparers?: Partial<Record<Preparation, BackendSpec>>;
  /** Rewordings that are kept over runs; absent keeps none. */
  wordings?: WordingCache;
  /** What the folder says about itself; absent is nothing. */
  project?: ProjectNotes | null;
  /** Where runs of subagents come from; absent where agents start none. */
  partMaker?: PartMaker;
  /** The copies that the agents work in; absent where they have none. */
  changes?: ChangesPort;
  /** What the run keeps at providers; absent is a desk that cannot take away what another process has left. */
  remote?: RemoteDesk;
  /** Told of the end before the log is closed; resolves with what comes after `run.finished`. Never rejects. */
  atEnd?: (state: RunState) => Promise<EventDraft[]>;
  /** Whether somebody decides over calls and answers questions; absent is nobody, so that nothing waits for ever. */
  isAttended?: boolean;
  /** In a run that works on a part for an agent: the way to whoever decides and answers for that agent. */
  above?: PartAsks;
}
