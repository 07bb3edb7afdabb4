import * as z from 'zod';
import { atLeastOne, flag, planned, share, text } from './key.ts';

/** Rewording of the question, one wording per agent. */
export const dspy = z.object({
  enabled: planned(flag, 'Turns rewording on.'),
  backend: planned(
    z.looseObject({
      type: planned(text, 'Provider of the model that rewords.'),
      model: planned(text, 'Name of that model.'),
      api_key: planned(text, 'Key, best written as `${VARIABLE}`.'),
      base_url: planned(text, 'Root of its API.'),
      temperature: planned(z.number(), 'Randomness of the wordings.'),
    }),
    'The model that rewords.',
  ),
  num_variants: planned(atLeastOne, 'Number of wordings.'),
  strategy: planned(z.enum(['balanced', 'diverse', 'conservative', 'adaptive']), 'How far wordings may differ.'),
  cache_enabled: planned(flag, 'Keep wordings for the same question.'),
  semantic_threshold: planned(share, 'Least likeness to the question.'),
  temperature_range: planned(z.array(z.number()).length(2), 'Lowest and highest randomness.'),
  use_chain_of_thought: planned(flag, 'Let the model think first.'),
  validate_semantics: planned(flag, 'Check that wordings mean the same.'),
});
