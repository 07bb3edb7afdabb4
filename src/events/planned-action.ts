import type { JsonObject } from './json.ts';

/** Something that an agent would do, noted instead of done. `key` is the same for the same tool and arguments. */
export interface PlannedAction {
  key: string;
  tool: string;
  args: JsonObject;
}

/** `begun` is all that is known of an action that the program did not live to see the end of. */
export type ActionStage = 'proposed' | 'begun' | 'done' | 'failed';
