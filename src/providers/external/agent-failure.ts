import type { ModelErrorKind } from '../../events/model-error.ts';
import type { Usage } from '../../events/usage.ts';

/** Why an agent that is no model endpoint could not do its part. The message is a sentence for people. */
export class AgentFailure extends Error {
  readonly kind: ModelErrorKind;
  /** What the call has used all the same, as far as the agent has told. */
  spent: { usage?: Usage; costUsd?: number } = {};

  constructor(kind: ModelErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
