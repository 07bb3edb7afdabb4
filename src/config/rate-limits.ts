/** How often a model may be asked; what is left out is not limited. */
export interface RateLimit {
  /** Requests in any minute. */
  rpm?: number | undefined;
  /** Tokens in any minute, input and output together. */
  tpm?: number | undefined;
  /** Requests in any 24 hours. */
  rpd?: number | undefined;
}

/** Limits by backend type and then by model: its name, a part of its name, or `default`. As in MassGen. */
export type RateLimitTable = Readonly<Record<string, Readonly<Record<string, RateLimit>>>>;
