import { NEW_ANSWER, RESTART, SUBMIT, VOTE } from '../../coordination/protocol.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ModelRequest } from '../provider.ts';
import { shownAnswers } from '../scripted/conversation.ts';

/**
 * In which form a small model replies, so that it cannot miss: its words are its answer, and where it has to decide it
 * can only write JSON of this schema, which is then the arguments of the call.
 */
export type ReplyForm =
  | { type: 'text'; call: string | null }
  | {
      type: 'json';
      task: string;
      schema: JsonObject;
      toCall: (value: JsonObject) => { name: string; args: JsonObject };
    };

/** Long enough for a sentence or two. */
const REASON: JsonObject = { type: 'string', minLength: 1, maxLength: 160 };

export function replyForm(request: ModelRequest): ReplyForm {
  const offered = new Set(request.toolChoice === 'none' ? [] : request.tools.map(({ name }) => name));
  if (request.purpose === 'judge' && offered.has(VOTE)) {
    const aliases = [...new Set(shownAnswers(request.messages).map(({ alias }) => alias))].toSorted();
    if (aliases.length > 0) return voteForm(aliases);
  }
  if (request.purpose === 'evaluate' && offered.has(SUBMIT)) return EVALUATION;
  const isAnswer = request.purpose === 'draft' || request.purpose === 'judge';
  return { type: 'text', call: isAnswer && offered.has(NEW_ANSWER) ? NEW_ANSWER : null };
}

function voteForm(aliases: readonly string[]): ReplyForm {
  return {
    type: 'json',
    task: `Which of ${aliases.join(', ')} has the best answer, and why? Reply in JSON with agent_id and reason.`,
    schema: { type: 'object', properties: { agent_id: { enum: [...aliases] }, reason: REASON } },
    toCall: (value) => ({ name: VOTE, args: value }),
  };
}

/** For a model that has nothing to say: it cannot but write something. */
export const ANSWER_FORM: Extract<ReplyForm, { type: 'json' }> = {
  type: 'json',
  task: 'Give your answer now. Reply in JSON with content.',
  schema: { type: 'object', properties: { content: { type: 'string', minLength: 1, maxLength: 500 } } },
  toCall: (value) => ({ name: NEW_ANSWER, args: value }),
};

const EVALUATION: ReplyForm = {
  type: 'json',
  task: 'Is the answer good enough? Reply in JSON: is_good, the reason, and instructions for another try if it is not.',
  schema: { type: 'object', properties: { is_good: { type: 'boolean' }, reason: REASON, instructions: REASON } },
  toCall: ({ is_good: isGood, reason = '', instructions = '' }) =>
    isGood === true ? { name: SUBMIT, args: { confirmed: true } } : { name: RESTART, args: { reason, instructions } },
};
