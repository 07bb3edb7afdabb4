import { describe, expect, it } from 'vitest';
import { findTypeOfModel, inferType } from '../../src/config/infer-type.ts';
import { MassgenError } from '../../src/platform/errors.ts';

describe('the type of a model', () => {
  it.each([
    ['gpt-5-codex', 'openai'],
    ['GPT-4o', 'openai'],
    ['o3-mini-high', 'openai'],
    ['o4-mini-low', 'openai'],
    ['gpt-6.1-sol', 'openai'],
    ['o5', 'openai'],
    ['claude-3-opus-20240229', 'claude'],
    ['claude-sonnet-5-5', 'claude'],
    ['gemini-2.5-pro', 'gemini'],
    ['gemini-4-carbon', 'gemini'],
    ['grok-3-mini', 'grok'],
    ['grok-4.6', 'grok'],
    ['glm-4.5-air', 'zai'],
    ['glm-5.3', 'zai'],
    ['deepseek-chat', 'deepseek'],
    ['mistral-large-latest', 'mistral'],
    ['magistral-medium-latest', 'mistral'],
    ['codestral-latest', 'mistral'],
    ['kimi-k3', 'moonshot'],
    ['moonshot-v1-128k', 'moonshot'],
    ['qwen-max', 'qwen'],
  ])('%s is %s', (model, type) => {
    expect(inferType(model)).toBe(type);
  });

  it.each(['gpt-oss-120b', 'openai/gpt-5', 'llama-3.3-70b', 'omni', 'o', 'qwen3:8b', ''])(
    'is not told by %j',
    (model) => {
      expect(findTypeOfModel(model)).toBeNull();
    },
  );

  it('that is unknown gives an error with the nearest model and the way out', () => {
    const thrown = catchError(() => inferType('cluade-sonnet-5-5'));
    expect(thrown).toMatchObject({ code: 'unknown-model', exitCode: 1 });
    expect(thrown.message).toMatch(
      /^Cannot tell which provider serves the model cluade-sonnet-5-5\. Did you mean claude-sonnet-5-5\? Name the provider with --backend TYPE, one of: openai, /,
    );
  });

  it('is not guessed from far away', () => {
    expect(catchError(() => inferType('zzz\u001b[2J')).message).toMatch(
      /^Cannot tell which provider serves the model zzz\\u\{1b\}\[2J\. Name the provider/,
    );
  });
});

function catchError(run: () => unknown): MassgenError {
  try {
    run();
  } catch (error) {
    if (error instanceof MassgenError) return error;
  }
  throw new Error('nothing was thrown');
}
