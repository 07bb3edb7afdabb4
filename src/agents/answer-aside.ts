import { limitText } from '../coordination/budget.ts';
import type { RunState } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import type { Alias, EventData } from '../events/event.ts';
import type { Message, ToolSpec } from '../events/message.ts';
import { NO_USAGE } from '../events/usage.ts';
import { asidePrompt } from './ask-prompts.ts';
import { callAside, type AsideLine } from './call-aside.ts';
import type { LoadInputs } from './turn-context.ts';
import { withInputs } from './with-inputs.ts';

/** What a copy of an agent answers with. */
export interface AsideContext extends AsideLine {
  readonly alias: Alias;
  /** Those of the agent, since its conversation holds calls of them; none can be called. */
  readonly tools: readonly ToolSpec[];
  state(): RunState;
  /** What the agent knows at this moment. */
  conversation(): Message[];
  /** The files that go along with the question; absent where there are none. */
  readonly loadInputs?: LoadInputs | undefined;
}

export type AsideAnswer = Omit<EventData['question.answered'], 'question' | 'by'>;

/**
 * Answers another agent's question with a copy of this one: its model, with its conversation as it is now and the
 * question after it. The agent itself is not touched. What the call used is in the answer, and nowhere else. Never
 * rejects.
 */
export async function answerAside(context: AsideContext, by: Alias, text: string): Promise<AsideAnswer> {
  const { alias, tools, random } = context;
  const none = { outcome: 'declined' as const, choices: [], text: '', usage: NO_USAGE, costUsd: 0 };
  const barred = whyNotAsked(context.state(), alias);
  if (barred !== null) return { ...none, reason: barred };
  const prompt = asidePrompt(by, text, context.state().settings.responseDepth, random);
  const known = await withInputs(context).catch(() => null);
  if (known === null) return { ...none, reason: 'The files of the question cannot be read any more.' };
  const messages = [...known.messages, prompt];
  const { end, usage, costUsd } = await callAside(context, {
    messages,
    tools,
    ...(known.stores.length > 0 && { stores: known.stores }),
    toolChoice: 'none',
    purpose: 'reply',
  });
  const declined = (reason: string): AsideAnswer => ({ ...none, reason, usage, costUsd });
  if (end.type === 'failed') {
    if (context.signal.aborted) return declined('It was stopped before it had answered.');
    return declined(`${alias} could not answer: ${end.error.message}`);
  }
  const said = end.message.text.trim();
  if (said === '') return declined(`${alias} had no answer.`);
  return { outcome: 'answered', choices: [], text: said, reason: '', usage, costUsd };
}

/** For an agent that cannot be asked at all. */
export function noAside(reason: string): AsideAnswer {
  return { outcome: 'declined', choices: [], text: '', reason, usage: NO_USAGE, costUsd: 0 };
}

/** Why the agent is not to be asked; null when it may be. */
export function whyNotAsked(state: RunState, alias: Alias): string | null {
  const { standing, spent } = agentOf(state, alias);
  if (standing === 'failed') return `${alias} is out of the run.`;
  const used = state.spent ?? spent;
  return used ? `The budget of ${limitText(used)} is used up.` : null;
}
