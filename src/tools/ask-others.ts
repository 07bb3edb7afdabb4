import { answerText, countAsked, rememberedAnswers } from '../coordination/remembered.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, QuestionOption, Respondent } from '../events/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { NOBODY_THERE, type Answer } from './asks.ts';
import type { Tool, ToolContext, ToolResult } from './tool.ts';

export const ASK_OTHERS = 'ask_others';

/** More than the question's own time, so that the question ends first. */
const GRACE_MS = 30_000;
/** Longest call where the question has no time limit: the longest that a timer can be. */
const NO_LIMIT_MS = 2_147_483_647;
const MAX_QUESTION_CHARS = 8_000;
const MAX_OPTIONS = 12;

export interface AskOthersOptions {
  /** The agent that asks. */
  self: Alias;
  /** The state as of now. */
  state: () => RunState;
}

/**
 * Asks the other agents, or the user, as the run's settings say; null in a run where nobody can be asked. What was
 * answered before is not asked again, and costs nothing of the agent's number of questions.
 */
export function askOthersTool({ self, state }: AskOthersOptions): Tool | null {
  const { settings, order } = state();
  const others = order.filter((alias) => alias !== self).toSorted();
  if (settings.broadcast === 'off' || (settings.broadcast === 'agents' && others.length === 0)) return null;
  const isHuman = settings.broadcast === 'human';
  const timeoutMs = settings.broadcastTimeoutMs;
  return {
    spec: {
      name: ASK_OTHERS,
      description: isHuman
        ? 'Ask the user something that you cannot find out yourself and that decides what the answer has to be. Offer options where you can.'
        : 'Ask the other agents something. Each of them answers from what it knows so far, without being stopped in its work.',
      parameters: {
        type: 'object',
        properties: {
          question: { type: 'string', description: 'The question, complete on its own.' },
          ...(isHuman
            ? ofUser
            : {
                agents: {
                  type: 'array',
                  items: { type: 'string', enum: others },
                  description: 'Whom to ask; all of them if left out.',
                },
              }),
          wait: {
            type: 'boolean',
            description: `Whether to wait for the answers; ${settings.broadcastWait} if left out. Without waiting they are told to you later, if they come while you are still at work.`,
          },
        },
        required: ['question'],
        additionalProperties: false,
      },
    },
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false, pathArguments: [] },
    timeoutMs: timeoutMs === null ? NO_LIMIT_MS : timeoutMs + GRACE_MS,
    // What was answered before a crash is remembered, and the rest can only be asked again.
    goesOn: true,
    execute: (args, context) => ask(args, context, self, state(), isHuman ? ['user'] : chosen(args['agents'], others)),
  };
}

const ofUser: JsonObject = {
  options: {
    type: 'array',
    maxItems: MAX_OPTIONS,
    description: 'Answers to choose from.',
    items: {
      type: 'object',
      properties: { label: { type: 'string' }, description: { type: 'string' } },
      required: ['label'],
      additionalProperties: false,
    },
  },
  multiple: { type: 'boolean', description: 'Whether several options may be chosen; false if left out.' },
  allow_text: { type: 'boolean', description: 'Whether an answer in own words is possible; true if left out.' },
};

function chosen(value: JsonValue | undefined, others: readonly Alias[]): Alias[] {
  const named = Array.isArray(value) ? others.filter((alias) => value.includes(alias)) : [];
  return named.length > 0 ? named : [...others];
}

async function ask(
  args: JsonObject,
  { asks, signal }: ToolContext,
  self: Alias,
  state: RunState,
  to: Respondent[],
): Promise<ToolResult> {
  const { settings } = state;
  const text = typeof args['question'] === 'string' ? args['question'].trim() : '';
  if (!asks) return told('declined', [], NOBODY_THERE);
  if (text === '') return { output: 'The question is empty. Nobody was asked.', isError: true };
  if (text.length > MAX_QUESTION_CHARS)
    return {
      output: `The question has more than ${MAX_QUESTION_CHARS} characters. Nobody was asked; be shorter.`,
      isError: true,
    };
  const known = rememberedAnswers(state, text, to);
  if (known)
    return told(
      'remembered',
      known.map((answer) => ({ ...answer, outcome: 'answered', reason: '' })),
      ASKED_BEFORE,
    );
  const cap = settings.maxBroadcastsPerAgent;
  if (countAsked(state, self) >= cap)
    return {
      output: `You have asked all the ${cap} questions that you may. Nobody was asked; go on with what you know.`,
      isError: true,
    };
  const options = optionsOf(args['options']);
  const isDetached = !(typeof args['wait'] === 'boolean' ? args['wait'] : settings.broadcastWait);
  const question = {
    to,
    text,
    options,
    isMultiple: args['multiple'] === true,
    allowsText: options.length === 0 || args['allow_text'] !== false,
    timeoutMs: settings.broadcastTimeoutMs,
    ...(isDetached && { isDetached: true as const }),
  };
  const answers = await asks.ask(question, signal);
  return isDetached
    ? told('asked', [], 'Go on with your work; what is answered in time is told to you.')
    : summed(answers);
}

const ASKED_BEFORE = 'This has been asked and answered before; it was not asked again.';

function summed(answers: readonly Answer[]): ToolResult {
  if (answers.some(({ outcome }) => outcome === 'answered')) return told('complete', answers, '');
  return told(
    answers[0]?.outcome ?? 'declined',
    answers,
    'Nobody answered. Decide yourself, and say what you assumed.',
  );
}

/** What others said stands in JSON strings, so that it cannot pass for anything else. */
function told(status: string, answers: readonly Answer[], note: string): ToolResult {
  const responses = answers.map((answer) => ({
    from: answer.by,
    ...(answer.outcome === 'answered'
      ? { answer: answerText(answer) }
      : { outcome: answer.outcome, reason: answer.reason }),
  }));
  return { output: JSON.stringify({ status, ...(note && { note }), responses }), isError: false };
}

function optionsOf(value: JsonValue | undefined): QuestionOption[] {
  if (!Array.isArray(value)) return [];
  const options = value.filter(isJsonObject).map(({ label, description }) => ({
    label: typeof label === 'string' ? label.trim() : '',
    description: typeof description === 'string' ? description : '',
  }));
  return [...new Map(options.filter(({ label }) => label !== '').map((option) => [option.label, option])).values()];
}
