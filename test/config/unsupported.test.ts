import { describe, expect, it } from 'vitest';
import { findUnsupported, isBelow } from '../../src/config/unsupported.ts';
import type { JsonValue } from '../../src/events/json.ts';

describe('keys that ask for what is not there yet', () => {
  const withBackend = (backend: JsonValue): JsonValue => ({ agent: { backend } });

  it.each<[JsonValue, boolean]>([
    [{ cwd: 'w' }, false],
    [{ enable_computer_use: true }, true],
    [{ enable_computer_use: false }, false],
    [{ mcp_servers: { a: {} } }, false],
    [{ mcp_servers: { a: { defer_loading: false } } }, false],
    [{ output_schema: { a: {} } }, false],
    [{ agent_config: { name: 'a' } }, true],
    [{ agent_config: {} }, false],
    [{ custom_tools: [{}] }, false],
    [{ command_line_docker_image: 'x', max_concurrent_tools: 3 }, false],
    [{ enable_web_search: true, temperature: 1, unknown_key: true, base_url: 'x' }, false],
  ])('%j: %s', (backend, asks) => {
    expect(findUnsupported(withBackend(backend)).length > 0).toBe(asks);
  });

  it.each([
    ['w', true],
    ['', false],
    [null, false],
  ])('a text, %j: %s', (text, asks) => {
    expect(findUnsupported({ orchestrator: { fast_iteration_mode: text } }).length > 0).toBe(asks);
  });

  it('are not asked for by what is switched off', () => {
    const memory = (enabled: boolean): JsonValue => ({ memory: { enabled } });
    expect(findUnsupported(memory(false))).toEqual([]);
    expect(findUnsupported(memory(true))).toEqual([['memory']]);
  });

  it('are named once, not with everything below them', () => {
    const value = {
      memory: { enabled: true, retrieval: { limit: 3 } },
      agents: [{ backend: { group_config: { agents: [{ name: 'a' }] } } }],
    };
    expect(findUnsupported(value)).toEqual([['memory'], ['agents', 0, 'backend', 'group_config']]);
  });
});

describe('a place below another', () => {
  it.each([
    [['a', 'b'], true],
    [['a', 'b', 0], true],
    [['a', 'b', 'c'], true],
    [['a'], false],
    [['a', 'bc'], false],
    [['x', 'a', 'b'], false],
  ])('%j', (path, isIt) => {
    expect(isBelow(path, [['other'], ['a', 'b']])).toBe(isIt);
  });
});
