import { describe, expect, it } from 'vitest';
import { readJson, readYaml } from '../../src/config/source-document.ts';

const TEAM = `# a team
agents:
  - id: one
    backend:
      type: openai
      stop: [a, b]
  - id: two
    backend: {type: claude}
ui:
  theme: dark
`;

describe('reading YAML', () => {
  it('gives plain values', () => {
    expect(readYaml(TEAM)).toMatchObject({
      value: {
        agents: [
          { id: 'one', backend: { type: 'openai', stop: ['a', 'b'] } },
          { id: 'two', backend: { type: 'claude' } },
        ],
        ui: { theme: 'dark' },
      },
      problems: [],
    });
  });

  it.each([
    [['agents', 0, 'id'], 'value', { line: 3, column: 9 }],
    [['agents', 0, 'id'], 'key', { line: 3, column: 5 }],
    [['agents', 0, 'backend'], 'value', { line: 4, column: 5 }],
    [['agents', 0, 'backend', 'stop', 1], 'value', { line: 6, column: 17 }],
    [['agents', 1], 'value', { line: 7, column: 5 }],
    [['agents', 1, 'backend', 'type'], 'value', { line: 8, column: 21 }],
    [['ui', 'theme'], 'key', { line: 10, column: 3 }],
  ] as const)('finds %j (%s)', (path, at, place) => {
    expect(readYaml(TEAM).locate(path, at)).toEqual(place);
  });

  it('points at the nearest parent of what is missing', () => {
    expect(readYaml(TEAM).locate(['ui', 'nothing', 3, 'here'])).toEqual({ line: 9, column: 1 });
    expect(readYaml(TEAM).locate(['nothing'])).toEqual({ line: 2, column: 1 });
  });

  it('follows aliases and merged keys', () => {
    const text = 'base: &b\n  type: openai\nagent:\n  backend:\n    <<: *b\n    model: x\nother: *b\n';
    const read = readYaml(text);
    expect(read.value).toEqual({
      base: { type: 'openai' },
      agent: { backend: { type: 'openai', model: 'x' } },
      other: { type: 'openai' },
    });
    expect(read.locate(['agent', 'backend', 'type'])).toEqual({ line: 2, column: 9 });
    expect(read.locate(['other', 'type'])).toEqual({ line: 2, column: 9 });
  });

  it('lets an own key win over a merged one, wherever it stands, and an earlier source over a later one', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  x: 0\n  <<: [*a, *b]\n';
    expect(readYaml(text).value).toMatchObject({ c: { x: 0, y: 1, z: 2 } });
  });

  it('takes the last of two equal keys, with a warning at it', () => {
    const read = readYaml('a: 1\nb:\n  c: 1\n  c: 2\n');
    expect(read.value).toEqual({ a: 1, b: { c: 2 } });
    expect(read.problems).toEqual([
      {
        severity: 'warning',
        place: { line: 4, column: 3 },
        message: 'The key c stands here twice; the last one counts.',
        suggestion: 'Remove one of the two.',
      },
    ]);
    expect(read.locate(['b', 'c'])).toEqual({ line: 4, column: 6 });
  });

  it('keeps quoted scalars as text, and typed ones as typed', () => {
    expect(readYaml('a: "yes"\nb: \'010\'\nc: !!str 010\nd: !!int "3"\n').value).toEqual({
      a: 'yes',
      b: '010',
      c: '010',
      d: 3,
    });
  });

  it('ends a block of text without a line break where the file does', () => {
    expect(readYaml('a: |\n  text').value).toEqual({ a: 'text' });
    expect(readYaml('a: |\n  text\n').value).toEqual({ a: 'text\n' });
    expect(readYaml('a: |\n  text\nb: c').value).toEqual({ a: 'text\n', b: 'c' });
  });

  it('makes text of keys that are none', () => {
    expect(readYaml('1: a\nyes: b\n').value).toEqual({ '1': 'a', true: 'b' });
  });

  it('reads an empty file as nothing', () => {
    expect(readYaml('# nothing\n')).toMatchObject({ value: null, problems: [] });
  });

  it('is not changed by a key named __proto__', () => {
    const { value } = readYaml('__proto__: {polluted: true}\n');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
  });
});

describe('broken YAML', () => {
  it('has an error at its place and no value', () => {
    const { value, problems } = readYaml('a: 1\nb: [1, 2\nc: 3\n');
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({ severity: 'error', place: { line: 3 } });
    expect(problems[0]?.message).toMatch(/^This is no valid YAML: /);
  });

  it('is reported once a line, and quotes nothing', () => {
    const { problems } = readYaml("a: [x]} sk-secret: 'sk-secret'\nb: *sk-secret\n");
    expect(problems.map((p) => p.place?.line)).toEqual([1, 2]);
    expect(JSON.stringify(problems)).not.toContain('sk-secret');
  });

  it('explains tabs', () => {
    expect(readYaml('a:\n\tb: 1\n').problems[0]?.suggestion).toBe('Indent with spaces: YAML allows no tabs there.');
  });

  it('explains a value with a colon in it', () => {
    expect(readYaml('a: one: two\n').problems[0]?.suggestion).toBe('Put the value into quotes: it contains ": ".');
  });

  it('explains a value that begins with a reserved character', () => {
    expect(readYaml('a: @examples/x\n').problems[0]?.suggestion).toContain(
      'begins with a character that YAML reserves',
    );
  });

  it('refuses several documents', () => {
    expect(readYaml('a: 1\n---\nb: 2\n').value).toBeUndefined();
  });

  it('refuses an alias bomb instead of filling the memory', () => {
    const level = (n: number): string =>
      `l${n}: &l${n} [${Array.from({ length: 10 }, () => `*l${n - 1}`).join(', ')}]\n`;
    const text = `l0: &l0 [x]\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level).join('')}`;
    expect(readYaml(text)).toMatchObject({ value: undefined, problems: [{ severity: 'error' }] });
  });

  it('writes no control characters into messages', () => {
    for (const text of ['a: *\u001b[31m\n', '\u001b]0;x\u0007: [\n', 'a: "\\u001b\n', '%\u001b[2J\n']) {
      for (const { message } of readYaml(text).problems) expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});

describe('reading JSON', () => {
  it('gives values and places', () => {
    const read = readJson('{\n  "a": [1e3, "yes"]\n}');
    expect(read.value).toEqual({ a: [1000, 'yes'] });
    expect(read.locate(['a', 1])).toEqual({ line: 2, column: 14 });
  });

  it('tells where it is broken, without quoting the text', () => {
    const { value, problems } = readJson('{"api_key": "sk-secret", }');
    expect(value).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/^This is no valid JSON: /);
    expect(problems[0]?.message).not.toContain('sk-secret');
  });
});
