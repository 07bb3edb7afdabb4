import { expect } from 'vitest';
import type { ModelEvent } from '../../src/providers/provider.ts';
import type { StopReason } from '../../src/events/model-error.ts';

/** One entry of the recordings' index. */
export interface Recording {
  stem: string;
  /** Path of the body, below the index. */
  file: string;
  api: 'responses' | 'chat.completions' | 'messages' | 'generateContent';
  kind: 'stream' | 'json' | 'error';
  expected: {
    text: string;
    reasoning?: string;
    refusal?: string;
    tool_calls: { call_id?: string; id?: string | null; name: string; args: unknown; args_raw?: string }[];
    assembled_tool_calls?: { name: string; args: unknown }[];
    builtin?: { type?: string; kind?: string; name?: string }[];
    stop_reason: string | null;
    usage: Record<string, number | null> | null;
    error?: { message?: string; detail?: string };
    prompt_feedback?: { blockReason: string };
    http_status?: number;
  };
}

/** What a stream meant, in the project's own terms. */
export interface Meaning {
  end: StopReason | 'failed';
  text: string;
  reasoning: string;
  calls: { name: string; args: unknown; id?: string | null }[];
  builtin: unknown;
  usage: unknown;
}

export function observe(events: ModelEvent[]): Meaning {
  const text = (type: 'text' | 'reasoning'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const end = events.at(-1);
  if (end?.type !== 'finished' && end?.type !== 'failed') throw new Error('The stream has no end.');
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  return {
    end: end.type === 'failed' ? 'failed' : end.stopReason,
    text: text('text'),
    reasoning: text('reasoning'),
    calls: calls.map(({ name, args, rawArgs }) => ({ name, args: args ?? rawArgs })),
    builtin: events.flatMap((event) => (event.type === 'builtin-tool' ? [event.name] : [])),
    usage: end.usage,
  };
}

export function readExpected({ api, expected }: Recording): Meaning {
  const calls = (expected.assembled_tool_calls ?? expected.tool_calls).map(({ name, args }) => ({ name, args }));
  const isFailed = expected.error !== undefined || expected.prompt_feedback !== undefined;
  const stop = stopReason(api, expected.stop_reason);
  const isAsking = calls.length > 0 && (stop === 'end' || stop === 'other');
  return {
    end: isFailed ? 'failed' : isAsking ? 'tool-calls' : stop,
    text: expected.text,
    reasoning: expected.reasoning ?? '',
    calls,
    builtin: builtin(api, expected.builtin ?? []),
    usage: usage(api, expected.usage),
  };
}

function usage(api: Recording['api'], sent: Recording['expected']['usage']): unknown {
  const number = (key: string): number => sent?.[key] ?? 0;
  switch (api) {
    case 'messages':
      return {
        input: number('input') + number('cached') + number('cache_write'),
        output: number('output'),
        cachedInput: number('cached'),
        cacheWrite: number('cache_write'),
        reasoning: expect.any(Number),
      };
    case 'generateContent':
      return {
        input: number('input') + number('tool_prompt'),
        output: number('output') + number('reasoning'),
        cachedInput: number('cached'),
        cacheWrite: 0,
        reasoning: number('reasoning'),
      };
    default:
      return {
        input: number('input'),
        output: number('output'),
        cachedInput: number('cached'),
        cacheWrite: expect.any(Number),
        reasoning: Math.min(number('reasoning'), number('output')),
      };
  }
}

function stopReason(api: Recording['api'], reason: string | null): StopReason {
  const table: Record<Recording['api'], Record<string, StopReason>> = {
    responses: {
      completed: 'end',
      'incomplete:max_output_tokens': 'max-tokens',
      'incomplete:content_filter': 'content-filter',
    },
    'chat.completions': {
      stop: 'end',
      length: 'max-tokens',
      tool_calls: 'tool-calls',
      content_filter: 'content-filter',
    },
    messages: {
      end_turn: 'end',
      max_tokens: 'max-tokens',
      tool_use: 'tool-calls',
      stop_sequence: 'stop-sequence',
      pause_turn: 'pause',
      refusal: 'refusal',
    },
    generateContent: { STOP: 'end', MAX_TOKENS: 'max-tokens', SAFETY: 'content-filter' },
  };
  return reason === null ? 'end' : (table[api][reason] ?? 'other');
}

/** Recordings list tools and their results; the project tells of each use once. */
function builtin(api: Recording['api'], used: NonNullable<Recording['expected']['builtin']>): unknown {
  if (api === 'messages') return used.flatMap((tool) => (tool.name === undefined ? [] : [tool.name]));
  // Searches stand in the metadata, which the recordings' index does not list.
  if (api === 'chat.completions') return expect.any(Array);
  if (api === 'generateContent') {
    const runs = used.filter((tool) => tool.type === 'executableCode').map(() => 'code_execution');
    return runs.length > 0 ? runs : expect.any(Array);
  }
  return used.map((tool) => (tool.type === 'mcp_call' ? tool.name : tool.type?.replace(/_call$/, '')));
}
