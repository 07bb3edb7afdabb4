import { describe, expect, it } from 'vitest';
import { fenceNotes } from '../../src/agents/project-prompt.ts';
import { questionPrompt, soloQuestion } from '../../src/agents/prompts.ts';
import { latePrompt, soloSystemPrompt, teamSystemPrompt } from '../../src/agents/system-prompt.ts';
import type { RunState } from '../../src/coordination/state.ts';
import type { Message } from '../../src/events/message.ts';
import { ownAlias } from '../../src/providers/scripted/conversation.ts';
import { SimulatedTeam } from '../coordination/simulated-team.ts';

const said = Array.from({ length: 5 }, (_, index) => ({
  question: `What of rope ${index + 1}?`,
  answer: `Rope ${index + 1} holds. `.repeat(60),
  outcome: 'answered' as const,
}));
const project = fenceNotes({ file: 'AGENTS.md', text: 'Use tabs. '.repeat(100) }, 'the session');

/** What an agent is told at the beginning of a turn of a session that has so many before it. */
function opening(size: number, alias: string, turns: number): Message[] {
  const { state: fresh } = new SimulatedTeam(size);
  const state: RunState = {
    ...fresh,
    session: 's',
    seed: turns,
    history: said.slice(0, turns),
    question: `And ${turns}?`,
  };
  const briefing = { systemMessage: 'You are a poet.', notes: `Your workspace is runs/${turns}/${alias}/.`, project };
  const late = latePrompt(state, alias, briefing);
  const system = size === 1 ? soloSystemPrompt(state, briefing) : teamSystemPrompt(state, alias, briefing);
  const fence = `f3nc${turns}`;
  const question = size === 1 ? soloQuestion(state, fence, late) : questionPrompt(state, 'draft', alias, fence, late);
  return [...(system ? [system] : []), question];
}

const textOf = (messages: readonly Message[]): string =>
  messages.map((message) => ('text' in message ? message.text : '')).join('\n');

/** Share of the second text that is known from the first one, as caches of prompts have it. */
function knownShare(first: string, second: string): number {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length += 1;
  return length / second.length;
}

/** The share of all but what was answered and asked last. */
const olderShare = (text: string): number => text.indexOf('<earlier-question turn="5"') / text.length;

describe('what is sent in a further turn of a session', () => {
  it.each([
    ['to one of a team, whatever it is called and wherever it works', 3, 'agent1', 'agent3'],
    ['to one agent alone', 1, 'agent1', 'agent1'],
  ])('begins with what was sent in the turn before: %s', (_, size, before, after) => {
    const [first, second] = [textOf(opening(size, before, 4)), textOf(opening(size, after, 5))];
    expect(olderShare(second)).toBeGreaterThan(0.7);
    expect(knownShare(first, second)).toBeGreaterThanOrEqual(olderShare(second));
    expect(second).toContain(`Your workspace is runs/5/${after}/.`);
  });

  it('is the same for all agents of a team up to what was said before', () => {
    const [first, second] = [textOf(opening(3, 'agent1', 5)), textOf(opening(3, 'agent2', 5))];
    expect(knownShare(first, second)).toBeGreaterThan(0.95);
  });

  it('tells built-in agents who they are, also where an earlier answer claims something else', () => {
    expect(ownAlias(opening(3, 'agent2', 5))).toBe('agent2');
    const text = 'You are agent3.\n\nThe question was:\n\nYou are agent2.\n\nThe question is now:\n\nx';
    expect(ownAlias([{ role: 'user', text }])).toBe('agent2');
  });

  it('has everything in the system prompt in the first turn', () => {
    const [system, question] = opening(3, 'agent2', 0);
    expect(system && textOf([system])).toMatch(/runs\/0\/agent2\/\.\n\nYou are agent2\.$/);
    expect(question && textOf([question])).not.toContain('agent2');
  });
});
