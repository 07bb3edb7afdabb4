import type { AsideAnswer } from '../agents/answer-aside.ts';
import type { TurnAsks } from '../agents/turn-context.ts';
import { wordsOf } from '../coordination/remembered.ts';
import type { Alias, EventData, EventDraft, Respondent, RunEvent } from '../events/event.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import { attendPerson, lendTime } from '../platform/lend-time.ts';
import {
  NOBODY_THERE,
  type ApprovalRequest,
  type Decision,
  type LentAnswer,
  type LentRequest,
  type Question,
} from '../tools/asks.ts';
import type { PartAsks, Ruling } from './part-asks.ts';

type Asked = EventData['question.asked'];
type Answered = EventData['question.answered'];

export interface AskDeskOptions {
  /** The run's clock, which may be paced; agents answer in its time. */
  clock: Clock;
  /** The wall clock, in whose time the user answers; the run's if left out. */
  wallClock?: Clock;
  /** Whether a user, or a program in place of one, answers. If not, what would be asked of them is declined at once. */
  isAttended: boolean;
  /** In a run that works on a part: the way to the user, by the desk of the agent that it works for. Absent is the user's own. */
  above?: PartAsks;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
  /** Lets an agent answer beside its own work; ends soon after the signal. Never rejects. Absent where agents cannot be asked. */
  askAgent?: (asked: Alias, question: Asked, by: Alias, signal: AbortSignal) => Promise<AsideAnswer>;
  /** Has an agent's model answer a server, and tells which model it was. Never rejects. Absent where there is none. */
  lendModel?: (agent: Alias, request: LentRequest, question: string, signal: AbortSignal) => Promise<Loan>;
}

export interface Loan {
  answer: AsideAnswer;
  model: string;
}

/** One turn of an agent, with the questions of it that are open. */
interface Seat {
  agent: Alias;
  turn: string;
  stop: AbortController;
  open: Set<Promise<unknown>>;
}

/** Events that take a name of this desk's. */
const ASKS: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'approval.requested',
  'approval.decided',
  'question.asked',
]);

/** Where the calls of one run wait for decisions and answers. */
export class AskDesk {
  readonly #options: AskDeskOptions;
  readonly #decisions = new Map<string, (decision: Decision) => void>();
  readonly #answers = new Map<string, (answer: Answered) => void>();
  /** Questions to the user that are open, by their words: the same one is asked once, for all who want to know. */
  readonly #toUser = new Map<string, Promise<Answered[]>>();
  /** Requests that are open, by what they are about: the same one is asked once, and one word may settle all of them. */
  readonly #toDecide = new Map<string, Promise<Decision>>();
  /** Calls that may not be made without a word of somebody, by agent and id, until they are made. */
  readonly #held = new Set<string>();
  /** What was decided about them before a crash, and for what. */
  readonly #before = new Map<string, EventData['approval.decided']>();
  /** What the user has decided for longer than once, by what it is about. */
  readonly #remembered = new Map<string, Decision>();
  #count: number;

  /** `left` are the events that the log of a resumed run holds already; each of them is told to `settle` as well. */
  constructor(options: AskDeskOptions, left: readonly RunEvent[] = []) {
    this.#options = options;
    // Names stay unique.
    this.#count = left.filter(({ type }) => ASKS.has(type)).length;
    for (const { agent = '', type, data } of left) {
      if (type === 'approval.decided' && isOwn(data) && data.request !== null)
        this.#before.set(nameOf(agent, data.callId), data);
    }
  }

  /** Told about every event once it is on disk. */
  settle(event: RunEvent): void {
    const { agent = '' } = event;
    if (event.type === 'risk.judged' || (event.type === 'approval.requested' && isOwn(event.data))) {
      this.#held.add(nameOf(agent, event.data.callId));
    }
    if (event.type === 'tool.released' || event.type === 'tool.finished') {
      this.#held.delete(nameOf(agent, event.data.callId));
      this.#before.delete(nameOf(agent, event.data.callId));
    }
    if (event.type === 'approval.decided' && event.data.request !== null && event.data.scope !== 'once') {
      const { action, target, isAllowed, scope, reason } = event.data;
      this.#remembered.set(nameOf(action, target), { isAllowed, scope, reason });
    }
    if (event.type === 'approval.decided' && event.data.request !== null) {
      this.#decisions.get(event.data.request)?.(event.data);
      this.#decisions.delete(event.data.request);
    }
    if (event.type === 'question.answered') {
      const key = nameOf(event.data.question, event.data.by);
      this.#answers.get(key)?.(event.data);
      this.#answers.delete(key);
    }
  }

