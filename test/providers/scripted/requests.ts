import { fenceAnswers, type FencedAnswer } from '../../../src/coordination/fence.ts';
import type { Message, ToolSpec } from '../../../src/events/message.ts';
import type { BackendSpec } from '../../../src/config/team.ts';
import { createRealClock, type Clock } from '../../../src/platform/clock.ts';
import type { ModelEnd, ModelEvent, ModelRequest, Provider } from '../../../src/providers/provider.ts';
import { scriptedAgent } from '../../engine/scripted-agent.ts';

export const tool = (name: string): ToolSpec => ({ name, description: name, parameters: { type: 'object' } });

export const TEAM_TOOLS = [tool('new_answer'), tool('vote')];

export function requestOf(parts: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: 'user', text: 'Hello there.' }],
    tools: [],
    toolChoice: 'auto',
    purpose: 'solo',
    signal: new AbortController().signal,
    ...parts,
  };
}

export function answer(label: string, text = `the text of ${label}`): FencedAnswer {
  return { label, alias: label.slice(0, label.indexOf('.')), text };
}

/** What a judge is sent. */
export function judging(answers: FencedAnswer[], system = 'You are agent2, one of several.'): Message[] {
  return [
    { role: 'system', text: system },
    { role: 'user', text: `Judge these.\n\n${fenceAnswers(answers, 'f3nc3')}` },
  ];
}

export function backendOf(parts: Partial<BackendSpec> = {}): BackendSpec {
  return { ...scriptedAgent('a', []).backend, model: '', options: {}, ...parts };
}

export async function collect(provider: Provider, request: ModelRequest): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of provider.stream(request)) events.push(event);
  return events;
}

/** The last event, having checked that it is the only end. */
export async function endOf(provider: Provider, request: ModelRequest): Promise<ModelEnd> {
  const events = await collect(provider, request);
  const ends = events.filter((event): event is ModelEnd => event.type === 'finished' || event.type === 'failed');
  const last = events.at(-1);
  if (ends.length !== 1 || last !== ends[0]) throw new Error(`a stream ended ${ends.length} times`);
  return ends[0]!;
}

/** Sleeps are over at once, and remembered; a sleep of a minute or more waits for its abort. */
export function createNotingClock(): Clock & { sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    ...createRealClock(),
    sleeps,
    sleep: (ms, signal) => {
      sleeps.push(ms);
      return new Promise((resolve, reject) => {
        const stop = (): void => reject(signal?.reason as Error);
        if (signal?.aborted) stop();
        else if (ms < 60_000) resolve();
        else signal?.addEventListener('abort', stop);
      });
    },
  };
}
