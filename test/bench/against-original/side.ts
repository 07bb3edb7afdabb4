/** One of the two programs that are compared. */
export interface Side {
  name: string;
  /** Program and first arguments; the config and the question follow. */
  command: readonly string[];
  /** The version that it says itself. */
  version: string;
}

/** What was measured of one question to one team. Milliseconds count from the start of the process. */
export interface Measured {
  firstTokenMs: number;
  answerMs: number;
  /** Until the answer, without the time in which a model was at work. */
  beyondModelMs: number;
  cpuSeconds: number;
  peakMb: number;
  requests: number;
  promptBytes: number;
  terminalBytes: number;
}
