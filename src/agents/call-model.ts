import { agentOf } from '../coordination/views.ts';
import type { EventDraft } from '../events/event.ts';
import type { Message, ToolSpec } from '../events/message.ts';
import type { ModelError } from '../events/model-error.ts';
import type { CallEstimate } from '../events/turn-events.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { Pass } from '../providers/limits/request-gate.ts';
import type { ModelEnd, ModelEvent } from '../providers/provider.ts';
import { billOf } from '../providers/cost-of-end.ts';
import { createUseCount } from '../providers/tool-uses.ts';
import { createAgentDesk } from './agent-desk.ts';
import { createActivityLog } from './provider-activity.ts';
import { DeltaBuffer } from './delta-buffer.ts';
import { isWorthSwitching, retryDelayMs, withNextTime } from './retry.ts';
import type { TurnContext } from './turn-context.ts';
import { inputsOfTurn } from './with-inputs.ts';

/**
 * Asks the model until it has replied, or no further try makes sense, and then the agent's next model, if it has one
 * and that may help; records all of it. Resolves with how the last try ended, after that is on disk. `toolChoice` as
 * in a ModelRequest.
 */
export async function callModel(
  context: TurnContext,
  tools: readonly ToolSpec[],
  toolChoice: 'auto' | 'none',
): Promise<ModelEnd> {
  for (let tries = 1; ; tries += 1) {
    const pass = await passGate(context, tools);
    const attempt = 'error' in pass ? refused(pass.error) : await tryOnce(context, pass, tools, toolChoice, tries);
    if (attempt.retryInMs === null) {
      if (attempt.end.type === 'finished' || !(await goOnElsewhere(context, attempt.end.error))) return attempt.end;
      tries = 0;
      continue;
    }
    try {
      await context.clock.sleep(attempt.retryInMs, context.signal);
    } catch {
      return attempt.end;
    }
  }
}

const FREE_PASS: Pass = { ended: () => undefined, giveBack: () => undefined };

/** Waits until the next call may be made, and records the wait. An error when it may not be made at all. */
async function passGate(context: TurnContext, tools: readonly ToolSpec[]): Promise<Pass | { error: ModelError }> {
  const { alias: agent, turn, clock, signal } = context;
  const estimate = (): number => estimateTokens(context.conversation(), tools);
  for (;;) {
    const admission = (await context.admit?.(estimate)) ?? { do: 'go', pass: FREE_PASS };
    if (admission.do === 'go') return admission.pass;
    if (admission.do === 'refuse') return { error: admission.error };
    const { ms, reason, detail, pass } = admission;
    await context.record({ type: 'request.delayed', agent, data: { turn, reason, ms, detail } });
    try {
      await clock.sleep(ms, signal);
    } catch {
      pass?.giveBack();
      return { error: { kind: 'aborted', message: 'The turn was interrupted.' } };
    }
    if (pass) return pass;
  }
}

/** A usual reply, for what cannot be known before. */
const REPLY_TOKENS = 500;
const CHARS_PER_TOKEN = 4;

function estimateTokens(messages: readonly Message[], tools: readonly ToolSpec[]): number {
  return inputTokens(messages, tools) + REPLY_TOKENS;
}

function inputTokens(messages: readonly Message[], tools: readonly ToolSpec[]): number {
  return Math.ceil((JSON.stringify(messages).length + JSON.stringify(tools).length) / CHARS_PER_TOKEN);
}

/** Null for agents that call no model. */
function leastUseOf(context: TurnContext, tools: readonly ToolSpec[]): CallEstimate | null {
  const { alias, provider } = context;
  if (!agentOf(context.state(), alias).info.isModel) return null;
  const input = inputTokens(context.conversation(), tools);
  return { input, costUsd: provider.costUsd({ ...NO_USAGE, input }) };
}

function refused(error: ModelError): Attempt {
  return { end: failed(error), retryInMs: null };
}

function failed(error: ModelError): ModelEnd {
  return { type: 'failed', error, usage: NO_USAGE };
}

/** True when the agent has gone over to its next model, which is then recorded. */
async function goOnElsewhere(context: TurnContext, error: ModelError): Promise<boolean> {
  if (context.signal.aborted || !isWorthSwitching(error)) return false;
  const from = context.provider.model;
  const to = (await context.switchModel?.()) ?? null;
  if (to === null || context.signal.aborted) return false;
  await context.record({
    type: 'model.switched',
    agent: context.alias,
    data: { turn: context.turn, from, to, error },
  });
  return true;
}

