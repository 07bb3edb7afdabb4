import type { AssistantMessage, Message } from '../../events/message.ts';
import type { StopReason } from '../../events/model-error.ts';
import { NO_USAGE } from '../../events/usage.ts';
import { sentUsageOf } from '../external/text-turn.ts';
import type { ModelEnd } from '../provider.ts';
import { createCallIds, createToolCall } from '../wire/tool-call.ts';
import { userWords } from '../wire/user-files.ts';
import { asError } from './ai-sdk-agent.ts';
import { field, methodOf, textField, type FrameworkTurn } from './framework-turn.ts';
import { readUsage } from './usage.ts';

/** True for a model of the AI SDK: what `openai('gpt-…')` and its like give. */
export function isAiSdkModel(value: unknown): boolean {
  return methodOf(value, 'doStream') !== null;
}

/** A model of the AI SDK is a model like any other: it gets the run's tools as tools. */
export async function runAiSdkModel(model: unknown, { request, sink, signal }: FrameworkTurn): Promise<ModelEnd> {
  const { messages, tools, toolChoice } = request;
  const options = {
    prompt: messages.flatMap(promptMessage),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function',
        name,
        description,
        inputSchema: parameters,
      })),
      toolChoice: { type: toolChoice },
    }),
    abortSignal: signal,
  };
  const result = await methodOf(model, 'doStream')?.(options);
  const newId = createCallIds(messages);
  const message: AssistantMessage = { role: 'assistant', text: '', calls: [] };
  let end: ModelEnd | null = null;
  for await (const part of field(result, 'stream') as AsyncIterable<unknown>) {
    sink.touch();
    switch (textField(part, 'type')) {
      case 'text-delta':
        message.text += textField(part, 'delta');
        sink.emit({ type: 'text', text: textField(part, 'delta') });
        break;
      case 'reasoning-delta':
        message.reasoning = (message.reasoning ?? '') + textField(part, 'delta');
        sink.emit({ type: 'reasoning', text: textField(part, 'delta') });
        break;
      case 'tool-call': {
        if (field(part, 'providerExecuted') === true) break;
        const call = createToolCall(
          newId(textField(part, 'toolCallId')),
          textField(part, 'toolName'),
          textField(part, 'input'),
        );
        message.calls.push(call);
        sink.emit({ type: 'tool-call', call });
        break;
      }
      case 'error':
        throw asError(field(part, 'error'));
      case 'finish': {
        const usage = readUsage(field(part, 'usage'));
        const reason = field(part, 'finishReason');
        const word = typeof reason === 'string' ? reason : textField(reason, 'unified');
        end = {
          type: 'finished',
          message,
          stopReason: STOP_REASONS[word] ?? 'other',
          usage: usage ?? NO_USAGE,
          sent: { stopReason: textField(reason, 'raw') || word, usage: usage && sentUsageOf(usage) },
        };
        break;
      }
      default:
        break;
    }
  }
  return end ?? failedEnd();
}

function failedEnd(): ModelEnd {
  const message = 'The stream ended before the model had finished.';
  return { type: 'failed', error: { kind: 'protocol', message }, usage: NO_USAGE };
}

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'max-tokens',
  'tool-calls': 'tool-calls',
  'content-filter': 'content-filter',
};

/** Empty replies, such as one that held only a provider's own items, are left out: vendors refuse them. */
function promptMessage(message: Message): object[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.text }];
    case 'user':
      return [{ role: 'user', content: userWords(message).map((text) => ({ type: 'text', text })) }];
    case 'assistant':
      return assistantMessage(message);
    case 'tool': {
      const output = { type: message.isError ? 'error-text' : 'text', value: message.output };
      const content = [{ type: 'tool-result', toolCallId: message.callId, toolName: message.name, output }];
      return [{ role: 'tool', content }];
    }
  }
}

function assistantMessage({ text, calls }: AssistantMessage): object[] {
  const said = text.trim() === '' ? [] : [{ type: 'text', text }];
  const made = calls.map(({ id, name, args }) => ({
    type: 'tool-call',
    toolCallId: id,
    toolName: name,
    input: args ?? {},
  }));
  return said.length + made.length > 0 ? [{ role: 'assistant', content: [...said, ...made] }] : [];
}
