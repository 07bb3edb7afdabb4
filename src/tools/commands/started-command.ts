/** A command that goes on by itself, for who wants more of it than the words of a tool. */
export interface StartedCommand {
  /** All that it has written so far; of very much the newest. */
  output(): { text: string; isCut: boolean };
  /** Undefined while it runs; null where a signal ended it. */
  exitCode(): number | null | undefined;
  /** Resolves with that. Never rejects. */
  readonly ended: Promise<number | null>;
  /** Ends it with everything that it has started. Resolves when it has ended. */
  stop(): Promise<void>;
}
