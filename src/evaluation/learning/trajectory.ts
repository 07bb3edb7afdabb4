import { agentsOf, allAnswersOf } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import { applyEvent } from '../../coordination/apply.ts';
import type { RunEvent } from '../../events/event.ts';
import { Conversation } from '../../events/projections/conversation.ts';

/** One agent's part in a run, in the shape that trainers of language models read: chat messages, and what they were worth. */
export interface Trajectory {
  run: string;
  agent: string;
  model: string;
  /** 0 to 1; null where nobody said anything of it. */
  reward: number | null;
  isWinner: boolean;
  messages: TrajectoryMessage[];
  /** Of each message of the assistant: its place in `messages`, and the tokens that were read before it and written for it. */
  spans: { message: number; input: number; output: number }[];
}

interface TrajectoryMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

/**
 * The conversations of a run, one per agent that was asked anything. Only what is still in its conversation counts: what
 * an agent forgot when its conversation began anew is not trained on. `rewardOf` says what an answer was worth. Pure.
 */
export function trajectoriesOf(events: readonly RunEvent[], rewardOf: (label: string) => number | null): Trajectory[] {
  let state: RunState | null = null;
  for (const event of events) state = applyEvent(state, event);
  if (!state) return [];
  const { run, winner } = state;
  return agentsOf(state).flatMap((agent) => {
    const { alias, id, model } = agent.info;
    const { messages, spans } = followAgent(events, alias);
    if (spans.length === 0) return [];
    const labels = allAnswersOf(agent).map(({ label }) => label);
    const last = labels.at(-1);
    const reward = last === undefined ? null : rewardOf(last);
    const isWinner = winner !== null && labels.includes(winner.label);
    return [{ run, agent: id, model, reward, isWinner, messages, spans }];
  });
}

function followAgent(events: readonly RunEvent[], alias: string): Pick<Trajectory, 'messages' | 'spans'> {
  const conversation = new Conversation(alias);
  let spans: Trajectory['spans'] = [];
  for (const event of events) {
    if (event.agent === alias && event.type === 'context.added' && event.data.isReset) spans = [];
    conversation.apply(event);
    if (event.agent !== alias || event.type !== 'request.finished') continue;
    const message = conversation.messages().findLastIndex(({ role }) => role === 'assistant');
    spans.push({ message, input: event.data.usage.input, output: event.data.usage.output });
  }
  const messages = conversation.messages().map((message): TrajectoryMessage => {
    if (message.role === 'tool') return { role: 'tool', content: message.output, tool_call_id: message.callId };
    if (message.role !== 'assistant' || message.calls.length === 0)
      return { role: message.role, content: message.text };
    const calls = message.calls.map(({ id, name, rawArgs }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: rawArgs },
    }));
    return { role: 'assistant', content: message.text, tool_calls: calls };
  });
  return { messages, spans };
}
