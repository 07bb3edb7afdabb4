import { describe, expect, it } from 'vitest';
import { findBackendType } from '../../src/config/catalogue.ts';
import { readExternal, type ExternalRequest } from '../../src/config/read-external.ts';

const ENV = {
  PATH: '/bin',
  HOME: '/home/u',
  GEMINI_API_KEY: 'g',
  OPENAI_API_KEY: 'o',
  ANTHROPIC_API_KEY: 'a',
  DATABASE_PASSWORD: 'p',
};

function read(type: string, part: Partial<ExternalRequest> = {}): unknown {
  return readExternal({ type: findBackendType(type)!, model: undefined, baseUrl: undefined, keys: {}, ...part }, ENV);
}

describe('an agent that is no model endpoint', () => {
  it('is a known program with its own keys, and nobody else’s', () => {
    expect(read('acp', { model: 'gemini-2.5-pro', keys: { agent: 'gemini' } })).toEqual({
      model: 'gemini gemini-2.5-pro',
      external: {
        kind: 'acp',
        name: 'gemini',
        command: 'gemini',
        args: ['--acp', '--model', 'gemini-2.5-pro'],
        env: { PATH: '/bin', HOME: '/home/u', GEMINI_API_KEY: 'g', GEMINI_CLI_TRUST_WORKSPACE: 'true' },
        install: 'Install Gemini CLI: npm install -g @google/gemini-cli',
        authMethods: ['gemini-api-key'],
        model: 'gemini-2.5-pro',
        permissionMode: 'default',
      },
    });
  });

  it('is told settings that the run needs, which the config may change', () => {
    const envOf = (env: Record<string, string>): unknown =>
      (read('acp', { keys: { agent: 'claude', env } }) as { external: { env: unknown } }).external.env;
    const own = { PATH: '/bin', HOME: '/home/u', ANTHROPIC_API_KEY: 'a' };
    const plain = { ...own, CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: 'false' };
    expect(envOf({})).toEqual({ ...plain, ENABLE_TOOL_SEARCH: 'false' });
    expect(envOf({ ENABLE_TOOL_SEARCH: 'true' })).toEqual({ ...plain, ENABLE_TOOL_SEARCH: 'true' });
  });

  it('is any program by its command, which gets no key but what the config gives it', () => {
    const keys = { command: 'my-agent --acp', args: ['-v'], env: { MY_KEY: 'k' } };
    expect(read('acp', { keys })).toMatchObject({
      model: 'my-agent',
      external: { command: 'my-agent', args: ['--acp', '-v'], env: { PATH: '/bin', HOME: '/home/u', MY_KEY: 'k' } },
    });
  });

  it('is named by the model on a command line', () => {
    expect(read('acp', { model: 'goose' })).toMatchObject({
      model: 'goose',
      external: { command: 'goose', model: null },
    });
  });

  it('is an export of a module beside the config', () => {
    const keys = { module: './graph.ts#graph', folder: '/configs' };
    expect(read('langgraph', { keys })).toEqual({
      model: 'graph.ts#graph',
      external: { kind: 'framework', framework: 'langgraph', module: '/configs/graph.ts', exportName: 'graph' },
    });
  });

  it('is a file', () => {
    expect(read('local', { model: 'models/tiny.gguf', keys: { folder: '/configs' } })).toMatchObject({
      model: 'tiny.gguf',
      external: { kind: 'local', file: '/configs/models/tiny.gguf' },
    });
  });

  it.each([
    ['acp', 'type', /agent: NAME \(gemini, codex/],
    ['a2a', 'base_url', /base_url: https/],
    ['mastra', 'type', /module: /],
    ['local', 'model', /model: path/],
  ])('of type %s says what is missing', (type, key, suggestion) => {
    expect(read(type)).toMatchObject({ problem: { key, suggestion: expect.stringMatching(suggestion) as string } });
  });

  it('is nothing for a model', () => {
    expect(read('openai')).toBeNull();
  });
});
