import { OWN_ANSWER, readFencedAnswers, type FencedAnswer } from '../../coordination/fence.ts';
import type { Alias, AnswerLabel } from '../../events/event.ts';
import type { Message } from '../../events/message.ts';
import type { ModelRequest } from '../provider.ts';

/** Names of the tools that this reply may call. */
export function offeredTools(request: ModelRequest): ReadonlySet<string> {
  return new Set(request.toolChoice === 'none' ? [] : request.tools.map((tool) => tool.name));
}

/** The newest version of every agent's answer that the conversation shows, in the order in which agents appeared. */
export function shownAnswers(messages: readonly Message[]): FencedAnswer[] {
  const newest = new Map<Alias, FencedAnswer>();
  const own = ownAnswers(messages);
  for (const message of messages) {
    if (message.role !== 'user' && message.role !== 'system') continue;
    for (const fenced of readFencedAnswers(message.text)) {
      const answer = fenced.text === OWN_ANSWER ? { ...fenced, text: own.get(fenced.label) ?? '' } : fenced;
      const known = newest.get(answer.alias);
      if (!known || versionOf(answer) >= versionOf(known)) newest.set(answer.alias, answer);
    }
  }
  return [...newest.values()];
}

/** What the agent itself has handed in, by label. */
function ownAnswers(messages: readonly Message[]): Map<AnswerLabel, string> {
  const texts = new Map<AnswerLabel, string>();
  const handedIn = new Map<string, string>();
  const self = ownAlias(messages);
  for (const message of messages) {
    if (message.role === 'assistant') {
      for (const { id, args } of message.calls) {
        const content = args?.['content'];
        handedIn.set(id, typeof content === 'string' && content.trim() ? content : message.text);
      }
      // A reply without any call is an answer in plain words.
      if (message.calls.length === 0 && message.text.trim()) texts.set(`${self}.${texts.size + 1}`, message.text);
    }
    if (message.role !== 'tool') continue;
    const label = /^Recorded as answer (\S+)\.$/.exec(message.output)?.[1];
    if (label !== undefined) texts.set(label, handedIn.get(message.callId) ?? '');
  }
  return texts;
}

function versionOf(answer: FencedAnswer): number {
  const version = Number(answer.label.slice(answer.label.lastIndexOf('.') + 1));
  return Number.isFinite(version) ? version : 0;
}

/** The agent's own alias, if its system prompt tells it, or, where a session goes on, the line before the question. */
export function ownAlias(messages: readonly Message[]): Alias | null {
  for (const message of messages) {
    const isSystem = message.role === 'system';
    if (!isSystem && message.role !== 'user') continue;
    const told = isSystem ? /\byou are (agent\d+)\b/i : /\nYou are (agent\d+)\.\n\nThe question is now:\n/;
    const alias = told.exec(message.text)?.[1];
    if (alias !== undefined) return alias.toLowerCase();
  }
  return null;
}

/** The usual rule of thumb, for agents that have no tokens of their own. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / 4);
}

/** Input tokens of a request, estimated from the characters of its messages and tools. */
export function inputTokens(request: ModelRequest): number {
  const messages = request.messages.reduce((sum, message) => sum + charactersOf(message), 0);
  return tokensOf(messages + (request.tools.length > 0 ? JSON.stringify(request.tools).length : 0));
}

function charactersOf(message: Message): number {
  switch (message.role) {
    case 'system':
    case 'user':
      return message.text.length;
    case 'tool':
      return message.output.length;
    case 'assistant':
      return message.calls.reduce(
        (sum, call) => sum + call.name.length + call.rawArgs.length,
        message.text.length + (message.reasoning?.length ?? 0),
      );
  }
}
