import { AgentFailure } from '../external/agent-failure.ts';
import type { TurnEnd } from '../external/text-turn.ts';
import { field, methodOf, textField, UseTeller, wordsOf, type FrameworkRunner } from './framework-turn.ts';
import { readUsage } from './usage.ts';

/** An agent of the AI SDK, or one of Mastra, whose streams differ in where they keep what they tell. */
export const runStreamingAgent: FrameworkRunner = async (agent, call) => {
  const stream = methodOf(agent, 'stream');
  if (!stream) throw new AgentFailure('bad-request', 'The export is no agent: it has no stream().');
  const isMastra = methodOf(agent, 'getInstructions') !== null;
  const options = { abortSignal: call.signal };
  const result = await (isMastra ? stream(call.messages, options) : stream({ messages: call.messages, ...options }));
  const parts = (field(result, 'fullStream') ?? field(result, 'stream') ?? field(result, 'textStream')) as
    | AsyncIterable<unknown>
    | undefined;
  if (!parts) throw new AgentFailure('protocol', 'The agent gave back no stream.');
  const uses = new UseTeller(call);
  const end: TurnEnd = {};
  for await (const part of parts) {
    call.sink.touch();
    if (typeof part === 'string') {
      call.turn.say(part);
      continue;
    }
    const data = field(part, 'payload') ?? part;
    switch (textField(part, 'type')) {
      case 'text-delta':
        call.turn.say(textField(data, 'text') || textField(data, 'delta'));
        break;
      case 'reasoning-delta':
        call.sink.emit({ type: 'reasoning', text: textField(data, 'text') || textField(data, 'delta') });
        break;
      case 'tool-call':
        uses.begin(
          textField(data, 'toolCallId'),
          textField(data, 'toolName'),
          field(data, 'input') ?? field(data, 'args'),
        );
        break;
      case 'tool-result':
        uses.end(textField(data, 'toolCallId'), field(data, 'output') ?? field(data, 'result'));
        break;
      case 'tool-error':
        uses.end(textField(data, 'toolCallId'), wordsOfError(field(data, 'error')), true);
        break;
      case 'error':
        throw asError(field(data, 'error'));
      case 'finish':
        end.usage = readUsage(
          field(data, 'totalUsage') ?? field(data, 'usage') ?? field(field(data, 'output'), 'usage'),
        );
        end.stopReason = field(data, 'finishReason') === 'length' ? 'max-tokens' : 'end';
        end.sentStopReason = textField(data, 'finishReason') || null;
        break;
      default:
        break;
    }
  }
  return end;
};

export function asError(told: unknown): Error {
  return told instanceof Error ? told : new Error(textField(told, 'message') || wordsOf(told), { cause: told });
}

function wordsOfError(told: unknown): string {
  return told instanceof Error ? told.message : wordsOf(told);
}
