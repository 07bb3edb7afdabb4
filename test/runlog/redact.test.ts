import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/runlog/redact.ts';
import { everyDraft } from './every-draft.ts';

const SECRET = 'pass/word+"Zoë" 42';
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq+/kZ\n'.repeat(4)}abc=\n-----END RSA PRIVATE KEY-----`;

/** Keys that nobody told the redactor about. None of them is real. */
const SHAPES: [string, string][] = [
  ['OpenAI', 'sk-proj-abcdEFGH1234567890abcd'],
  ['Anthropic', 'sk-ant-api03-abcdEFGH1234567890'],
  ['Google', `AIza${'Sy0123456789abcdefghijklmno-_pqrst'}`],
  ['xAI', 'xai-abcdefgh12345678abcdefgh'],
  ['Groq', 'gsk_abcdefgh12345678abcdefgh'],
  ['GitHub', 'ghp_abcdefghijklmnop0123456789abcdefghij'],
  ['GitHub, fine-grained', 'github_pat_11ABCDEFG0abcdefghijkl_mnop'],
  ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['private key', PEM],
];

const redactor = createRedactor({ secrets: [SECRET] });

describe('known secrets', () => {
  test.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded as a form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
  ])('are hidden %s', (_, form) => {
    expect(redactor.text(`before ${form} after ${form}`)).toBe(`before ${REDACTED} after ${REDACTED}`);
  });

  test.each([0, 1, 2, 3])('are hidden in base64, %i bytes after the beginning', (shift) => {
    const encoded = Buffer.from(`${'x'.repeat(shift)}${SECRET}:y`).toString('base64');
    const core = Buffer.from(SECRET).toString('base64').slice(4, -8);
    const clean = redactor.text(encoded);
    expect(clean).toContain(REDACTED);
    expect(clean).not.toContain(core);
    expect(encoded.length - clean.replace(REDACTED, '').length).toBeGreaterThan(core.length);
  });

  test('are hidden in the alphabet of URLs too', () => {
    const secret = '???>>>???>>>';
    const clean = createRedactor({ secrets: [secret] }).text(Buffer.from(secret).toString('base64url'));
    expect(clean).toBe(REDACTED);
  });

  test('that are short or stand for no key are left alone', () => {
    const lenient = createRedactor({ secrets: ['', 'abcde', ' ', 'ollama', 'not-needed'] });
    expect(lenient.text('abcde runs on ollama, key not-needed')).toBe('abcde runs on ollama, key not-needed');
  });

  test('that contain another one are hidden as a whole', () => {
    const nested = createRedactor({ secrets: ['inner-secret', 'outer-inner-secret-outer'] });
    expect(nested.text('outer-inner-secret-outer')).toBe(REDACTED);
  });

  test('may hold characters that mean something in a pattern', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40 }), (secret) => {
        fc.pre(secret.trim().length >= 6);
        expect(createRedactor({ secrets: [secret] }).text(`<${secret.trim()}>`)).not.toContain(secret.trim());
      }),
    );
  });
});

describe('shapes of keys', () => {
  test.each(SHAPES)('a key of %s is hidden', (_, key) => {
    expect(redactor.text(`key: ${key}.`)).toBe(`key: ${REDACTED}.`);
  });

  test('a bearer token is hidden and its word stays', () => {
    expect(redactor.text('Authorization: Bearer abc.def-123456789')).toBe(`Authorization: Bearer ${REDACTED}`);
  });

  test.each([
    ['{"api_key": "whatever-it-is"}', `{"api_key": "${REDACTED}"}`],
    [String.raw`{\"api_key\":\"whatever\"}`, String.raw`{\"api_key\":\"${REDACTED}\"}`],
  ])('the value of an api_key is hidden in %s', (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
  });

  test('the value of an api_key is hidden in an object', () => {
    const call = { id: 'c', name: 'f', args: { api_key: 'whatever', keep: 'this' }, rawArgs: '' };
    expect(redactor.draft({ type: 'tool.started', data: { turn: 't', call } })).toEqual({
      type: 'tool.started',
      data: { turn: 't', call: { ...call, args: { api_key: REDACTED, keep: 'this' } } },
    });
  });

  test.each([
    'The task-force-management-of-risk-assessment met.',
    'Use a Bearer authentication scheme.',
    'A file begins with -----BEGIN PRIVATE KEY----- and then the key.',
    'sk-learn-compatible-estimators',
    'AKIA is a prefix, AIza another one, ghp_ a third.',
    'const apiKey = process.env.KEY;',
    '',
  ])('leaves %j alone', (text) => {
    expect(redactor.text(text)).toBe(text);
  });

  test('a signature is not broken by an accidental match', () => {
    const blob = `${'Ab0/'.repeat(60)}/AIza${'x'.repeat(40)}`;
    expect(redactor.text(blob)).toBe(blob);
  });
});

