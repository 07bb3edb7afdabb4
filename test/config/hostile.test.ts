import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import { withValueAt } from '../../src/config/value-at.ts';
import type { JsonValue } from '../../src/events/json.ts';
import { isJsonObject } from '../../src/events/json.ts';
import { MassgenError } from '../../src/platform/errors.ts';

const TEAM: JsonValue = {
  agents: [
    {
      id: 'a',
      system_message: 'x',
      memory: { enabled: true, persistent_memory: { qdrant: { mode: 'server', port: 1 } } },
      backend: {
        type: 'openai',
        model: 'gpt-5',
        temperature: 0.5,
        extra_body: { search_parameters: { mode: 'auto' } },
        headers: { A: 'b' },
        mcp_servers: [{ name: 'm', command: 'npx', args: ['a'], env: { K: 'v' }, security: { level: 'strict' } }],
        custom_tools: [{ function: ['f'], name: ['n'] }],
        upload_files: [{ image_path: 'x' }],
        cwd: 'w',
      },
    },
    { id: 'b', backend: { type: 'demo', strategy: 'greedy', error_rate: 0.1 } },
    { id: 'c', backend: { type: 'grok', mcp_servers: { m: { type: 'streamable-http', url: 'https://x.com' } } } },
  ],
  orchestrator: {
    voting_rule: 'borda',
    context_paths: [{ path: 'x' }],
    coordination: { use_skills: true },
    dspy: { enabled: true },
  },
  timeout_settings: { orchestrator_timeout_seconds: 5 },
  ui: { display_type: 'simple' },
};

function pathsOf(node: JsonValue, path: (string | number)[] = []): (string | number)[][] {
  const children = Array.isArray(node) ? [...node.entries()] : isJsonObject(node) ? Object.entries(node) : [];
  return [path, ...children.flatMap(([step, child]) => pathsOf(child, [...path, step]))];
}

const ENV = { OPENAI_API_KEY: 'sk-secret', XAI_API_KEY: 'sk-secret', SECRET: 'sk-secret' };

/** Reads, checks and starts it; everything that it is told. */
function messagesOf(text: string, path: string): string {
  const loaded = loadConfigText(text, { path, env: ENV });
  const messages = loaded.problems.map(formatProblem);
  try {
    resolveTeam(loaded, { env: {} });
  } catch (error) {
    if (!(error instanceof MassgenError)) throw error;
    messages.push(error.message);
  }
  const isRefused = loaded.problems.some((p) => p.severity === 'error') || loaded.references.some((r) => !r.isSet);
  return messages.join('\n') + (loaded.config === null && !isRefused ? 'NO REASON GIVEN' : '');
}

const HARM = /[\p{Cc}\p{Cf}]|sk-secret|NO REASON GIVEN|, 0 problems/u;

/** What must not be said; null if nothing such was. */
function harmOf(text: string, path: string): string | null {
  return HARM.exec(messagesOf(text, path).replaceAll('\n', ' '))?.[0] ?? null;
}

const value = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as JsonValue),
  fc.constantFrom<JsonValue>(
    null,
    '',
    0,
    -1,
    true,
    [],
    {},
    '${SECRET}',
    '${UNSET}',
    'a\u001b[2J',
    ['${SECRET}'],
    { '\u001b[1m': 1 },
    { __proto__: null },
  ),
);

describe('a hostile config', () => {
  it('with anything anywhere gives problems and no exceptions, no escape sequences, no secrets', () => {
    const paths = fc.constantFrom(...pathsOf(TEAM));
    fc.assert(
      fc.property(paths, value, (path, replacement) => {
        expect(harmOf(JSON.stringify(withValueAt(TEAM, path, replacement)), '/x/team.json')).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('with a secret anywhere never repeats it', () => {
    const harms = pathsOf(TEAM).flatMap((path) =>
      ['${SECRET}', ['${SECRET}'], { x: '${SECRET}' }, 'https://${SECRET}', '${SECRET}; rm'].map((secret) =>
        harmOf(JSON.stringify(withValueAt(TEAM, path, secret)), '/x/team.json'),
      ),
    );
    expect(harms.filter((harm) => harm !== null)).toEqual([]);
  });

  it('with any key anywhere is the same', () => {
    const maps = pathsOf(TEAM).filter((path) =>
      isJsonObject(path.reduce<JsonValue | undefined>((node, step) => (node as Record<string, JsonValue>)[step], TEAM)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...maps), fc.string({ unit: 'binary', minLength: 1 }), value, (path, name, inner) => {
        const map = path.reduce<JsonValue>((node, step) => (node as Record<string, JsonValue>)[step]!, TEAM);
        const changed = { ...(map as Record<string, JsonValue>), [name]: inner };
        expect(harmOf(JSON.stringify(withValueAt(TEAM, path, changed)), '/x/team.json')).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('of any text at all is the same', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'agents:',
        '\n',
        '  ',
        '- ',
        '{',
        '[',
        '&a ',
        '*a',
        '<<: *a',
        '|',
        '>',
        '"',
        "'",
        '!!int ',
        '---',
        '%YAML',
        '\t',
        ': ',
        '?',
        '#',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(harmOf(pieces.join(''), '/x/team.yaml')).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('that names itself in a circle is refused', () => {
    expect(messagesOf('agents: &a [*a]\n', '/x/team.yaml')).not.toBe('');
    expect(messagesOf('agent: &a {backend: {<<: *a}}\n', '/x/team.yaml')).not.toBe('');
  });

  it('that is nested without end is refused', () => {
    for (const open of ['{a: ', '- ', 'a: {b: [', '!!map {a: ']) {
      expect(messagesOf(open.repeat(20_000), '/x/team.yaml')).not.toBe('');
    }
    expect(messagesOf('['.repeat(20_000), '/x/team.yaml')).not.toBe('');
    expect(messagesOf('[[['.repeat(300) + ']]]'.repeat(300), '/x/team.yaml')).not.toBe('');
    expect(messagesOf(`{"agents": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, '/x/team.json')).not.toBe('');
  });
});
