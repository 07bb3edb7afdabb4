import type { Preparation, PreparedText } from '../events/event.ts';
import type { CoordinationSettings, Limits, Strictness } from '../events/settings.ts';
import type { ExternalSpec } from './external-agent.ts';
import type { RateLimitTable } from './rate-limits.ts';
import type { JsonObject } from '../events/json.ts';
import type { BuiltinTool, ProviderFeatures } from './provider-features.ts';
import type { HookNeed } from './hook-needs.ts';
import type { PermissionNeeds } from './permission-needs.ts';
import type { ProjectNeeds } from './project-needs.ts';
import type { ToolNeeds } from './tool-needs.ts';

/**
 * The wire protocols that an agent can speak, the two that need no network, and the ways to agents that are no model
 * endpoint.
 */
export type Protocol =
  | 'responses'
  | 'chat'
  | 'messages'
  | 'gemini'
  | 'demo'
  | 'scripted'
  | 'acp'
  | 'a2a'
  | 'framework'
  | 'claude-code'
  | 'local';

/** How calls that may succeed later are repeated. */
export interface RetrySettings {
  /** Calls in all, the first included. */
  maxTries: number;
  firstDelayMs: number;
  /** From one pause to the next. */
  factor: number;
  maxDelayMs: number;
  /** Random share that is taken off a pause, 0 … 1. */
  jitter: number;
}

/** `bearer` is `Authorization: Bearer KEY`; the others are headers of that name. */
export type AuthStyle = 'bearer' | 'x-api-key' | 'api-key';

/** USD for a million tokens. What is left out costs as much as input. */
export interface PriceList {
  input: number;
  output: number;
  cachedInput?: number;
  cacheWrite?: number;
}

/** Everything needed to reach one model. Made from a config, the command line or a preset; never logged. */
export interface BackendSpec {
  /** The `type` word of the config, e.g. `openai`, `cerebras`. */
  type: string;
  protocol: Protocol;
  model: string;
  /** Null uses the SDK's own address. */
  baseUrl: string | null;
  /** Null where the backend needs none. */
  apiKey: string | null;
  /** Variables that were looked at for the key, in order; for messages. */
  apiKeyVariables: string[];
  /** Where the key comes from, or was looked for, as a sentence for people; absent where none is needed. */
  keyOrigin?: string;
  /** Version of the API to speak, where the protocol has one (`anthropic-version`); absent is the usual one. */
  apiVersion?: string;
  /** Header in which the key goes; absent is the usual one of the protocol and address. */
  authStyle?: AuthStyle;
  /** Extra HTTP headers. */
  headers: Record<string, string>;
  /** Sampling and other parameters, passed to the provider as they are (already renamed for the protocol). */
  params: JsonObject;
  /** Where each of them stands in the config (`team.yaml:12:7, agents[0].backend.top_k`), for messages. */
  parameterPlaces?: Record<string, string>;
  /** Provider-side tools to switch on. */
  builtinTools: BuiltinTool[];
  /** What tokens cost, where the user knows better than the tables. */
  prices?: PriceList;
  /** What else the provider is to do with tools; absent is nothing. */
  features?: ProviderFeatures;
  /** Silence after which a stream counts as dead. */
  idleTimeoutMs: number;
  /** When a call that failed is made again; absent is the usual way. */
  retry?: Partial<RetrySettings>;
  /** What the agent goes on with, in this order, when this model cannot be had. */
  fallback?: BackendSpec[];
  /** How an agent that is no model endpoint is started or reached; absent for all others. */
  external?: ExternalSpec;
  /** Settings of the built-in agents (`demo`: strategy, error_rate; `scripted`: script); empty for models. */
  options: JsonObject;
}

export interface AgentSpec {
  /** As in the config; unique in the team. */
  id: string;
  systemMessage: string | null;
  backend: BackendSpec;
  /** Absent for an agent without tools of its own. */
  tools?: ToolNeeds;
  /** What it may do without asking, and never; absent is the usual. */
  permissions?: PermissionNeeds;
  /** A model that judges the risk of its calls; null is its own. Absent where none does. */
  riskModel?: { backend: BackendSpec | null };
  /** Programs that are asked, or told, when something happens to it, in this order; absent is none. */
  hooks?: HookNeed[];
  /** What the agent may use of its own; absent is no limit. */
  limits?: Limits;
  /** Files that this agent gets along with the question; paths as written. Its provider searches those `searched`. */
  uploads?: { paths: string[]; searched?: string[]; maxMediaBytes?: number };
  /** Calls of one reply that may run side by side where they only read; 1 is one after the other, absent the usual. */
  toolsAtOnce?: number;
  /** Its part of the work, where the work is divided; `dependsOn` are ids of agents. */
  subtask?: PreparedText;
  /** How demanding it is when it judges; absent is as the team's settings say. */
  sensitivity?: Strictness;
}

/**
 * How a team was made, so that the same one can be made again to go on with its run. Holds no secret: keys are looked
 * up anew. `backends` are teams whose agents have the usual settings of their type; the run's log names types and models.
 */
export type TeamOrigin =
  | { kind: 'config'; path: string }
  | { kind: 'demo'; seed: number | null }
  | {
      kind: 'quick';
      model: string | null;
      backend: string | null;
      systemMessage: string | null;
      baseUrl: string | null;
    }
  | { kind: 'backends' };

/** A team that is ready to run: checked, with its keys found. */
export interface TeamSpec {
  /** For people: the file's name, `demo team`, a model's name. */
  name: string;
  agents: AgentSpec[];
  settings: CoordinationSettings;
  /** The agents that work on a subagent's part; absent is one with the model of the agent that asks. */
  subagents?: AgentSpec[];
  /** Limits of the config; absent where it names none. */
  rateLimits?: RateLimitTable;
  /** Programs that are told of the end of a run; absent is none. */
  endHooks?: HookNeed[];
  /** Agents work on copies of the user's folder; null or absent where they do not. */
  copies?: ProjectNeeds | null;
  /** Models that prepare something for all agents; absent is the one of the first agent. */
  preparers?: Partial<Record<Preparation, BackendSpec>>;
  /** Logs of the folder that are older are removed when a run begins; absent keeps all. */
  keepRunsDays?: number;
  /** False keeps AGENTS.md of the folder from the agents; absent is true. */
  usesProjectNotes?: boolean;
  /** Features that the config asks for and this version does not have, by key path. */
  unsupported: string[];
  /** Absent for a team that cannot be made again, such as one that a program put together. */
  origin?: TeamOrigin;
}
