import type { RetrySettings } from '../config/team.ts';
import type { RunState } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import { limitText } from '../coordination/budget.ts';
import type { Alias, EventData } from '../events/event.ts';
import type { Message, ToolSpec } from '../events/message.ts';
import type { Random } from '../events/random.ts';
import { NO_USAGE, addUsage } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import type { Admission } from '../providers/limits/request-gate.ts';
import type { ModelEnd, Provider } from '../providers/provider.ts';
import { asidePrompt } from './ask-prompts.ts';
import { retryDelayMs } from './retry.ts';

/** What a copy of an agent answers with. */
export interface AsideContext {
  readonly alias: Alias;
  readonly provider: Provider;
  readonly retry?: Partial<RetrySettings> | undefined;
  readonly admit: (estimate: () => number) => Admission;
  /** Those of the agent, since its conversation holds calls of them; none can be called. */
  readonly tools: readonly ToolSpec[];
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  state(): RunState;
  /** What the agent knows at this moment. */
  conversation(): Message[];
}

export type AsideAnswer = Omit<EventData['question.answered'], 'question' | 'by'>;

const CHARS_PER_TOKEN = 4;

/**
 * Answers another agent's question with a copy of this one: its model, with its conversation as it is now and the
 * question after it. The agent itself is not touched. The call goes through the same gate as all others; what it used
 * is in the answer, and nowhere else. Never rejects.
 */
export async function answerAside(context: AsideContext, by: Alias, text: string): Promise<AsideAnswer> {
  const { provider, clock, signal, random } = context;
  const spent: Pick<AsideAnswer, 'usage' | 'costUsd'> = { usage: NO_USAGE, costUsd: 0 };
  const declined = (reason: string): AsideAnswer => ({ outcome: 'declined', choices: [], text: '', reason, ...spent });
  const barred = whyNot(context.state(), context.alias);
  if (barred !== null) return declined(barred);
  const prompt = asidePrompt(by, text, context.state().settings.responseDepth, random);
  const messages = [...context.conversation(), prompt];
  for (let tries = 1; ; tries += 1) {
    const end = await callOnce(context, messages);
    spent.usage = addUsage(spent.usage, end.usage);
    const cost = provider.costUsd(end.usage);
    spent.costUsd = cost === null || spent.costUsd === null ? null : spent.costUsd + cost;
    if (end.type === 'finished') {
      const said = end.message.text.trim();
      if (said === '') return declined(`${context.alias} had no answer.`);
      return { outcome: 'answered', choices: [], text: said, reason: '', ...spent };
    }
    if (signal.aborted) return declined('It was stopped before it had answered.');
    const waitMs = retryDelayMs(end.error, tries, end.usage.output > 0, random, context.retry);
    if (waitMs === null) return declined(`${context.alias} could not answer: ${end.error.message}`);
    if (!(await pause(clock, waitMs, signal))) return declined('It was stopped before it had answered.');
  }
}

/** Why the agent is not to be asked; null when it may be. */
function whyNot(state: RunState, alias: Alias): string | null {
  const { standing, spent } = agentOf(state, alias);
  if (standing === 'failed') return `${alias} is out of the run.`;
  const used = state.spent ?? spent;
  return used ? `The budget of ${limitText(used)} is used up.` : null;
}

async function callOnce(context: AsideContext, messages: readonly Message[]): Promise<ModelEnd> {
  const { provider, tools, clock, signal } = context;
  const estimate = (): number => Math.ceil(JSON.stringify([messages, tools]).length / CHARS_PER_TOKEN);
  let admission = context.admit(estimate);
  while (admission.do === 'wait') {
    if (!(await pause(clock, admission.ms, signal))) {
      admission.pass?.giveBack();
      return { type: 'failed', error: { kind: 'aborted', message: 'It was stopped.' }, usage: NO_USAGE };
    }
    admission = admission.pass ? { do: 'go', pass: admission.pass } : context.admit(estimate);
  }
  if (admission.do === 'refuse') return { type: 'failed', error: admission.error, usage: NO_USAGE };
  let end: ModelEnd = {
    type: 'failed',
    error: { kind: 'protocol', message: 'The stream ended without an end.' },
    usage: NO_USAGE,
  };
  for await (const event of provider.stream({ messages, tools, toolChoice: 'none', purpose: 'reply', signal })) {
    if (event.type === 'finished' || event.type === 'failed') end = event;
  }
  admission.pass.ended(end, clock.now());
  return end;
}

/** False when the signal came before the time. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}
