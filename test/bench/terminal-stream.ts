import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';

const WORDS = 'the token that refreshes itself holds a lock across two workers and waits until it is free again'.split(
  ' ',
);
const WIDE = ['日本語', '한국어', '🚀', 'é', '表示'];

/** The n-th token of a stream: about 6.4 characters, some Markdown, and 15 % wide text where it is asked for. */
export function tokenAt(n: number, isMixed: boolean): string {
  if (n % 60 === 59) return '\n\n';
  if (n % 60 === 20) return ' **bold**';
  if (n % 60 === 40) return ' `code()`';
  if (isMixed && n % 7 === 3) return ` ${WIDE[n % WIDE.length] ?? ''}`;
  return ` ${WORDS[(n * 7) % WORDS.length] ?? ''}`;
}

/** Tokens that are due after that time at that rate. */
export function tokensDue(elapsedMs: number, ratePerSecond: number): number {
  return Math.floor((elapsedMs * ratePerSecond) / 1000);
}

/** Makes events of one run, numbered and timed. */
export function eventMaker(now: () => number): (draft: EventDraft) => RunEvent {
  let seq = 0;
  return (draft) => ({ v: 1, seq: ++seq, at: now(), run: 'bench', attempt: 1, epoch: 1, ...draft }) as RunEvent;
}

/** How a run with that many drafting agents begins. */
export function opening(agents: number): EventDraft[] {
  const infos = Array.from({ length: agents }, (_, i) => ({
    alias: `agent${i + 1}`,
    id: `model-${i + 1}`,
    type: 'openai',
    model: `large-${i + 1}`,
    isModel: true,
  }));
  const data = {
    question: 'a long question',
    team: 'bench',
    agents: infos,
    settings: DEFAULT_SETTINGS,
    seed: 1,
    version: '0',
  };
  return [
    { type: 'run.started', data },
    ...infos.flatMap(({ alias: agent }): EventDraft[] => [
      { type: 'turn.started', agent, data: { turn: `${agent}-turn1`, kind: 'draft', view: [] } },
      { type: 'request.started', agent, data: { turn: `${agent}-turn1`, request: `${agent}-r1`, tools: [] } },
    ]),
  ];
}

export function textEvent(number: number, text: string): EventDraft {
  return { type: 'text.appended', agent: `agent${number}`, data: { request: `agent${number}-r1`, text } };
}

/** What a pane holds after a while: both programs begin with it, since a pane is seldom new. */
export function earlierText(agent: number): string {
  let text = '';
  for (let n = 0; text.length < 40_000; n++) text += tokenAt(n * 17 + agent, false);
  return `${text}\n\n`;
}
