import { describe, expect, it } from 'vitest';
import { withoutServer, withServer } from '../../src/config/edit-servers.ts';

const SHARED = `agents:
  - id: one
    backend:
      type: openai
      mcp_servers: &tools
        old: { command: npx }
  - id: two
    backend:
      type: claude
      mcp_servers: *tools
`;

describe('servers that agents share by an alias', () => {
  it('get a further one once, for all of them', () => {
    expect(withServer(SHARED, 'tides', { command: 'uvx' }, null)).toBe(
      SHARED.replace('old: { command: npx }\n', 'old: { command: npx }\n        tides:\n          command: uvx\n'),
    );
  });

  it('lose one once, and stay to be referred to', () => {
    const empty = SHARED.replace('&tools\n        old: { command: npx }', '&tools {}');
    expect(withoutServer(SHARED, 'old', null)).toBe(empty);
  });

  it('are not changed for one of them', () => {
    expect(() => withServer(SHARED, 'tides', { command: 'uvx' }, 'two')).toThrow(/are those of others too/);
  });
});

it('servers that come by a merge are left to an editor', () => {
  const merged =
    'base: &base { mcp_servers: { old: { command: npx } } }\nagent: { backend: { <<: *base, type: openai } }\n';
  expect(() => withServer(merged, 'tides', { command: 'uvx' }, null)).toThrow(/are those of others too/);
});

it('a backend that agents share is changed once', () => {
  const shared = 'agents:\n  - id: one\n    backend: &b\n      type: openai\n  - id: two\n    backend: *b\n';
  expect(withServer(shared, 'tides', { command: 'uvx' }, null)).toBe(
    shared.replace('type: openai\n', 'type: openai\n      mcp_servers:\n        tides:\n          command: uvx\n'),
  );
});
