import { isUpdateDue, viewFor } from '../coordination/decide.ts';
import { isDivided } from '../coordination/division.ts';
import { evaluationTools, isWorkflowCall, partTools, summaryAbove, workflowTools } from '../coordination/protocol.ts';
import { settleFailure, settleInterruption, settleRefused } from '../coordination/settle.ts';
import type { AgentState, OpenTurn, RunState } from '../coordination/state.ts';
import { untoldTo } from '../coordination/remembered.ts';
import { untoldParts } from '../coordination/subagents.ts';
import { limitOf } from '../coordination/time-limits.ts';
import { agentOf, mayAnswer } from '../coordination/views.ts';
import type { Alias, EventDraft, TurnLimitStage } from '../events/event.ts';
import type { SystemMessage, ToolCall, ToolSpec, UserMessage } from '../events/message.ts';
import {
  evaluatePrompt,
  limitPrompt,
  judgePrompt,
  keptPrompt,
  notePrompt,
  presentPrompt,
  questionPrompt,
  soloQuestion,
  updatePrompt,
} from './prompts.ts';
import { latePrompt, soloSystemPrompt, teamSystemPrompt } from './system-prompt.ts';
import { askedNote, partNote } from './ask-prompts.ts';
import { toolsToShow } from '../tools/tool-search.ts';
import { callModel } from './call-model.ts';
import { drawRunBoundary } from './draw-boundary.ts';
import { recordReply } from './record-reply.ts';
import { runTools } from './run-tools.ts';
import type { TurnContext } from './turn-context.ts';
import type { UnsettledReply } from './unfinished-turn.ts';

/**
 * One turn of one agent, from its prompt to its answer, vote or failure: asks the model, runs the tools it calls,
 * judges its workflow calls, and records all of it. Resolves when the turn is over; an interrupted turn ends as
 * `aborted`. Rejects only if the log cannot be written or something is a bug.
 */
export async function runTurn(context: TurnContext): Promise<void> {
  const { alias } = context;
  if (!context.unfinished) await context.record(openingOf(context));
  if (context.unfinished?.reply) await settleLeftReply(context, context.unfinished.reply);
  if (context.unfinished && !context.signal.aborted) await context.record(...settleRefused(context.state(), alias));
  let told: TurnLimitStage | null = null;
  while (isOpen(context)) {
    await deliverNotes(context);
    await deliverUpdate(context);
    told = await deliverLimit(context, told);
    if (!context.signal.aborted) await takeRound(context);
    if (!context.signal.aborted || !isOpen(context)) continue;
    // What copies of other agents have used for its questions is recorded before its turn ends.
    await context.asks?.close();
    await context.record(...settleInterruption(context.state(), alias));
  }
}

const UNKNOWN_EFFECT =
  'The program was stopped while this tool ran, so its result is lost. It may have taken effect or not: find out before you call it again.';

/**
 * Goes on with a reply that was in the log already, so that it is not paid for twice. A tool that had begun is never
 * run again, since nobody knows what it has done; its model is told so. A call that waited for leave has done nothing, so it
 * is asked for again, and one that had got it is made; a tool that can go on with what it had begun does.
 */
async function settleLeftReply(context: TurnContext, reply: UnsettledReply): Promise<void> {
  const { alias, turn } = context;
  const { calls } = reply.message;
  const goesOn = (name: string): boolean => context.tools.find(({ spec }) => spec.name === name)?.goesOn === true;
  const isLeft = ({ id, name }: ToolCall): boolean =>
    !reply.doneCalls.has(id) && (!reply.begunCalls.has(id) || reply.heldCalls.has(id) || goesOn(name));
  for (const call of calls) {
    if (reply.doneCalls.has(call.id) || isLeft(call)) continue;
    const data = { turn, callId: call.id, name: call.name, output: UNKNOWN_EFFECT, isError: true, durationMs: 0 };
    await context.record({ type: 'tool.finished', agent: alias, data });
  }
  const left = calls.filter(isLeft);
  await runTools(context, left, reply.begunCalls);
  // It is paid for, so what it hands in is looked at even where the turn is over at once.
  if (!context.signal.aborted || left.every(isWorkflowCall)) await recordReply(context, reply);
}

/** One model call with the tools that it asks for. What it means is judged and recorded in one go. */
async function takeRound(context: TurnContext): Promise<void> {
  const { alias, kind, signal } = context;
  const toolChoice = kind === 'present' && context.tools.length === 0 ? 'none' : 'auto';
  const reply = await callModel(context, toolSpecs(context), toolChoice);
  if (reply.type === 'failed') {
    if (signal.aborted) return;
    await context.asks?.close();
    return context.record(...settleFailure(context.state(), alias, reply.error));
  }
  // Its last tokens may be those that ended the run; they are paid for, so what they hand in is looked at.
  if (signal.aborted) return recordReply(context, reply);
  await runTools(context, reply.message.calls);
  if (signal.aborted) return;
  await recordReply(context, reply);
}

function isOpen(context: TurnContext): boolean {
  return agentOf(context.state(), context.alias).turn?.turn === context.turn;
}