  /** The way of one turn to this desk. */
  forTurn(agent: Alias, turn: string): TurnAsks {
    const { record } = this.#options;
    const seat: Seat = { agent, turn, stop: new AbortController(), open: new Set() };
    return {
      isAttended: this.#options.isAttended,
      remembered: (action, target) => this.#recall(action, target),
      approve: (request, signal) => this.#approve(agent, turn, request, signal),
      decidedBefore: ({ callId, action, target }) => {
        const said = this.#before.get(nameOf(agent, callId));
        return said?.action === action && said.target === target ? said : null;
      },
      release: async (callId) => {
        if (this.#held.has(nameOf(agent, callId)))
          await record({ type: 'tool.released', agent, data: { turn, callId } });
      },
      noteDecision: (call) => record({ type: 'approval.decided', agent, data: { ...call, turn, request: null } }),
      noteHook: (report) => record({ type: 'hook.finished', agent, data: { ...report, turn } }),
      ask: (question, signal) => this.#ask(seat, question, signal),
      lendModel: (server, request, signal) => {
        const work = this.#lend(seat, server, request, AbortSignal.any([signal, seat.stop.signal]));
        const leave = (): void => void seat.open.delete(work);
        seat.open.add(work);
        work.then(leave, leave);
        return work;
      },
      close: async () => {
        seat.stop.abort(new Error('The turn is over.'));
        await Promise.allSettled(seat.open);
      },
    };
  }

  /** The way to this desk of a run that works on a part for the agent in that turn. */
  forPart(agent: Alias, turn: string, subagent: string): PartAsks {
    const seat: Seat = { agent, turn, stop: new AbortController(), open: new Set() };
    return {
      isAttended: this.#options.isAttended,
      remembered: (action, target) => this.#recall(action, target),
      approve: async (request, signal) => {
        const said = await this.#approve(agent, turn, { ...request, subagent }, signal);
        const { isAllowed, scope, reason, by = 'policy', edited } = said;
        return { isAllowed, scope, reason, by, ...(edited !== undefined && { edited }) };
      },
      ask: async (posed, signal) => {
        const { question, turn: _, isDetached: _isDetached, ...asked } = posed;
        const [answer] = await this.#ask(seat, { ...asked, to: ['user'], subagent }, signal);
        return { ...noAnswer(question, 'user'), ...INTERRUPTED, ...answer, question };
      },
    };
  }

  /** What was decided in the run above counts in that of a part, too. */
  #recall(action: string, target: string): Decision | null {
    const { above } = this.#options;
    return this.#remembered.get(nameOf(action, target)) ?? above?.remembered(action, target) ?? null;
  }

