import type { TeamSpec } from '../config/team.ts';
import { secretVariables } from '../platform/secret-names.ts';
import { containerVariables, type KnowledgeSource } from '../workspace/docker/container-knowledge.ts';

/** What the config gives to containers out of files, as far as its names mean secrets. Never rejects. */
export async function containerSecrets(
  { agents, subagents = [] }: Pick<TeamSpec, 'agents' | 'subagents'>,
  source: KnowledgeSource,
): Promise<string[]> {
  const needs = [...agents, ...subagents].flatMap(({ tools }) => tools?.docker ?? []);
  const known = await Promise.all(needs.map((need) => containerVariables(need, source)));
  return known.flatMap(({ value }) => secretVariables(value));
}
