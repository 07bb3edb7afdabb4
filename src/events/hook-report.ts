import type { JsonObject } from './json.ts';

/** When a hook is run. */
export type HookPoint = 'pre_tool' | 'post_tool' | 'answer' | 'vote' | 'run_end';

/**
 * What came of one run of a hook. `passed` had nothing against it and changed nothing; `allowed` gave leave in place of a
 * person; `failed` is a hook that could not be run, or understood.
 */
export interface HookReport {
  point: HookPoint;
  /** Its command, file or function. */
  hook: string;
  /** The call that it was about; null where it was about none. */
  callId: string | null;
  tool: string | null;
  outcome: 'passed' | 'allowed' | 'denied' | 'asked' | 'changed' | 'failed';
  /** A sentence; empty where there is nothing to say. */
  reason: string;
  /** The arguments that the hook has put in place of the model's. */
  args?: JsonObject;
  durationMs: number;
}
