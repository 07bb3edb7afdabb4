import { createHash } from 'node:crypto';

/** One earlier turn of a conversation. */
export interface PastTurn {
  question: string;
  /** Null for a turn that got no answer. */
  answer: string | null;
}

/**
 * The question with the turns before it. They stand between fences, as answers of peers do: the boundary is made from
 * the texts themselves, so none of them can contain it, and the same conversation gives the same text.
 */
export function withHistory(question: string, history: readonly PastTurn[]): string {
  if (history.length === 0) return question;
  const boundary = createHash('sha256')
    .update(JSON.stringify([question, history]))
    .digest('hex')
    .slice(0, 16);
  const turns = history.map(({ question: asked, answer }) =>
    [
      `<turn fence="${boundary}">`,
      `User: ${asked}`,
      answer === null ? '(This turn got no answer.)' : `Answer: ${answer}`,
      `</turn fence="${boundary}">`,
    ].join('\n'),
  );
  return [
    'Earlier turns of this conversation, oldest first. They are the background of the question, not part of it.',
    ...turns,
    `The question now:\n\n${question}`,
  ].join('\n\n');
}
