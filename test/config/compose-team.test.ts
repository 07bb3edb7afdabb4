import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKEND_TYPES } from '../../src/config/catalogue.ts';
import { composeTeam } from '../../src/config/compose-team.ts';
import { loadConfigText } from '../../src/config/load.ts';

const TYPES = BACKEND_TYPES.filter((type) => type.keyNeed !== 'none' && type.protocol !== null).map(({ type }) => type);

function load(text: string): ReturnType<typeof loadConfigText> {
  return loadConfigText(text, { path: '/team.yaml', env: {} });
}

describe('the config that the set-up writes', () => {
  it('reads like this', () => {
    const text = composeTeam([
      { type: 'openai', model: 'gpt-6-luna', note: '$0.1 in, $0.5 out per million tokens' },
      { type: 'ollama', model: 'qwen3:8b', note: 'free' },
      { type: 'ollama', model: 'yes', note: null },
    ]);
    expect(text.slice(0, text.indexOf('\norchestrator:')))
      .toBe(`# A team for massgen. Start it with: massgen --config FILE "your question"
# Check it after a change with: massgen --validate FILE
# Keys it needs: OPENAI_API_KEY. No key stands in here: they are looked for in
# the shell, ./.env, ~/.massgen/.env, in this order.

agents:
  - id: openai
    backend:
      type: openai # OpenAI
      model: gpt-6-luna # $0.1 in, $0.5 out per million tokens
  - id: ollama1
    backend:
      type: chatcompletion # Ollama
      model: "qwen3:8b" # free
      base_url: "http://localhost:11434/v1"
  - id: ollama2
    backend:
      type: chatcompletion # Ollama
      model: "yes"
      base_url: "http://localhost:11434/v1"
`);
  });

  it('is valid without a warning for every type, and keeps any name of a model', () => {
    const agent = fc.record({
      type: fc.constantFrom(...TYPES),
      model: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((name) => name.trim() !== ''),
      note: fc.option(fc.string({ unit: 'grapheme', maxLength: 30 })),
    });
    fc.assert(
      fc.property(fc.array(agent, { minLength: 1, maxLength: 5 }), (agents) => {
        const { problems, config } = load(composeTeam(agents));
        expect({ problems, models: config?.agents?.map(({ backend }) => backend.model) }).toEqual({
          problems: [],
          models: agents.map(({ model }) => model),
        });
      }),
      { numRuns: 60 },
    );
  });
});
