import type { Alias, EventData, EventDraft, Respondent, RunEvent } from '../events/event.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import {
  NOBODY_THERE,
  type Answer,
  type ApprovalRequest,
  type Asks,
  type Decision,
  type Question,
} from '../tools/asks.ts';

type Answered = EventData['question.answered'];

export interface AskDeskOptions {
  clock: Clock;
  /** Whether a user, or a program in place of one, answers. If not, what would be asked of them is declined at once. */
  isAttended: boolean;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
  /** Lets an agent answer beside its own work. Never rejects. Absent where agents cannot be asked. */
  askAgent?: (asked: Alias, question: EventData['question.asked'], by: Alias, signal: AbortSignal) => Promise<Answered>;
}

/** Where the calls of one run wait for decisions and answers. */
export class AskDesk {
  readonly #options: AskDeskOptions;
  readonly #decisions = new Map<string, (decision: Decision) => void>();
  readonly #answers = new Map<string, (answer: Answered) => void>();
  #count: number;

  /** `taken` is the number of asks that the log holds already, so that names stay unique in a resumed run. */
  constructor(options: AskDeskOptions, taken: number) {
    this.#options = options;
    this.#count = taken;
  }

  /** Told about every event once it is on disk. */
  settle(event: RunEvent): void {
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
  forTurn(agent: Alias, turn: string): Asks {
    const { record } = this.#options;
    return {
      approve: (request, signal) => this.#approve(agent, turn, request, signal),
      noteDecision: (call) => record({ type: 'approval.decided', agent, data: { ...call, turn, request: null } }),
      ask: (question, signal) => this.#ask(agent, turn, question, signal),
    };
  }

  async #approve(agent: Alias, turn: string, asked: ApprovalRequest, signal: AbortSignal): Promise<Decision> {
    const { record, isAttended } = this.#options;
    const { detail: _, diff: _diff, ...call } = asked;
    const request = `approval-${++this.#count}`;
    if (!isAttended) {
      const denial = { isAllowed: false, scope: 'once' as const, reason: NOBODY_THERE };
      await record({
        type: 'approval.decided',
        agent,
        data: { ...call, turn, request: null, ...denial, by: 'policy' },
      });
      return denial;
    }
    const decided = new Promise<Decision>((resolve) => this.#decisions.set(request, resolve));
    await record({ type: 'approval.requested', agent, data: { ...asked, turn, request } });
    return Promise.race([decided, whenAborted(signal, DENIED_BY_INTERRUPTION)]);
  }

  async #ask(agent: Alias, turn: string, asked: Question, signal: AbortSignal): Promise<Answer[]> {
    const question = `question-${++this.#count}`;
    const data: EventData['question.asked'] = { ...asked, question, turn };
    const answers = data.to.map(
      (by) => new Promise<Answered>((resolve) => this.#answers.set(nameOf(question, by), resolve)),
    );
    await this.#options.record({ type: 'question.asked', agent, data });
    const stop = new AbortController();
    const end = AbortSignal.any([signal, stop.signal]);
    for (const by of data.to) void this.#fetchAnswer(agent, by, data, end);
    const stopTimer =
      data.timeoutMs === null
        ? null
        : this.#options.clock.after(data.timeoutMs, () => {
            stop.abort(new Error('The time for an answer is over.'));
            for (const by of data.to)
              this.#give(agent, { ...noAnswer(question, by), outcome: 'timed-out', reason: 'No answer came in time.' });
          });
    try {
      const interrupted = whenAborted(signal, null);
      const given = await Promise.race([Promise.all(answers), interrupted]);
      return given ?? data.to.map((by) => ({ ...noAnswer(question, by), reason: DENIED_BY_INTERRUPTION.reason }));
    } finally {
      stopTimer?.();
      stop.abort();
      for (const by of data.to) this.#answers.delete(nameOf(question, by));
    }
  }

  /** Gets what does not come by itself; the user's answer arrives as a command. */
  async #fetchAnswer(
    agent: Alias,
    by: Respondent,
    asked: EventData['question.asked'],
    signal: AbortSignal,
  ): Promise<void> {
    const { isAttended, askAgent } = this.#options;
    if (by === 'user') {
      if (!isAttended) this.#give(agent, { ...noAnswer(asked.question, by), reason: NOBODY_THERE });
      return;
    }
    if (!askAgent) return this.#give(agent, { ...noAnswer(asked.question, by), reason: `${by} cannot be asked.` });
    this.#give(agent, await askAgent(by, asked, agent, signal));
  }

  /** Records an answer, unless there is one already. */
  #give(agent: Alias, data: Answered): void {
    if (!this.#answers.has(nameOf(data.question, data.by))) return;
    // A log that cannot be written stops the whole run.
    this.#options.record({ type: 'question.answered', agent, data }).catch(() => undefined);
  }
}

const DENIED_BY_INTERRUPTION: Decision = {
  isAllowed: false,
  scope: 'once',
  reason: 'The turn was interrupted before anybody decided.',
};

function noAnswer(question: string, by: Respondent): Answered {
  return { question, by, outcome: 'declined', choices: [], text: '', reason: '', usage: NO_USAGE, costUsd: 0 };
}

function nameOf(question: string, by: Respondent): string {
  return `${question}/${by}`;
}

function whenAborted<T>(signal: AbortSignal, value: T): Promise<T> {
  if (signal.aborted) return Promise.resolve(value);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(value), { once: true }));
}
