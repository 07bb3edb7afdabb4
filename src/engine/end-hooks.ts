import { hookName, type HookNeed } from '../config/hook-needs.ts';
import type { RunState } from '../coordination/state.ts';
import { aliasOfLabel } from '../coordination/protocol.ts';
import { elapsedMs } from '../coordination/views.ts';
import type { EventDraft } from '../events/event.ts';
import type { HookReport } from '../events/hook-report.ts';
import type { JsonObject } from '../events/json.ts';
import type { Clock } from '../platform/clock.ts';

export interface EndHookOptions {
  needs: readonly HookNeed[];
  runDir: string;
  /** Where massgen was started. */
  cwd: string;
  /** The wall clock. */
  clock: Clock;
  /** The user's environment; hooks get what programs need to work at all. */
  variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Tells the hooks of a team that the run has ended, one after the other. They change nothing; resolves with what is to be
 * noted of them. Never rejects.
 */
export function endHooks(options: EndHookOptions): (state: RunState) => Promise<EventDraft[]> {
  const { needs, runDir, cwd, clock, variables } = options;
  return async (state) => {
    const [{ runHook }, { hookVariables, openHookPlace }] = await Promise.all([
      import('../tools/hooks/hook-program.ts'),
      import('../tools/hooks/hook-place.ts'),
    ]);
    const agentPlace = (): Promise<never> => Promise.reject(new Error('There is no agent any more.'));
    const place = openHookPlace({ clock, cwd, env: hookVariables(variables), agentPlace });
    const drafts: EventDraft[] = [];
    try {
      for (const need of needs) {
        const startedAt = clock.now();
        const event = eventOf(state, runDir, startedAt);
        const heard = await runHook(need, event, place, { signal: new AbortController().signal });
        const report: HookReport = {
          point: 'run_end',
          hook: hookName(need),
          callId: null,
          tool: null,
          outcome: heard.type === 'said' ? 'passed' : 'failed',
          reason: heard.type === 'said' ? '' : heard.reason || 'It ended with exit code 2.',
          durationMs: clock.now() - startedAt,
        };
        drafts.push({ type: 'hook.finished', data: { ...report, turn: null } });
      }
      return drafts;
    } finally {
      await place.dispose();
    }
  };
}

function eventOf(state: RunState, runDir: string, at: number): JsonObject {
  const { run, session, question, end, winner, final, usage, cost } = state;
  return {
    hook: 'run_end',
    run,
    run_dir: runDir,
    session_id: session ?? '',
    timestamp: new Date(at).toISOString(),
    question,
    outcome: end?.outcome ?? null,
    reason: end?.reason ?? '',
    winner: winner?.label ?? null,
    winner_id: winner ? (state.agents[aliasOfLabel(winner.label)]?.info.id ?? null) : null,
    answer: final?.text ?? null,
    seconds: elapsedMs(state, state.updatedAt) / 1_000,
    tokens: usage.input + usage.output,
    cost_usd: cost.isComplete ? cost.usd : null,
  };
}