describe('events', () => {
  test.each(everyDraft('').map((draft) => draft.type))('no secret is left in %s', (type) => {
    for (const secret of [SECRET, ...SHAPES.map(([, key]) => key)]) {
      const draft = everyDraft(`a ${secret} b`).find((each) => each.type === type)!;
      expect(JSON.stringify(redactor.draft(draft))).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  test('without a secret they are the same object', () => {
    for (const draft of everyDraft('nothing to hide')) expect(redactor.draft(draft)).toBe(draft);
  });

  test('are not changed in place', () => {
    const drafts = everyDraft(SECRET);
    for (const draft of drafts) redactor.draft(draft);
    expect(drafts).toEqual(everyDraft(SECRET));
  });

  test('keep a key named __proto__ as a key', () => {
    const args = JSON.parse(`{"__proto__": "x", "k": ${JSON.stringify(SECRET)}}`);
    const draft = {
      type: 'tool.started' as const,
      data: { turn: 't', call: { id: 'c', name: 'f', args, rawArgs: '' } },
    };
    expect(JSON.stringify(redactor.draft(draft).data)).toContain(`{"__proto__":"x","k":"${REDACTED}"}`);
  });
});

test('hiding twice is hiding once', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(SECRET, ...SHAPES.map(([, key]) => key)), fc.string(), (a, key, b) => {
      const once = redactor.text(a + key + b);
      expect(redactor.text(once)).toBe(once);
    }),
  );
});

describe('text in pieces', () => {
  const stream = (pieces: readonly string[]): string => {
    const filter = redactor.stream();
    return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  };
  const cutAt = (text: string, cuts: readonly number[]): string[] => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((to, index) => text.slice(places[index], to));
  };

  /** The text as it should come out: up to three characters of a secret may have gone before it was recognised. */
  const hidden = (text: string): RegExp => {
    const parts = redactor
      .text(text)
      .split(REDACTED)
      .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(String.raw`[^]{0,3}\[redacted\]`)}$`);
  };

  const PLANTED = [
    SECRET,
    encodeURIComponent(SECRET),
    JSON.stringify(SECRET).slice(1, -1),
    ...SHAPES.map(([, key]) => key),
    'Bearer abc.def-123456789',
    '"api_key": "whatever-it-is"',
  ];

  test.each(PLANTED)('%j is hidden, wherever it is cut in two', (secret) => {
    const text = `before ${secret}, after`;
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(stream([text.slice(0, cut), text.slice(cut)]), `cut at ${cut}`).toMatch(hidden(text));
    }
  });

  test.each(PLANTED)('%j is hidden when it comes letter by letter', (secret) => {
    const text = `before ${secret}, after`;
    expect(stream(text.split(''))).toMatch(hidden(text));
  });

  test('any cuts give the same text as none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...PLANTED, 'sk-', 'pass/', '-----BEGIN ', 'api_key"'))),
        fc.array(fc.nat(200)),
        (parts, cuts) => {
          const text = parts.join(' ');
          const pieces = cutAt(
            text,
            cuts.map((cut) => Math.min(cut, text.length)),
          );
          expect(stream(pieces)).toMatch(hidden(text));
        },
      ),
    );
  });

  test('ordinary text is not held back', () => {
    const filter = redactor.stream();
    const pieces = ['The pass', ' is over', ' there; ask', ' the api', ' for it. s', 'k'];
    expect(pieces.map((piece) => filter.push(piece))).toEqual([
      'The ',
      'pass is over',
      ' there; ask',
      ' the api',
      ' for it. s',
      'k',
    ]);
  });

  test('no more than a private key is ever held back', () => {
    const filter = redactor.stream();
    filter.push('-----BEGIN PRIVATE KEY-----\n');
    const out = Array.from({ length: 2_000 }, () => filter.push('word word ')).join('');
    expect(out.length).toBeGreaterThan(3_000);
  });
});

test.each([
  'sk-',
  'sk-a',
  'Bearer ',
  'bearer a.',
  'api_key": "',
  '-----BEGIN PRIVATE KEY-----\na: ',
  '-----BEGIN ',
  'a: ',
  'AIza',
  'pass/word',
  String.raw`\n`,
])('a text made to keep the search busy does not: %j, again and again', (part) => {
  const text = `-----BEGIN PRIVATE KEY-----\n${part.repeat(20_000)} .`;
  expect(redactor.text(text).endsWith(' .')).toBe(true);
  const filter = redactor.stream();
  const pieces = Array.from({ length: 20 }, (_, index) => text.slice(index * 1_000, (index + 1) * 1_000));
  expect(pieces.map((piece) => filter.push(piece)).join('') + filter.end()).not.toBe('');
});
