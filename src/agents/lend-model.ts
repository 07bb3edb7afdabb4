import type { Message } from '../events/message.ts';
import type { LentRequest } from '../tools/asks.ts';
import { noAside, whyNotAsked, type AsideAnswer, type AsideContext } from './answer-aside.ts';
import { callAside } from './call-aside.ts';

/**
 * Has an agent's model answer what an MCP server asks of it: without the agent's conversation and without any tool. The
 * agent pays. What the call used is in the answer, and nowhere else. Never rejects.
 */
export async function lendModel(
  context: Pick<AsideContext, 'alias' | 'state' | 'provider' | 'retry' | 'admit' | 'clock' | 'random' | 'signal'>,
  { system, messages: asked }: LentRequest,
): Promise<AsideAnswer> {
  const barred = whyNotAsked(context.state(), context.alias);
  if (barred !== null) return noAside(barred);
  const messages: Message[] = [
    ...(system === '' ? [] : [{ role: 'system' as const, text: system }]),
    ...asked.map(({ role, text }): Message => (role === 'user' ? { role, text } : { role, text, calls: [] })),
  ];
  const request = { messages, tools: [], toolChoice: 'none', purpose: 'reply' } as const;
  const { end, usage, costUsd } = await callAside(context, request);
  const none = { outcome: 'declined' as const, choices: [], text: '', usage, costUsd };
  if (end.type === 'failed') {
    return { ...none, reason: context.signal.aborted ? 'It was stopped.' : `The model failed: ${end.error.message}` };
  }
  return { ...none, outcome: 'answered', text: end.message.text, reason: '' };
}
