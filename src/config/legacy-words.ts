import type { JsonObject } from '../events/json.ts';
import type { Finding } from './finding.ts';

/** Top-level words of MassGen's first config format, and what says the same today. */
const WORDS: Readonly<Record<string, string>> = {
  models: 'List the agents under agents, each with an id and a backend of type and model.',
  model_configs: 'Write model settings into the backend of each agent.',
  num_agents: 'The number of entries under agents counts.',
  max_rounds: 'Use orchestrator.max_new_answers_per_agent.',
  consensus_threshold: 'There is no threshold; orchestrator.voting_rule says how ballots become a winner.',
  voting_enabled: 'Agents always vote; remove it.',
  enable_voting: 'Agents always vote; remove it.',
};

/** An error for every word of the old format. A file that has one is checked no further. */
export function findLegacyWords(root: JsonObject): Finding[] {
  return Object.entries(WORDS)
    .filter(([word]) => Object.hasOwn(root, word))
    .map(([word, suggestion]) => ({
      severity: 'error',
      path: [word],
      at: 'key',
      message: `The key ${word} belongs to MassGen’s first config format, which is no longer read.`,
      suggestion,
    }));
}