/** How one try ended, and when the next one follows; null when none does. */
interface Attempt {
  end: ModelEnd;
  retryInMs: number | null;
}

async function tryOnce(
  context: TurnContext,
  pass: Pass,
  tools: readonly ToolSpec[],
  toolChoice: 'auto' | 'none',
  tries: number,
): Promise<Attempt> {
  const { alias: agent, turn, provider, clock } = context;
  const request = `${turn}.${(context.state().agents[agent]?.requests ?? 0) + 1}`;
  const atLeast = leastUseOf(context, tools);
  await context.record({
    type: 'request.started',
    agent,
    data: { turn, request, tools: tools.map((tool) => tool.name), ...(atLeast && { atLeast }) },
  });
  const startedAt = clock.now();
  // A delta that cannot be written is no reason to stop; the next decision will report it.
  const buffer = new DeltaBuffer(
    clock,
    (type, text) => void context.record({ type, agent, data: { request, text } }).catch(() => undefined),
  );
  let hasStreamed = false;
  const count = createUseCount();
  let end: ModelEnd | null = null;
  const inputs = await inputsOfTurn(context);
  const view = (): readonly string[] => agentOf(context.state(), agent).turn?.view ?? [];
  const activity = createActivityLog(context, request);
  const desk = createAgentDesk(
    context,
    () => ({ kind: context.kind, view: view() }),
    () => buffer.flush(),
  );
  const stream =
    'error' in inputs
      ? [failed(inputs.error)]
      : provider.stream({
          messages: inputs.messages,
          tools,
          ...(inputs.stores.length > 0 && { stores: inputs.stores }),
          toolChoice,
          purpose: context.kind,
          signal: context.signal,
          desk,
        });
  for await (const event of stream) {
    if (event.type === 'finished' || event.type === 'failed') end = event;
    else {
      hasStreamed = true;
      count.add(event);
      showDelta(buffer, event);
      const own = ownActivity(context, event) ?? (context.signal.aborted ? null : await activity.of(event));
      if (!own) continue;
      buffer.flush();
      await context.record(own);
    }
  }
  buffer.flush();
  end ??= failed({ kind: 'protocol', message: 'The stream ended without an end.' });
  pass.ended(end, clock.now());
  const { costUsd, isWhole } = billOf(end, provider, count.uses);
  const unpriced = end.costUsd === undefined ? (provider.unpriced?.(count.uses) ?? []) : [];
  const bill = { costUsd, ...(unpriced.length > 0 && { unpriced }) };
  if (end.type === 'finished') {
    const { message, stopReason, usage } = end;
    const durationMs = clock.now() - startedAt;
    await context.record({
      type: 'request.finished',
      agent,
      data: { turn, request, message, stopReason, usage, ...bill, durationMs },
    });
    // Looking for them may take long; the reply is paid for and in the log by then.
    const files = context.signal.aborted ? [] : await activity.unnamedFiles();
    if (files.length > 0 && !context.signal.aborted) await context.record(...files);
    return { end, retryInMs: null };
  }
  const retryInMs = context.signal.aborted
    ? null
    : retryDelayMs(end.error, tries, hasStreamed, context.random, context.retry);
  if (retryInMs === null) end = { ...end, error: withNextTime(end.error, clock.now()) };
  await context.record({
    type: 'request.failed',
    agent,
    data: { turn, request, error: end.error, usage: end.usage, ...bill, ...(!isWhole && { isCut: true }), retryInMs },
  });
  return { end, retryInMs };
}

function showDelta(buffer: DeltaBuffer, event: Exclude<ModelEvent, ModelEnd>): void {
  switch (event.type) {
    case 'text':
    case 'refusal':
      return buffer.add('text.appended', event.text);
    case 'reasoning':
      return buffer.add('reasoning.appended', event.text);
    case 'builtin-tool':
    case 'builtin-result':
    case 'citation':
    case 'file':
    case 'tool-call':
    case 'own-tool':
    case 'own-result':
    case 'plan':
      return;
  }
}

/** What an agent does with tools of its own, as an event of the run; null for everything else. */
function ownActivity({ alias: agent, turn }: TurnContext, event: ModelEvent): EventDraft | null {
  switch (event.type) {
    case 'own-tool':
      return { type: 'tool.started', agent, data: { turn, call: event.call } };
    case 'own-result': {
      const { callId, name, output, isError, durationMs } = event;
      return { type: 'tool.finished', agent, data: { turn, callId, name, output, isError, durationMs } };
    }
    case 'plan':
      return { type: 'plan.changed', agent, data: { turn, tasks: event.tasks } };
    default:
      return null;
  }
}
