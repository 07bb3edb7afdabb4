import { hasSeenAll, viewFor } from '../coordination/decide.ts';
import { isWorkflowCall, workflowTools } from '../coordination/protocol.ts';
import { settleFailure, settleInterruption, settleReply } from '../coordination/settle.ts';
import type { AgentState, OpenTurn } from '../coordination/state.ts';
import { agentOf, mayAnswer } from '../coordination/views.ts';
import type { EventDraft } from '../events/event.ts';
import type { SystemMessage, ToolCall, ToolSpec, UserMessage } from '../events/message.ts';
import { judgePrompt, presentPrompt, questionPrompt, soloPrompt, teamSystemPrompt, updatePrompt } from './prompts.ts';
import { callModel } from './call-model.ts';
import type { TurnContext } from './turn-context.ts';

/**
 * One turn of one agent, from its prompt to its answer, vote or failure: asks the model, runs the tools it calls,
 * judges its workflow calls, and records all of it. Resolves when the turn is over; an interrupted turn ends as
 * `aborted`. Rejects only if the log cannot be written or something is a bug.
 */
export async function runTurn(context: TurnContext): Promise<void> {
  await context.record(openingOf(context));
  while (isOpen(context)) {
    await deliverUpdate(context);
    const events = context.signal.aborted
      ? settleInterruption(context.state(), context.alias)
      : await takeRound(context);
    if (events.length > 0) await context.record(...events);
  }
}

/** One model call with the tools that it asks for. Returns what is to be recorded for it at once. */
async function takeRound(context: TurnContext): Promise<EventDraft[]> {
  const reply = await callModel(
    context,
    toolSpecs(context),
    context.kind === 'present' && context.tools.length === 0 ? 'none' : 'auto',
  );
  if (context.signal.aborted) return [];
  if (reply.type === 'failed') return settleFailure(context.state(), context.alias, reply.error);
  await runTools(context, reply.message.calls);
  return context.signal.aborted ? [] : settleReply(context.state(), context.alias, reply);
}

function isOpen(context: TurnContext): boolean {
  return agentOf(context.state(), context.alias).turn?.turn === context.turn;
}

/** The messages that begin the turn. Later turns go on with the same conversation, unless updates restart it. */
function openingOf(context: TurnContext): EventDraft {
  const state = context.state();
  const { agent, turn } = here(context);
  const isFirst = agent.turns === 1;
  const isReset = isFirst || (context.kind === 'judge' && state.settings.updates === 'restart');
  const messages: (SystemMessage | UserMessage)[] = [];
  if (context.kind === 'solo') messages.push(...soloPrompt(state, context.systemMessage));
  else if (isReset) {
    messages.push(teamSystemPrompt(state, context.alias, context.systemMessage));
    messages.push(questionPrompt(state, context.kind, boundary(context)));
  }
  if (context.kind === 'judge')
    messages.push(judgePrompt(state, turn.view, !mayAnswer(state, agent), boundary(context)));
  if (context.kind === 'present') {
    const seen = agent.ballot?.view ?? [];
    messages.push(
      presentPrompt(
        state,
        turn.view.filter((label) => !seen.includes(label)),
        boundary(context),
      ),
    );
  }
  return { type: 'context.added', agent: context.alias, data: { turn: context.turn, isReset, messages } };
}

/** At a safe point, between two model calls, tells a judging agent of answers it has not seen. */
async function deliverUpdate(context: TurnContext): Promise<void> {
  const state = context.state();
  const { agent, turn } = here(context);
  if (context.kind !== 'judge' || state.settings.updates !== 'inject' || hasSeenAll(state, turn)) return;
  const view = viewFor(state, context.alias);
  const changed = view.filter((label) => !turn.view.includes(label));
  const message = updatePrompt(state, changed, !mayAnswer(state, agent), boundary(context));
  await context.record(
    { type: 'update.delivered', agent: context.alias, data: { turn: context.turn, view } },
    { type: 'context.added', agent: context.alias, data: { turn: context.turn, isReset: false, messages: [message] } },
  );
}

function toolSpecs(context: TurnContext): ToolSpec[] {
  const own = context.tools.map((tool) => tool.spec);
  return context.kind === 'solo' ? own : [...own, ...workflowTools(context.state().order)];
}

/** Runs the ordinary tools of a reply, in order. A call that cannot be run gets an error as its result. */
async function runTools(context: TurnContext, calls: readonly ToolCall[]): Promise<void> {
  for (const call of calls) {
    if (isWorkflowCall(call) && context.kind !== 'solo') continue;
    await context.record({ type: 'tool.started', agent: context.alias, data: { turn: context.turn, call } });
    const startedAt = context.clock.now();
    const result = await execute(context, call);
    if (context.signal.aborted) return;
    const durationMs = context.clock.now() - startedAt;
    const data = { turn: context.turn, callId: call.id, name: call.name, ...result, durationMs };
    await context.record({ type: 'tool.finished', agent: context.alias, data });
  }
}

async function execute(context: TurnContext, call: ToolCall): Promise<{ output: string; isError: boolean }> {
  const tool = context.tools.find((candidate) => candidate.spec.name === call.name);
  if (!tool) return { output: `There is no tool called ${call.name}.`, isError: true };
  if (!call.args)
    return {
      output: 'The arguments were no complete JSON object, so the tool was not run. Call it again.',
      isError: true,
    };
  return tool.execute(call.args, { signal: context.signal });
}

function here(context: TurnContext): { agent: AgentState; turn: OpenTurn } {
  const agent = agentOf(context.state(), context.alias);
  if (agent.turn?.turn !== context.turn) throw new Error(`${context.turn} is not the open turn of ${context.alias}`);
  return { agent, turn: agent.turn };
}

/** A fence that no text of this run contains. */
function boundary(context: TurnContext): string {
  const texts = Object.values(context.state().agents).flatMap((agent) => agent.answers.map((answer) => answer.text));
  for (;;) {
    const word = context.random
      .int(2 ** 32)
      .toString(36)
      .padStart(7, '0');
    if (![context.state().question, ...texts].some((text) => text.includes(word))) return word;
  }
}