/** The messages that begin the turn. Later turns go on with the same conversation, unless updates restart it. */
function openingOf(context: TurnContext): EventDraft {
  const state = context.state();
  const { agent, turn } = here(context);
  // Not by the count of turns: a crash may have cut the first one off before its prompt was written.
  const isFirst = context.conversation().length === 0;
  const isReset =
    isFirst ||
    context.kind === 'draft' ||
    (context.kind === 'solo' && state.attempt > 1) ||
    (context.kind === 'judge' && state.settings.updates === 'restart');
  const messages: (SystemMessage | UserMessage)[] = [];
  const late = isReset ? latePrompt(state, context.alias, context.briefing) : '';
  if (context.kind === 'solo' && isReset) {
    const system = soloSystemPrompt(state, context.briefing);
    messages.push(...(system ? [system] : []), soloQuestion(state, boundary(context), late));
  } else if (isReset) {
    messages.push(teamSystemPrompt(state, context.alias, context.briefing));
    messages.push(questionPrompt(state, context.kind, context.alias, boundary(context), late));
  }
  const isKept = context.kind === 'judge' && !isReset && isFirstOfAttempt(state, context.alias);
  const kept = isKept ? keptPrompt(state, boundary(context)) : null;
  if (kept) messages.push(kept);
  if (context.kind === 'judge')
    messages.push(
      judgePrompt(
        state,
        turn.view,
        isReset ? [] : agent.seen,
        isReset ? null : context.alias,
        !mayAnswer(state, agent),
        boundary(context),
      ),
    );
  if (context.kind === 'evaluate') messages.push(evaluatePrompt(state, boundary(context)));
  if (context.kind === 'present') {
    // Its own answers are in its conversation, as it has written them.
    const known = [...agent.seen, ...agent.answers.map((answer) => answer.label)];
    const unseen = turn.view.filter((label) => !known.includes(label));
    messages.push(presentPrompt(state, unseen, boundary(context)));
  }
  return { type: 'context.added', agent: context.alias, data: { turn: context.turn, isReset, messages } };
}

/** True for an agent that has asked its model nothing in this attempt, since its answer of the attempt before was kept. */
function isFirstOfAttempt({ attempt, turnSpending }: RunState, alias: Alias): boolean {
  return attempt > 1 && !turnSpending.some((each) => each.alias === alias && each.attempt === attempt);
}

/** At a safe point, between two model calls, tells an agent what the user has said to it, and what came of questions. */
async function deliverNotes(context: TurnContext): Promise<void> {
  const { alias: agent, turn } = context;
  if (context.signal.aborted) return;
  const notes = context.state().notes.filter((note) => note.pending.includes(agent));
  const asked = untoldTo(context.state(), agent);
  const parts = untoldParts(context.state(), agent);
  const due = [
    ...notes.map(({ message }) => message),
    ...asked.map(({ question }) => question),
    ...parts.map(({ name }) => name),
  ];
  if (due.length === 0) return;
  const messages = [
    ...notes.map((note) => notePrompt(note.text)),
    ...asked.map((each) => askedNote(each, agent, context.random)),
    ...parts.map((each) => partNote(each, context.random)),
  ];
  await context.record(
    ...due.map((message): EventDraft => ({ type: 'message.delivered', agent, data: { turn, message } })),
    { type: 'context.added', agent, data: { turn, isReset: false, messages } },
  );
}

/** At a safe point, between two model calls, tells a judging agent of answers it has not seen. */
async function deliverUpdate(context: TurnContext): Promise<void> {
  const state = context.state();
  const { agent, turn } = here(context);
  if (!isUpdateDue(state, turn)) return;
  const view = viewFor(state, context.alias);
  const changed = view.filter((label) => !turn.view.includes(label));
  const message = updatePrompt(state, changed, !mayAnswer(state, agent), boundary(context));
  await context.record(
    { type: 'update.delivered', agent: context.alias, data: { turn: context.turn, view } },
    { type: 'context.added', agent: context.alias, data: { turn: context.turn, isReset: false, messages: [message] } },
  );
}

function agreementTools(context: TurnContext): readonly ToolSpec[] {
  const state = context.state();
  const { settings, order } = state;
  const summaryAt = summaryAbove(settings);
  if (isDivided(state)) return partTools(summaryAt);
  return workflowTools(order, settings.votingRule, summaryAt, settings.countSelfVotes);
}

/** At a safe point, between two model calls, tells an agent that its time is running out. Resolves with what it knows. */
async function deliverLimit(context: TurnContext, told: TurnLimitStage | null): Promise<TurnLimitStage | null> {
  const stage = limitOf(context.state(), here(context).turn);
  if (stage === null || stage === told || context.signal.aborted) return told;
  const messages = [limitPrompt(stage, context.kind)];
  const data = { turn: context.turn, isReset: false, messages };
  await context.record({ type: 'context.added', agent: context.alias, data });
  return stage;
}

function toolSpecs(context: TurnContext): ToolSpec[] {
  const limit = limitOf(context.state(), here(context).turn);
  const { tools, provider } = context;
  const all = limit === null || limit === 'noticed' ? tools.map((tool) => tool.spec) : [];
  const own = toolsToShow(all, context.conversation(), provider.searchesTools === true);
  if (context.kind === 'solo') return own;
  return [
    ...own,
    ...(context.kind === 'evaluate' ? evaluationTools(context.state().settings.restartMode) : agreementTools(context)),
  ];
}

function here(context: TurnContext): { agent: AgentState; turn: OpenTurn } {
  const agent = agentOf(context.state(), context.alias);
  if (agent.turn?.turn !== context.turn) throw new Error(`${context.turn} is not the open turn of ${context.alias}`);
  return { agent, turn: agent.turn };
}

function boundary(context: TurnContext): string {
  return drawRunBoundary(context.random, context.state());
}
