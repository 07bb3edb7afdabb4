/** Exit codes of the command, as MassGen documents them. */
export const EXIT = { ok: 0, config: 1, execution: 2, timeout: 3, interrupted: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * An expected failure that ends what the user asked for. The message is a full sentence for the user: what is
 * wrong, where, and what to do. Everything else that is thrown is a bug.
 */
export class MassgenError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MassgenError';
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.config;
  }
}

/** What a thrown value says; anything may be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
