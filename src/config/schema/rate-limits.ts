import * as z from 'zod';
import { atLeastOne, opt } from './key.ts';

const limit = z.object({
  rpm: opt(atLeastOne, 'Requests in any minute.'),
  tpm: opt(atLeastOne, 'Tokens in any minute, input and output together.'),
  rpd: opt(atLeastOne, 'Requests in any 24 hours; counted across runs.'),
});

/** By backend type and model; see `RateLimitTable`. */
export const rateLimits = z.record(z.string(), z.record(z.string(), limit));
