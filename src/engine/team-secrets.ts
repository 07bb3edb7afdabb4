import type { TeamSpec } from '../config/team.ts';
import type { McpServerNeed } from '../config/tool-needs.ts';
import { isSecretName, secretVariables } from '../platform/secret-names.ts';

const SECRET_HEADER = /(authorization|key|token|secret|cookie)/i;
const isSecretHeader = (name: string): boolean => SECRET_HEADER.test(name);

/** Everything that must never be written down: keys of this team, and whatever the environment calls a secret. */
export function secretsOf(team: TeamSpec, variables: Readonly<Record<string, string | undefined>>): string[] {
  const agents = [...team.agents, ...(team.subagents ?? [])];
  const backends = [
    ...agents.flatMap(({ backend, riskModel }) =>
      [backend, ...(backend.fallback ?? []), riskModel?.backend ?? []].flat(),
    ),
    ...Object.values(team.preparers ?? {}),
  ];
  const used = backends.flatMap((backend) => [
    ...(backend.apiKey === null ? [] : [backend.apiKey]),
    ...(backend.features?.hostedServers ?? []).flatMap(({ token }) => token ?? []),
    ...secretVariables(backend.external && 'env' in backend.external ? backend.external.env : {}),
    ...Object.entries(backend.headers).flatMap(([name, value]) =>
      isSecretHeader(name) ? [value, value.replace(/^\w+ /, '')] : [],
    ),
  ]);
  const servers = agents.flatMap(({ tools, hooks }) => [
    ...(tools?.mcpServers ?? []).flatMap(({ transport }) => secretsOfServer(transport)),
    ...(tools?.custom?.tools ?? []).flatMap(({ env }) => secretVariables(env)),
    ...(hooks ?? []).flatMap(({ env }) => secretVariables(env)),
  ]);
  const atEnd = (team.endHooks ?? []).flatMap(({ env }) => secretVariables(env));
  return [...new Set([...secretVariables(variables), ...used, ...servers, ...atEnd])];
}

/** A server's variables and headers hold its keys. */
function secretsOfServer(transport: McpServerNeed['transport']): string[] {
  const [values, isSecret] =
    transport.type === 'stdio' ? [transport.env, isSecretName] : [transport.headers, isSecretHeader];
  return Object.entries(values).flatMap(([name, value]) => (isSecret(name) ? [value, value.replace(/^\w+ /, '')] : []));
}
