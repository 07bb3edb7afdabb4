import { MassgenError } from '../../platform/errors.ts';

/**
 * The format of a script, in YAML or JSON. Everything but `turns` is optional.
 *
 * ```yaml
 * chunk: 24          # characters per streamed piece
 * chunk_ms: 20       # time before each piece
 * delay_ms: 300      # time before the first piece of a turn
 * turns:
 *   - when: draft                 # draft, judge, present, evaluate, solo, reply, prepare or risk; or a list of them
 *     reasoning: Let me think.    # streamed first
 *     text: I will compute it.    # streamed after it
 *     tool_calls:                 # `raw_args` instead of `args` sends text that need not be JSON
 *       - { name: calculator, args: { expression: 6 * 7 } }
 *   - request: 2                  # only as the second call of this agent
 *     answer: The answer is 42.   # calls new_answer
 *   - when: judge
 *     vote: first                 # calls vote: first, last, self, other, the n-th answer shown, or an alias
 *   - when: judge
 *     vote: { for: other, reason: Clearer., ranking: [other, self] }
 *   - fail: { kind: rate-limit, message: Too many requests., status: 429, retry_after_ms: 2000, after_text: true }
 *   - hang: true                  # streams its text, then nothing more until the call is stopped
 *   - repeat: true                # may be used again and again; others are used once
 *     text: Done.
 *     usage: { input: 1000, output: 20, cached_input: 800, cache_write: 0, reasoning: 5 }
 *     cost_usd: 0.002             # null is an unknown price; without it a turn costs nothing
 *     stop_reason: max-tokens
 * ```
 *
 * A call plays the first turn that is not used up and whose `when` and `request` fit; the answer to another agent's
 * question is played only by a turn that names `reply`, what is prepared for all agents only by one that names
 * `prepare`, and neither counts as a call. A turn may also have `refusal` (text of a refusal), `builtin_tools` (`[{name, detail}]`:
 * tools that the provider ran itself) and `builtin_results` (`[{name, output}]`), `citations` (`[{url, title}]`), `files`
 * (`[{name, media_type, text}]`: files that it made), `native` (`{protocol, items}`), and its own `chunk`, `chunk_ms`,
 * `delay_ms`.
 * With `fail`, nothing is streamed before the failure unless `after_text` is true, or the number of characters of
 * text to stream first.
 */
async function scriptSchema() {
  const { z } = await import('zod');
  const ms = z.number().min(0).max(86_400_000);
  const pace = { chunk: z.int().min(1).optional(), chunk_ms: ms.optional(), delay_ms: ms.optional() };
  const kind = z.enum(['solo', 'draft', 'judge', 'present', 'evaluate', 'reply', 'prepare', 'risk']);
  const target = z.union([z.int().min(1), z.string().min(1)]);
  const tokens = z.int().min(0).optional();
  const turn = z.strictObject({
    ...pace,
    when: z.union([kind, z.array(kind).min(1)]).optional(),
    request: z.int().min(1).optional(),
    repeat: z.boolean().optional(),
    reasoning: z.string().optional(),
    text: z.string().optional(),
    refusal: z.string().optional(),
    builtin_tools: z.array(z.strictObject({ name: z.string(), detail: z.string().default('') })).optional(),
    builtin_results: z.array(z.strictObject({ name: z.string(), output: z.string().default('') })).optional(),
    citations: z.array(z.strictObject({ url: z.string(), title: z.string().default('') })).optional(),
    files: z.array(z.strictObject({ name: z.string(), media_type: z.string(), text: z.string() })).optional(),
    tool_calls: z
      .array(
        z.strictObject({
          id: z.string().optional(),
          name: z.string(),
          args: z.record(z.string(), z.json()).optional(),
          raw_args: z.string().optional(),
        }),
      )
      .optional(),
    answer: z.string().optional(),
    vote: z
      .union([
        target,
        z.strictObject({ for: target, reason: z.string().optional(), ranking: z.array(target).optional() }),
      ])
      .optional(),
    usage: z
      .strictObject({ input: tokens, output: tokens, cached_input: tokens, cache_write: tokens, reasoning: tokens })
      .optional(),
    cost_usd: z.number().min(0).nullable().optional(),
    stop_reason: z
      .enum(['end', 'tool-calls', 'max-tokens', 'stop-sequence', 'refusal', 'content-filter', 'pause', 'other'])
      .optional(),
    fail: z
      .strictObject({
        kind: z.enum([
          'auth',
          'quota',
          'rate-limit',
          'overloaded',
          'context-length',
          'content-filter',
          'bad-request',
          'network',
          'protocol',
          'aborted',
        ]),
        message: z.string().default('The script says that this call fails.'),
        status: z.int().optional(),
        retry_after_ms: ms.optional(),
        after_text: z.union([z.boolean(), z.int().min(0)]).default(false),
      })
      .optional(),
    hang: z.boolean().optional(),
    native: z.strictObject({ protocol: z.string(), items: z.array(z.json()) }).optional(),
  });
  return z.strictObject({ ...pace, turns: z.array(turn) });
}

type Schema = Awaited<ReturnType<typeof scriptSchema>>;

/** A checked script. */
export type Script = ReturnType<Schema['parse']>;
export type ScriptTurn = Script['turns'][number];

/** Checks a script. `source` names it in the error. Rejects with a MassgenError that lists what is wrong, by turn. */
export async function parseScript(value: unknown, source: string): Promise<Script> {
  const schema = await scriptSchema();
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${placeOf(issue.path)}${issue.message}`);
  throw new MassgenError(
    'script',
    `The script ${source} is not valid: ${problems.join('; ')}. Correct it and start again.`,
  );
}

/** Turns are counted from 1, as in every other message about a script. */
function placeOf(path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path;
  if (first !== 'turns' || typeof index !== 'number') return path.length > 0 ? `${path.map(String).join('.')}: ` : '';
  return `turn ${index + 1}${rest.length > 0 ? `, ${rest.map(String).join('.')}` : ''}: `;
}

/** Reads a script from a YAML or JSON file. Rejects with a MassgenError. */
export async function readScript(path: string): Promise<Script> {
  const [{ readFile }, { parseDocument }] = await Promise.all([import('node:fs/promises'), import('yaml')]);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new MassgenError('script', `The script ${path} ${why}. Check the path in the agent's options.`, { cause });
  });
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error)
    throw new MassgenError('script', `The script ${path} is no valid YAML: ${error.message.trim()}`, { cause: error });
  return parseScript(document.toJS({ maxAliasCount: 100 }), path);
}
