import type { CoordinationSettings, PersonaSettings, RewordingSettings } from '../events/settings.ts';
import type { Config } from './schema/config.ts';

type Prepared = Pick<CoordinationSettings, 'personas' | 'rewording' | 'subtasks'>;

/** What a file wants to be prepared before agents draft. */
export function preparationOf(config: Config): Prepared {
  return { personas: personasOf(config), rewording: rewordingOf(config), subtasks: subtasksOf(config) };
}

function personasOf(config: Config): PersonaSettings | null {
  const p = config.orchestrator?.coordination?.persona_generator;
  // Naming how they are to be is asking for them, unless they are switched off.
  if (p === undefined || p.enabled === false) return null;
  return {
    strategy: p.strategy ?? 'complementary',
    diversity: p.diversity_mode === undefined || p.diversity_mode === 'perspective' ? 'perspective' : 'implementation',
    guidelines: p.persona_guidelines ?? '',
    ...(p.persist_across_turns === true && { persists: true as const }),
  };
}

function rewordingOf(config: Config): RewordingSettings | null {
  const d = config.orchestrator?.dspy;
  if (d?.enabled !== true) return null;
  return {
    variants: d.num_variants ?? 3,
    strategy: d.strategy ?? 'balanced',
    threshold: d.validate_semantics === false ? 0 : (d.semantic_threshold ?? 0.85),
    thinks: d.use_chain_of_thought === true,
    ...(d.cache_enabled === true && { isCached: true as const }),
    ...(d.temperature_range && { temperatures: d.temperature_range }),
  };
}

function subtasksOf({ orchestrator, agents = [] }: Config): CoordinationSettings['subtasks'] {
  if (orchestrator?.coordination_mode !== 'decomposition') return null;
  return agents.some(({ subtask }) => subtask !== undefined) ? 'given' : 'asked-for';
}
