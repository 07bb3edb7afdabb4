import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentSpec, BackendSpec, RetrySettings } from '../../src/config/team.ts';
import { createPartMaker } from '../../src/engine/open-subagent.ts';
import { startRun, type RunPast } from '../../src/engine/start-run.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { DEFAULT_SETTINGS, type CoordinationSettings, type Limits } from '../../src/events/settings.ts';
import { createRealClock, type Clock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import type { RequestGate } from '../../src/providers/limits/request-gate.ts';
import type { RunLog } from '../../src/runlog/run-log.ts';
import type { WordingCache } from '../../src/engine/wording-cache.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { scriptedAgent, type Turn } from './scripted-agent.ts';

export interface ScriptedRunOptions {
  /** The script of each agent, by its id. */
  scripts: Record<string, Turn[]>;
  settings?: Partial<CoordinationSettings>;
  seed?: number;
  /** Scripts of the models that agents go on with, by id; the first model is `script`, the others `script-2` and on. */
  fallback?: Record<string, Turn[][]>;
  /** What all model calls go through. */
  gate?: RequestGate;
  retry?: Partial<RetrySettings>;
  /** What agents may use of their own, by id. */
  limits?: Record<string, Limits>;
  tools?: Tool[];
  /** The script of everybody who works on a part for an agent; absent is nobody. */
  parts?: Turn[];
  toolsAtOnce?: number;
  question?: string;
  /** Called with the handle before anything else has happened. */
  onStart?: (handle: RunHandle) => void;
  /** Stands between the engine and an agent's provider. */
  wrap?: (provider: Provider, agent: AgentSpec) => Provider;
  log?: (log: RunLog) => RunLog;
  clock?: Clock;
  isAttended?: boolean;
  past?: RunPast;
  wordings?: WordingCache;
}

export const START = Date.UTC(2026, 0, 1);

function backendOf({ fallback, retry }: ScriptedRunOptions, id: string, turns: Turn[]): BackendSpec {
  const { backend } = scriptedAgent(id, turns);
  const others = (fallback?.[id] ?? []).map((script, index): BackendSpec => ({
    ...backend,
    model: `script-${index + 2}`,
    options: { script: { turns: script } },
  }));
  return { ...backend, ...(retry && { retry }), ...(others.length > 0 && { fallback: others }) };
}

/** Runs a scripted team through the real engine and the real log, in virtual time. Resolves with all its events. */
export async function runScripted(options: ScriptedRunOptions): Promise<RunEvent[]> {
  const runsDir = await mkdtemp(join(tmpdir(), 'massgen-engine-'));
  const clock = options.clock ?? createPacedClock({ startAt: START, speed: Infinity, real: createRealClock() });
  try {
    const created = await createRunLog({
      runsDir,
      clock,
      redact: createRedactor({ secrets: [] }),
      createId: () => 'run-1',
    });
    const redact = createRedactor({ secrets: [] });
    const shared = {
      clock,
      ...(options.gate && { gate: options.gate }),
      createProvider: async (agent: AgentSpec): Promise<Provider> => {
        const provider = await createScriptedProvider(agent.backend, { clock });
        return options.wrap?.(provider, agent) ?? provider;
      },
    };
    const { parts } = options;
    const handle = startRun({
      question: options.question ?? 'What is it?',
      team: 'scripted',
      agents: Object.entries(options.scripts).map(([id, turns]) => ({
        ...scriptedAgent(id, turns),
        backend: backendOf(options, id, turns),
        ...(options.limits?.[id] && { limits: options.limits[id] }),
        ...(options.toolsAtOnce !== undefined && { toolsAtOnce: options.toolsAtOnce }),
      })),
      settings: { ...DEFAULT_SETTINGS, finalAnswer: 'reuse', ...options.settings },
      seed: options.seed ?? 1,
      version: '0.0.0',
      ...shared,
      ...(parts && {
        partMaker: createPartMaker({
          ...shared,
          redact,
          version: '0.0.0',
          agents: [scriptedAgent('part', parts)],
          toolsIn: () => () => options.tools ?? [],
        }),
      }),
      log: options.log?.(created) ?? created,
      toolsOf: () => options.tools ?? [],
      ...(options.isAttended !== undefined && { isAttended: options.isAttended }),
      ...(options.past && { past: options.past }),
      ...(options.wordings && { wordings: options.wordings }),
    });
    const events: RunEvent[] = [];
    handle.subscribe((event) => events.push(event));
    options.onStart?.(handle);
    await handle.ended;
    return events;
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
}

export function ofType<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}
