/** What some events of a stream add to the folded message. */
export interface Says {
  text?: string;
  reasoning?: string;
  refusal?: string;
  calls?: { id: string; name: string; args: unknown }[];
  builtin?: string[];
  citations?: string[];
  files?: (string | null)[];
}

/** Events that stand together in a stream, and what they say. `events` may refer to the place that they are at. */
export interface Part {
  name: string;
  events(at: number): object[];
  says: Says;
  /** Responses: the item that these events complete. */
  item?: object;
}

/** The whole of what several parts say. */
export function sumOf(parts: readonly Part[]): Required<Says> {
  const all = parts.map(({ says }) => says);
  const text = (key: 'text' | 'reasoning' | 'refusal'): string => all.map((says) => says[key] ?? '').join('');
  return {
    text: text('text'),
    reasoning: text('reasoning'),
    refusal: text('refusal'),
    calls: all.flatMap((says) => says.calls ?? []),
    builtin: all.flatMap((says) => says.builtin ?? []),
    // Each page and file is told once per reply.
    citations: [...new Set(all.flatMap((says) => says.citations ?? []))],
    files: [...new Set(all.flatMap((says) => says.files ?? []))],
  };
}
