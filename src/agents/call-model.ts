import type { ToolSpec } from '../events/message.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { ModelEnd, ModelEvent } from '../providers/provider.ts';
import { DeltaBuffer } from './delta-buffer.ts';
import { retryDelayMs } from './retry.ts';
import type { TurnContext } from './turn-context.ts';

/**
 * Asks the model until it has replied, or no further try makes sense, and records all of it. Resolves with how the
 * last try ended, after that is on disk. `toolChoice` as in a ModelRequest.
 */
export async function callModel(
  context: TurnContext,
  tools: readonly ToolSpec[],
  toolChoice: 'auto' | 'none',
): Promise<ModelEnd> {
  for (let tries = 1; ; tries += 1) {
    const attempt = await tryOnce(context, tools, toolChoice, tries);
    if (attempt.retryInMs === null) return attempt.end;
    try {
      await context.clock.sleep(attempt.retryInMs, context.signal);
    } catch {
      return attempt.end;
    }
  }
}

async function tryOnce(
  context: TurnContext,
  tools: readonly ToolSpec[],
  toolChoice: 'auto' | 'none',
  tries: number,
): Promise<{ end: ModelEnd; retryInMs: number | null }> {
  const { alias: agent, turn, provider, clock } = context;
  const request = `${turn}.${(context.state().agents[agent]?.requests ?? 0) + 1}`;
  await context.record({
    type: 'request.started',
    agent,
    data: { turn, request, tools: tools.map((tool) => tool.name) },
  });
  const startedAt = clock.now();
  // A delta that cannot be written is no reason to stop; the next decision will report it.
  const buffer = new DeltaBuffer(
    clock,
    (type, text) => void context.record({ type, agent, data: { request, text } }).catch(() => undefined),
  );
  let hasStreamed = false;
  let end: ModelEnd | null = null;
  const messages = context.conversation();
  for await (const event of provider.stream({
    messages,
    tools,
    toolChoice,
    purpose: context.kind,
    signal: context.signal,
  })) {
    if (event.type === 'finished' || event.type === 'failed') end = event;
    else {
      hasStreamed = true;
      showDelta(buffer, event);
    }
  }
  buffer.flush();
  end ??= { type: 'failed', error: { kind: 'protocol', message: 'The stream ended without an end.' }, usage: NO_USAGE };
  const costUsd = provider.costUsd(end.usage);
  if (end.type === 'finished') {
    const { message, stopReason, usage } = end;
    const durationMs = clock.now() - startedAt;
    await context.record({
      type: 'request.finished',
      agent,
      data: { turn, request, message, stopReason, usage, costUsd, durationMs },
    });
    return { end, retryInMs: null };
  }
  const retryInMs = context.signal.aborted ? null : retryDelayMs(end.error, tries, hasStreamed, context.random);
  await context.record({
    type: 'request.failed',
    agent,
    data: { turn, request, error: end.error, usage: end.usage, costUsd, retryInMs },
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
      return;
  }
}
