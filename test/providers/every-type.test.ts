import { describe, expect, test } from 'vitest';
import { BACKEND_TYPES, type BackendType } from '../../src/config/catalogue.ts';
import { loadConfigText } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { TeamSpec } from '../../src/config/team.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { createProvider } from '../../src/providers/create.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { createManualClock } from './manual-clock.ts';

/** What a type asks for beside its name. */
const MORE: Record<string, object> = {
  acp: { command: ['agent'] },
  a2a: { base_url: 'https://agent.example' },
  scripted: { script: { turns: [{ text: 'x' }] } },
  ag2: { agent_config: { name: 'a' } },
  azure_openai: { base_url: 'https://some.openai.azure.com' },
};
const FRAMEWORKS = new Set(['langgraph', 'ai-sdk', 'openai-agents', 'mastra']);

function teamOf({ type, keyVariables, defaultModel }: BackendType): TeamSpec {
  const names = [...keyVariables, 'OPENAI_API_KEY'];
  const env = Object.fromEntries(names.map((name) => [name, 'some-key-0123456789']));
  const backend = {
    type,
    ...(defaultModel === null && { model: 'some-model' }),
    ...(FRAMEWORKS.has(type) && { module: './agent.ts' }),
    ...MORE[type],
  };
  const text = JSON.stringify({ agent: { id: 'a', backend } });
  return resolveTeam(loadConfigText(text, { path: '/t.json', shownAs: 't.json', env }), { env, overrides: {} });
}

const [runnable, others] = [
  BACKEND_TYPES.filter(({ protocol }) => protocol !== null),
  BACKEND_TYPES.filter(({ protocol }) => protocol === null),
];

describe('every type that the lists name', () => {
  test.each(runnable.map((type) => [type.type, type] as const))('%s can be used', async (_, type) => {
    const [agent] = teamOf(type).agents;
    if (!agent) throw new Error('no agent');
    const made: unknown = await createProvider(agent.backend, { clock: createManualClock() }).catch(
      (error: unknown) => error,
    );
    // What is not installed or not there is said by the one who runs the type.
    const isWaiting = made instanceof MassgenError && /npm install|There is no (model file|module)/.test(made.message);
    expect(isWaiting || (made as Provider).stream instanceof Function).toBe(true);
  });

  test.each(others.map((type) => [type.type, type] as const))('%s cannot be used, and that is told', (_, type) => {
    expect(() => teamOf(type)).toThrow(/agent.backend.type .*(cannot run it yet|do not run in this program)/);
  });
});
