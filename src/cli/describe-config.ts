import type { AgentSpec, BackendSpec, TeamSpec } from '../config/team.ts';
import { secretsOf } from '../engine/team-secrets.ts';
import { DEFAULT_SETTINGS } from '../events/settings.ts';
import { createRedactor } from '../runlog/redact.ts';
import type { ConfigRow } from '../tui/ports.ts';
import { describeAgents } from './describe-team.ts';
import { settingName, settingText } from './setting-text.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The team as it runs, a row per setting, with where its value is from. Holds no secret: keys are named, not shown.
 * `pickedBecause` says why learning picked the team, where it did.
 */
export function describeConfig(team: TeamSpec, variables: Variables, pickedBecause?: string): ConfigRow[] {
  const redact = createRedactor({ secrets: secretsOf(team, variables) });
  const rows = [
    row('team', team.name, ''),
    row('made from', originOf(team), ''),
    ...(pickedBecause === undefined ? [] : [row('picked by', pickedBecause, '--learn')]),
    ...team.agents.flatMap((agent, i) => agentRows(agent, describeAgents(team)[i]?.tools ?? [], variables)),
    section('coordination'),
    ...Object.entries(team.settings).map(([name, value]) => {
      const usual: unknown = Object.entries(DEFAULT_SETTINGS).find(([each]) => each === name)?.[1];
      const source = JSON.stringify(value) === JSON.stringify(usual) ? 'default' : placeOf(team);
      return row(settingName(name), settingText(name, value), source);
    }),
    ...(team.unsupported.length > 0
      ? [section('without effect in this version'), row('keys', team.unsupported.join(', '), '')]
      : []),
  ];
  return rows.map(({ key, value, source }) => ({ key: redact.text(key), value: redact.text(value), source }));
}

function agentRows(agent: AgentSpec, tools: readonly string[], variables: Variables): ConfigRow[] {
  const { backend, limits, systemMessage } = agent;
  const own = 'config';
  return [
    section(`agent ${agent.id}`),
    row('backend', backend.type, own),
    row('model', backend.model, own),
    row('address', backend.baseUrl ?? 'as the provider has it', backend.baseUrl === null ? 'default' : own),
    keyRow(backend, variables),
    ...(Object.keys(backend.headers).length > 0 ? [row('headers', Object.keys(backend.headers).join(', '), own)] : []),
    ...Object.entries(backend.params).map(([name, value]) => row(name, settingText(name, value), own)),
    ...(systemMessage === null ? [] : [row('system message', systemMessage, own)]),
    ...(tools.length > 0 ? [row('tools', tools.join(', '), own)] : []),
    ...(limits ? [row('limits', settingText('limits', limits), own)] : []),
    ...(backend.fallback ? [row('fallback', backend.fallback.map(({ model }) => model).join(', '), own)] : []),
  ];
}

function keyRow(backend: BackendSpec, variables: Variables): ConfigRow {
  if (backend.apiKey === null) return row('key', 'none', '');
  const variable = backend.apiKeyVariables.find((name) => variables[name] === backend.apiKey);
  return row('key', 'found', variable ?? 'config');
}

function originOf({ origin }: TeamSpec): string {
  if (!origin) return 'a program';
  if (origin.kind === 'config') return origin.path;
  return origin.kind === 'demo' ? 'the built-in team' : 'the command line';
}

function placeOf({ origin }: TeamSpec): string {
  return origin?.kind === 'config' ? 'config' : origin?.kind === 'demo' ? 'built in' : 'command line';
}

function section(key: string): ConfigRow {
  return { key, value: '', source: '' };
}

function row(key: string, value: string, source: string): ConfigRow {
  return { key, value: value === '' ? '-' : value, source };
}
