import { describe, expect, it } from 'vitest';
import type { RunnableTeam } from '../../src/config/runnable-teams.ts';
import { findRunnableTeams } from '../../src/config/runnable-teams.ts';

const nobody = async (): Promise<null> => null;

function summary(teams: RunnableTeam[]): unknown[] {
  return teams.map(({ kind, reason, team }) => [
    kind,
    reason,
    team.name,
    team.agents.map((a) => `${a.id}:${a.backend.model}`),
  ]);
}

const DEMO = [
  'demo',
  'needs no key',
  'demo team',
  ['greedy:demo-greedy', 'exhaustive:demo-exhaustive', 'backward:demo-backward'],
];

describe('teams that can run now', () => {
  it('are the demo at least', async () => {
    expect(summary(await findRunnableTeams({ env: {}, probe: nobody }))).toEqual([DEMO]);
  });

  it('are one for each key, and a mixed one before them', async () => {
    const env = {
      OPENAI_API_KEY: 'o',
      ANTHROPIC_API_KEY: ' ',
      GEMINI_API_KEY: 'g',
      OPENROUTER_API_KEY: 'r',
      VLLM_API_KEY: 'v',
    };
    expect(summary(await findRunnableTeams({ env, probe: nobody }))).toEqual([
      [
        'mixed',
        'OPENAI_API_KEY, GEMINI_API_KEY are set',
        'OpenAI, Google',
        ['openai:gpt-6-luna', 'gemini:gemini-3.5-flash'],
      ],
      ['provider', 'OPENAI_API_KEY is set', 'OpenAI gpt-6-luna', ['openai:gpt-6-luna']],
      ['provider', 'GEMINI_API_KEY is set', 'Google gemini-3.5-flash', ['gemini:gemini-3.5-flash']],
      DEMO,
    ]);
  });

  it('mix at most five vendors', async () => {
    const names = ['OPENAI', 'ANTHROPIC', 'GOOGLE', 'XAI', 'CEREBRAS', 'GROQ', 'ZAI'];
    const env = Object.fromEntries(names.map((name) => [`${name}_API_KEY`, 'k']));
    const [mixed, ...others] = await findRunnableTeams({ env, probe: nobody });
    expect(mixed?.team.agents.map((a) => a.id)).toEqual(['openai', 'claude', 'gemini', 'grok', 'cerebras']);
    expect(others.filter((t) => t.kind === 'provider')).toHaveLength(7);
  });

  it('need an address beside the key for Azure', async () => {
    const env = { AZURE_OPENAI_API_KEY: 'k' };
    expect(summary(await findRunnableTeams({ env, probe: nobody }))).toEqual([DEMO]);
    const teams = await findRunnableTeams({
      env: { ...env, AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com' },
      probe: nobody,
    });
    expect(teams.map((t) => t.team.name)).toEqual(['Azure OpenAI gpt-4o', 'demo team']);
  });

  it('use up to three chat models of every local server that answers', async () => {
    const asked: string[] = [];
    const probe = async (url: string): Promise<string[] | null> => {
      asked.push(url);
      if (url.includes(':11434')) return ['qwen3:8b', 'nomic-embed-text', 'gemma', 'phi', 'llama'];
      return url.includes(':8080') ? [] : null;
    };
    expect(summary(await findRunnableTeams({ env: {}, probe }))).toEqual([
      [
        'local',
        'Ollama answers at http://localhost:11434/v1',
        'Ollama (local)',
        ['ollama1:qwen3:8b', 'ollama2:gemma', 'ollama3:phi'],
      ],
      DEMO,
    ]);
    expect(asked.toSorted()).toEqual(
      [11434, 1234, 30000, 8000, 8080].map((port) => `http://localhost:${port}/v1/models`).toSorted(),
    );
  });
});
