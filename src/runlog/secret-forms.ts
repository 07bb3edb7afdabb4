/** Shorter values are words, not secrets; hiding them would make a log unreadable. */
export const MIN_SECRET_CHARS = 6;

/** What people write where a local server wants some key. Not secret, and common words in answers. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'ollama',
  'lm-studio',
  'lmstudio',
  'vllm-key',
  'sglang',
  'not-needed',
  'no-key-needed',
  'no-key',
  'dummy-key',
  'api-key',
  'api_key',
  'your-api-key',
  'your_api_key',
]);

/**
 * The ways in which a known secret can stand in a text: as it is, escaped in JSON (once, and once more as JSON
 * inside JSON), URL-encoded, and as a part of something in base64 (which gives three forms, by its place in the
 * bytes). Longest first, so that an escaped form is not taken for a part of another.
 */
export function secretForms(secrets: readonly string[]): string[] {
  const forms = new Set<string>();
  for (const secret of secrets.map((value) => value.trim())) {
    if (secret.length < MIN_SECRET_CHARS || PLACEHOLDERS.has(secret.toLowerCase())) continue;
    const escaped = JSON.stringify(secret).slice(1, -1);
    forms.add(secret);
    forms.add(escaped);
    forms.add(JSON.stringify(escaped).slice(1, -1));
    forms.add(encodeAsUrl(secret));
    forms.add(encodeAsUrl(secret).replaceAll('%20', '+'));
    for (const form of base64Forms(secret)) forms.add(form);
  }
  return [...forms].filter((form) => form.length >= MIN_SECRET_CHARS).toSorted((a, b) => b.length - a.length);
}

/** `encodeURIComponent`, which throws on half a surrogate pair, for any text. */
function encodeAsUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** The characters that do not depend on what stands before and after the secret, in both alphabets. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const start = shift === 0 ? 0 : shift + 1;
    const isWhole = (shift + bytes.length) % 3 === 0;
    const stable = encoded.slice(start, isWhole ? undefined : -1);
    return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
