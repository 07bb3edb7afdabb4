import { fenceAnswers, fenceQuestion, type FencedAnswer } from '../../../src/coordination/fence.ts';
import type { TurnKind } from '../../../src/events/event.ts';
import type { AssistantMessage, Message } from '../../../src/events/message.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock, type Clock } from '../../../src/platform/clock.ts';
import { createPacedClock } from '../../../src/platform/paced-clock.ts';
import { createDemoProvider } from '../../../src/providers/demo/provider.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { calculator } from '../../../src/tools/calculator.ts';
import { backendOf, endOf, tool } from '../scripted/requests.ts';

export interface Vote {
  voter: string;
  choice: string;
  ranking: string[];
  reason: string;
}

/** What came of a team's work, in the order in which it happened. */
export interface TeamRun {
  answers: FencedAnswer[];
  /** The votes that count: those cast when all answers were known. */
  votes: Vote[];
  final: string;
  /** Everything that was said and called, one line each. */
  transcript: string[];
  /** How long it took at reading speed. */
  ms: number;
}

interface Member {
  alias: string;
  provider: Provider;
  messages: Message[];
  /** The answers that it was shown last. */
  seen: string;
}

/** Plays the engine for a team of built-in agents: drafts, judging with updates in between, the presentation. */
export async function runTeam(question: string, options: JsonObject[]): Promise<TeamRun> {
  const clock = createPacedClock({ startAt: 0, speed: Infinity, real: createRealClock() });
  const run: TeamRun = { answers: [], votes: [], final: '', transcript: [], ms: 0 };
  const members = await Promise.all(
    options.map(async (settings, index): Promise<Member> => {
      const alias = `agent${index + 1}`;
      const provider = await createDemoProvider(backendOf({ options: settings }), { clock });
      const messages: Message[] = [
        { role: 'system', text: `You are ${alias}, one of ${options.length}.` },
        { role: 'user', text: `${fenceQuestion(question, 'q1')}\n\nHand in your own answer with new_answer.` },
      ];
      return { alias, provider, messages, seen: '' };
    }),
  );
  await Promise.all(members.map((member) => takeTurn(member, 'draft', run, clock)));
  while (run.votes.length < members.length) {
    const undecided = members.filter((member) => !run.votes.some((vote) => vote.voter === member.alias));
    await Promise.all(undecided.map((member) => takeTurn(member, 'judge', run, clock)));
  }
  const winner = members.find((member) => member.alias === winnerOf(run.votes))!;
  winner.messages.push({ role: 'user', text: 'Your answer won. Present it.' });
  await takeTurn(winner, 'present', run, clock);
  run.ms = clock.now();
  return run;
}

/** Newest version of each agent's answer. */
export function currentAnswers(answers: readonly FencedAnswer[]): FencedAnswer[] {
  return [...new Map(answers.map((answer) => [answer.alias, answer])).values()];
}

export function winnerOf(votes: readonly Vote[]): string {
  const count = (alias: string): number => votes.filter((vote) => vote.choice === alias).length;
  return votes.map((vote) => vote.choice).toSorted((a, b) => count(b) - count(a) || a.localeCompare(b))[0]!;
}

async function takeTurn(member: Member, kind: TurnKind, run: TeamRun, clock: Clock): Promise<void> {
  const done = clock.busy();
  for (let isOpen = true; isOpen;) {
    if (kind === 'judge') showNews(member, run);
    const { signal } = new AbortController();
    const tools = [calculator.spec, tool('new_answer'), tool('vote')];
    const end = await endOf(member.provider, {
      messages: [...member.messages],
      tools,
      toolChoice: 'auto',
      purpose: kind,
      signal,
    });
    if (end.type === 'failed') throw new Error(end.error.message);
    note(run, clock, member.alias, kind, end.message);
    member.messages.push(end.message);
    if (end.message.calls.length === 0) {
      run.final = end.message.text;
      isOpen = false;
    }
    for (const call of end.message.calls) {
      const result =
        call.name === 'calculator'
          ? await calculator.execute(call.args!, { signal })
          : takeUp(call.args!, call.name, member, run);
      if (call.name !== 'calculator') isOpen = false;
      member.messages.push({ role: 'tool', callId: call.id, name: call.name, ...result });
    }
  }
  done();
}

function showNews(member: Member, run: TeamRun): void {
  const answers = currentAnswers(run.answers);
  const seen = answers.map((answer) => answer.label).join();
  if (seen === member.seen) return;
  const changed = answers.filter((answer) => !member.seen.split(',').includes(answer.label));
  const isCapped = run.answers.filter((answer) => answer.alias === member.alias).length >= 2;
  const closing = isCapped ? 'You have handed in all the answers you may.' : '';
  member.messages.push({ role: 'user', text: `Answers:\n\n${fenceAnswers(changed, 'f1')}\n\n${closing}` });
  member.seen = seen;
}

function takeUp(args: JsonObject, name: string, member: Member, run: TeamRun): { output: string; isError: boolean } {
  if (name === 'new_answer') {
    const version = run.answers.filter((answer) => answer.alias === member.alias).length + 1;
    run.answers.push({
      alias: member.alias,
      label: `${member.alias}.${version}`,
      text: String(args['content'] as string),
    });
    run.votes = [];
    return { output: 'Recorded.', isError: false };
  }
  const isStale =
    member.seen !==
    currentAnswers(run.answers)
      .map((answer) => answer.label)
      .join();
  const { agent_id: choice, ranking, reason } = args as { agent_id: string; ranking: string[]; reason: string };
  if (!isStale) run.votes.push({ voter: member.alias, choice, ranking, reason });
  return { output: 'Recorded.', isError: false };
}

function note(run: TeamRun, clock: Clock, alias: string, kind: TurnKind, message: AssistantMessage): void {
  const say = (what: string, text: string): void =>
    void run.transcript.push(`${(clock.now() / 1000).toFixed(1)} ${alias} ${kind} ${what}: ${text}`);
  if (message.reasoning) say('thinks', message.reasoning);
  if (message.text) say('says', message.text);
  for (const call of message.calls) say('calls', `${call.name} ${call.rawArgs}`);
}
