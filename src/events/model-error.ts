/** Why a model call failed. The kind decides what happens next; the message is for people. */
export type ModelErrorKind =
  | 'auth'
  | 'quota'
  | 'rate-limit'
  | 'overloaded'
  | 'context-length'
  | 'content-filter'
  | 'bad-request'
  | 'network'
  | 'protocol'
  | 'aborted';

export interface ModelError {
  kind: ModelErrorKind;
  message: string;
  /** HTTP status, where there was one. */
  status?: number;
  /** What the server asked us to wait before the next try. */
  retryAfterMs?: number;
}

/** Kinds that may go away by waiting. The others fail the same way every time. */
export function isTransient(error: ModelError): boolean {
  return (
    error.kind === 'rate-limit' || error.kind === 'overloaded' || error.kind === 'network' || error.kind === 'protocol'
  );
}

/** Why a model stopped, one meaning across vendors. */
export type StopReason =
  | 'end'
  | 'tool-calls'
  | 'max-tokens'
  | 'stop-sequence'
  | 'refusal'
  | 'content-filter'
  | 'pause'
  | 'other';
