import type { ModelErrorKind } from '../../events/model-error.ts';

/** Why an agent that is no model endpoint could not do its part. The message is a sentence for people. */
export class AgentFailure extends Error {
  readonly kind: ModelErrorKind;

  constructor(kind: ModelErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
