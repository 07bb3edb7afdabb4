import * as z from 'zod';
import { otherBackend } from './backend.ts';
import { atLeastOne, flag, opt, share } from './key.ts';

/** Rewording of the question, one wording per agent. */
export const dspy = z.object({
  enabled: opt(flag, 'Turns rewording on.'),
  backend: opt(otherBackend, 'The model that rewords; that of the first agent if left out.'),
  num_variants: opt(atLeastOne, 'Number of wordings; agents take them in turn. 3 if left out.'),
  strategy: opt(
    z.enum(['balanced', 'diverse', 'conservative', 'adaptive']),
    'How far wordings may differ; balanced if left out.',
  ),
  cache_enabled: opt(flag, 'Keeps wordings in `~/.massgen/wordings`, so that the same question is not reworded again.'),
  semantic_threshold: opt(share, 'How surely a wording has to mean the same to be used; 0.85 if left out.'),
  temperature_range: opt(
    z.tuple([z.number().min(0).max(2), z.number().min(0).max(2)]),
    'Lowest and highest temperature: each wording is then asked for alone, with one of its own.',
  ),
  use_chain_of_thought: opt(flag, 'Let the model think before it rewords.'),
  validate_semantics: opt(flag, 'Ask the model how surely each wording means the same; true if left out.'),
});