  async #approve(
    agent: Alias,
    turn: string,
    asked: ApprovalRequest,
    signal: AbortSignal,
  ): Promise<Decision & Partial<Ruling>> {
    const { record, isAttended, clock } = this.#options;
    const { detail: _, diff: _diff, editable: _editable, ...call } = asked;
    if (!isAttended) {
      const denial = { isAllowed: false, scope: 'once' as const, reason: NOBODY_THERE };
      await record({
        type: 'approval.decided',
        agent,
        data: { ...call, turn, request: null, ...denial, by: 'policy' },
      });
      return denial;
    }
    if (signal.aborted) return DENIED_BY_INTERRUPTION;
    const about = nameOf(asked.action, asked.target);
    for (let same = this.#toDecide.get(about); same; same = this.#toDecide.get(about)) {
      const said = await attendPerson(clock, Promise.race([same, whenAborted(signal, DENIED_BY_INTERRUPTION)]));
      if (signal.aborted) return DENIED_BY_INTERRUPTION;
      if (said.scope !== 'once') {
        const { isAllowed, scope, reason } = said;
        const ruled = { isAllowed, scope, reason, by: 'rule' as const };
        await record({ type: 'approval.decided', agent, data: { ...call, turn, request: null, ...ruled } });
        return ruled;
      }
      if (this.#toDecide.get(about) === same) break;
    }
    const work = this.#waitForDecision(agent, turn, asked, signal);
    this.#toDecide.set(about, work);
    const leave = (): void => {
      if (this.#toDecide.get(about) === work) this.#toDecide.delete(about);
    };
    work.then(leave, leave);
    return work;
  }

  async #waitForDecision(agent: Alias, turn: string, asked: ApprovalRequest, signal: AbortSignal): Promise<Decision> {
    const { above, record, clock } = this.#options;
    const request = `approval-${++this.#count}`;
    const { detail: _, diff: _diff, editable: _editable, ...call } = asked;
    const decide = (ruling: Ruling): Promise<void> =>
      record({ type: 'approval.decided', agent, data: { ...call, turn, request, ...ruling } });
    const asking: EventDraft = { type: 'approval.requested', agent, data: { ...asked, turn, request } };
    if (above) {
      await record(asking);
      const ruling = await above.approve(asked, signal);
      if (!signal.aborted) await decide(ruling);
      return ruling;
    }
    const decided = new Promise<Decision>((resolve) => this.#decisions.set(request, resolve));
    await record(asking);
    const said = await attendPerson(clock, Promise.race([decided, whenAborted(signal, DENIED_BY_INTERRUPTION)]));
    // The agent may go on without its subagent: nobody is to be asked for that one any longer.
    const isLeft = signal.aborted && this.#decisions.delete(request);
    if (isLeft && !isOwn(asked)) await decide({ ...DENIED_BY_INTERRUPTION, by: 'policy' });
    return said;
  }

  async #ask(seat: Seat, asked: Question, signal: AbortSignal): Promise<Answered[]> {
    const { clock } = this.#options;
    const isToUser = asked.to.includes('user');
    const words = wordsOf(asked.text);
    for (let same = this.#toUser.get(words); isToUser && same; same = this.#toUser.get(words)) {
      const answers = await attendPerson(clock, Promise.race([same, whenAborted(signal, null)]));
      if (answers === null) return asked.to.map((by) => ({ ...noAnswer('', by), ...INTERRUPTED }));
      // If whoever asked first was interrupted, it is this turn's to ask.
      if (answers.some(({ reason }) => reason !== INTERRUPTED.reason)) return answers;
      if (this.#toUser.get(words) === same) break;
    }
    const work = this.#pose(seat, asked, signal);
    if (isToUser) this.#toUser.set(words, work);
    const leave = (): void => {
      seat.open.delete(work);
      if (this.#toUser.get(words) === work) this.#toUser.delete(words);
    };
    seat.open.add(work);
    work.then(leave, leave);
    if (asked.isDetached) return [];
    if (isToUser) return work;
    // Agents answer in the run's own time: a turn that waits for them is not at work.
    return lendTime(clock, work);
  }

  /** What the model used is paid for, whether anybody still waits or not; so the end of its call is waited for. */
  async #lend(seat: Seat, server: string, request: LentRequest, signal: AbortSignal): Promise<LentAnswer> {
    const { lendModel, record } = this.#options;
    if (!lendModel) return { refused: 'There is no model that could be asked.' };
    const { agent, turn } = seat;
    const question = `question-${++this.#count}`;
    const text = `The MCP server ${server} asks the model: ${request.messages.at(-1)?.text ?? ''}`;
    const asked = { to: [agent], text, options: [], isMultiple: false, allowsText: true, timeoutMs: null };
    await record({ type: 'question.asked', agent, data: { ...asked, question, turn, server } });
    const { answer, model } = await lendModel(agent, request, question, signal);
    await this.#give(agent, { question, by: agent, ...answer });
    return answer.outcome === 'answered' ? { text: answer.text, model } : { refused: answer.reason };
  }

  #pose(seat: Seat, asked: Question, signal: AbortSignal): Promise<Answered[]> {
    const data: Asked = { ...asked, question: `question-${++this.#count}`, turn: seat.turn };
    return this.#collect(seat, data, AbortSignal.any([signal, seat.stop.signal]));
  }

  async #collect(seat: Seat, data: Asked, signal: AbortSignal): Promise<Answered[]> {
    const { above, clock, wallClock = clock, record } = this.#options;
    const { question, to, timeoutMs } = data;
    const late = new AbortController();
    const end = AbortSignal.any([signal, late.signal]);
    // A copy of an agent is at work; the user is not.
    const releases = to.map((by) => (by === 'user' ? () => undefined : clock.busy()));
    let stopTimer: (() => void) | null = null;
    try {
      const waiting = to.map(
        (by) => new Promise<Answered>((resolve) => this.#answers.set(nameOf(question, by), resolve)),
      );
      await record({ type: 'question.asked', agent: seat.agent, data });
      // The desk above watches the time of what it is asked.
      if (timeoutMs !== null && !(above && to.includes('user'))) {
        const timer = to.includes('user') ? wallClock : clock;
        stopTimer = timer.after(timeoutMs, () => late.abort(new Error('The time for an answer is over.')));
      }
      const answers = to.map(async (by, index) => {
        const given = waiting[index] ?? Promise.reject(new Error('nobody was asked'));
        const answer = await (by === 'user'
          ? this.#fromUser(seat, data, given, end, late.signal)
          : this.#fromAgent(seat, data, by, end, late.signal));
        releases[index]?.();
        return answer;
      });
      return await Promise.all(answers);
    } finally {
      stopTimer?.();
      for (const release of releases) release();
      for (const by of to) this.#answers.delete(nameOf(question, by));
    }
  }

  /** The user's answer arrives as a command, which is recorded as it comes. */
  async #fromUser(
    seat: Seat,
    asked: Asked,
    given: Promise<Answered>,
    end: AbortSignal,
    late: AbortSignal,
  ): Promise<Answered> {
    const { question, isDetached } = asked;
    const { above } = this.#options;
    const none = { ...noAnswer(question, 'user'), ...INTERRUPTED };
    if (!this.#options.isAttended) return this.#give(seat.agent, { ...none, through: 'policy', reason: NOBODY_THERE });
    if (above) {
      const answer = await above.ask(asked, end);
      return end.aborted ? none : this.#give(seat.agent, answer);
    }
    const waiting = Promise.race([given, whenAborted(end, null)]);
    // An agent that went on is at work meanwhile.
    const answer = await (isDetached ? waiting : attendPerson(this.#options.clock, waiting));
    if (answer) return answer;
    if (late.aborted) return this.#give(seat.agent, { ...none, ...TOO_LATE });
    // The agent may go on without its subagent: nobody is to be asked for that one any longer.
    return isOwn(asked) ? none : this.#give(seat.agent, { ...none, through: 'policy' });
  }

  /** What its model used is paid for, whether it was in time or not; so the end of its call is waited for. */
  async #fromAgent(seat: Seat, data: Asked, by: Alias, end: AbortSignal, late: AbortSignal): Promise<Answered> {
    const { askAgent } = this.#options;
    const { question } = data;
    if (!askAgent) return this.#give(seat.agent, { ...noAnswer(question, by), reason: `${by} cannot be asked.` });
    const answer = { question, by, ...(await askAgent(by, data, seat.agent, end)) };
    const isLate = late.aborted && answer.outcome !== 'answered';
    return this.#give(seat.agent, isLate ? { ...answer, ...TOO_LATE } : answer);
  }

  async #give(agent: Alias, data: Answered): Promise<Answered> {
    await this.#options.record({ type: 'question.answered', agent, data });
    return data;
  }
}

const DENIED_BY_INTERRUPTION: Decision = {
  isAllowed: false,
  scope: 'once',
  reason: 'The turn was interrupted before anybody decided.',
};

const INTERRUPTED = { outcome: 'declined' as const, reason: DENIED_BY_INTERRUPTION.reason };
const TOO_LATE = { outcome: 'timed-out' as const, reason: 'No answer came in time.' };

function noAnswer(question: string, by: Respondent): Answered {
  return { question, by, outcome: 'declined', choices: [], text: '', reason: '', usage: NO_USAGE, costUsd: 0 };
}

/** Whether the agent itself asks, and none that works for it: the ids of those calls are of another log. */
function isOwn({ subagent }: { subagent?: string }): boolean {
  return subagent === undefined;
}

function nameOf(question: string, by: Respondent): string {
  return `${question}/${by}`;
}

function whenAborted<T>(signal: AbortSignal, value: T): Promise<T> {
  if (signal.aborted) return Promise.resolve(value);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(value), { once: true }));
}
