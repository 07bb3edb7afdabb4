import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../src/cli/describe-config.ts';
import type { TeamSpec } from '../../src/config/team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { scriptedAgent } from '../engine/scripted-agent.ts';

const KEY = 'sk-test-0123456789abcdef0123456789';

function team(change: Partial<TeamSpec> = {}): TeamSpec {
  const agent = scriptedAgent('ann', []);
  const backend = {
    ...agent.backend,
    apiKey: KEY,
    apiKeyVariables: ['OTHER_KEY', 'OPENAI_API_KEY'],
    headers: { 'x-api-key': KEY },
    params: { temperature: 0.2, note: `use ${KEY}` },
  };
  return {
    name: 'one',
    agents: [{ ...agent, backend }],
    settings: { ...DEFAULT_SETTINGS, maxRestarts: 2 },
    unsupported: [],
    origin: { kind: 'config', path: '/home/me/team.yaml' },
    ...change,
  };
}

describe('the team as it runs', () => {
  const rows = describeConfig(team(), { OPENAI_API_KEY: KEY });
  const rowOf = (key: string): unknown => rows.find((row) => row.key === key);

  it('names where values are from', () => {
    expect([rowOf('made from'), rowOf('model'), rowOf('address'), rowOf('max restarts'), rowOf('quorum')]).toEqual([
      { key: 'made from', value: '/home/me/team.yaml', source: '' },
      { key: 'model', value: 'script', source: 'config' },
      { key: 'address', value: 'as the provider has it', source: 'default' },
      { key: 'max restarts', value: '2', source: 'config' },
      { key: 'quorum', value: 'none', source: 'default' },
    ]);
  });

  it('names the variable of a key and shows no key anywhere', () => {
    expect(rowOf('key')).toEqual({ key: 'key', value: 'found', source: 'OPENAI_API_KEY' });
    expect(JSON.stringify(rows)).not.toContain(KEY);
  });

  it('has values for people, not for programs', () => {
    expect(rows.filter(({ value }) => /[{}"]|null|true|false/.test(value))).toEqual([]);
    expect([rowOf('timeout'), rowOf('round limits')]).toEqual([
      { key: 'timeout', value: '30 min', source: 'default' },
      { key: 'round limits', value: 'first none, later none, grace 2 min', source: 'default' },
    ]);
  });
});
