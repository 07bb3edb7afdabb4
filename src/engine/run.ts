import { answerAside, noAside, type AsideAnswer } from '../agents/answer-aside.ts';
import { lendModel } from '../agents/lend-model.ts';
import { fenceNotes } from '../agents/project-prompt.ts';
import { runTurn } from '../agents/run-turn.ts';
import type { TurnContext } from '../agents/turn-context.ts';
import { goesOn, unfinishedTurns, type UnfinishedTurn } from '../agents/unfinished-turn.ts';
import { applyEvent, isOver } from '../coordination/apply.ts';
import { mayFollowEnd } from '../coordination/hooks.ts';
import { decide, type Effect } from '../coordination/decide.ts';
import { cutCalls } from '../coordination/open-turn.ts';
import { settleFailure } from '../coordination/settle.ts';
import { commandEvents } from '../coordination/step-in.ts';
import type { RunState } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import {
  isDelta,
  type Alias,
  type EventData,
  type EventDraft,
  type InputFile,
  type Preparation,
  type RunEvent,
} from '../events/event.ts';
import type { Message } from '../events/message.ts';
import { Conversation } from '../events/projections/conversation.ts';
import { seededRandom } from '../events/random.ts';
import type { Command, RunHandle } from '../events/run-handle.ts';
import { DEFAULT_SETTINGS } from '../events/settings.ts';
import { messageOf } from '../platform/errors.ts';
import { CircuitBreaker } from '../providers/limits/circuit-breaker.ts';
import { RateLimiter } from '../providers/limits/rate-limiter.ts';
import { RequestGate } from '../providers/limits/request-gate.ts';
import type { LentRequest } from '../tools/asks.ts';
import type { HostFiles } from '../tools/tool-host.ts';
import { withToolSearch } from '../tools/tool-search.ts';
import type { Tool } from '../tools/tool.ts';
import { actionsFor } from './action-desk.ts';
import type { AgentModel } from './agent-model.ts';
import { AskDesk, type Loan } from './ask-desk.ts';
import { changeFiles, decidedByPolicy } from './change-files.ts';
import { EventFeed } from './event-feed.ts';
import { RemoteDesk } from './remote-desk.ts';
import { lateReplies } from './late-replies.ts';
import { createNestedCount } from './nested-runs.ts';
import type { PartAsks } from './part-asks.ts';
import { riskFor } from './risk-desk.ts';
import { runTools } from './run-tools.ts';
import { readsPicturesOfTools } from '../config/model-traits.ts';
import { createFileStore, readSavedFile } from './received-files.ts';
import type { RunOptions } from './run-options.ts';
import { runPreparation } from './run-preparation.ts';
import { Seats } from './seats.ts';
import { spentMs } from './spent-time.ts';
import { SubagentDesk } from './subagent-desk.ts';
import { watchRun } from './watch-run.ts';
import { watchTurn } from './watch-turn.ts';

/**
 * The shell around `decide`: records events, runs what follows from them, and feeds what happens back as events. The
 * state changes the moment an event is recorded, so decisions are made one after the other; whatever reaches out of
 * the process (a model call, a tool, a listener) waits until the events before it are on disk.
 */
export class Run implements RunHandle {
  readonly id: string;
  readonly dir: string;
  readonly ended: Promise<void>;
  readonly #options: RunOptions;
  readonly #feed = new EventFeed();
  readonly #conversations = new Map<Alias, Conversation>();
  readonly #gate: RequestGate;
  readonly #seats: Seats;
  readonly #turns = new Map<string, AbortController>();
  /** Aborted when the run is over. */
  readonly #preparing = new AbortController();
  readonly #working = new Set<Promise<void>>();
  readonly #end = Promise.withResolvers<void>();
  /** Has an agent pay for the runs that its tools have started. */
  readonly #countNested: (alias: Alias) => Promise<void>;
  #asks: AskDesk;
  readonly #parts: SubagentDesk | null;
  #unfinished = new Map<Alias, UnfinishedTurn>();
  #inputs: readonly InputFile[] = [];
  readonly #remote: RemoteDesk;
  #state: RunState | null = null;
  #isAdvancing = false;
  /** Ways to stop the clocks of the run as a whole. */
  readonly #timers: (() => void)[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
    this.#gate = options.gate ?? new RequestGate(new RateLimiter({}, null), new CircuitBreaker());
    this.#seats = new Seats(options, {
      gate: this.#gate,
      switchesOf: (alias) => agentOf(this.#current(), alias).switches,
      record: (...drafts) => this.#record(...drafts),
    });
    this.id = options.log.runId;
    this.dir = options.log.dir;
    this.ended = this.#end.promise;
    this.#remote = options.remote ?? new RemoteDesk({ dir: this.dir, clock: options.clock });
    this.#asks = this.#openDesk([]);
    this.#countNested = createNestedCount({
      runDir: this.dir,
      state: () => this.#current(),
      record: (...events) => this.#record(...events),
    });
    this.#parts = this.#openParts();
    // Whoever cares awaits `ended`; a program that only listens must not be stopped by an unhandled rejection.
    this.ended.catch(() => undefined);
  }

  /** Records `run.started`; everything else follows from it. */
  begin(data: EventData['run.started']): void {
    this.#prepare(data, 0);
    this.#recordOrStop({ type: 'run.started', data });
  }

  /**
   * Goes on from the events of an adopted log, after a crash or a cancel. Turns that were cut off go on with the
   * conversation as the log has it; what was answered, voted and paid for stays. A run that is over stays over.
   */
  resume(events: readonly RunEvent[]): void {
    const [first] = events;
    if (first?.type !== 'run.started') throw new Error('a log begins with run.started');
    this.#prepare(first.data, spentMs(events));
    this.#unfinished = unfinishedTurns(events);
    this.#asks = this.#openDesk(events);
    for (const event of events) {
      this.#fold(event);
      this.#asks.settle(event);
      this.#feed.publish(event);
    }
    if (isOver(this.#current())) this.#close().then(this.#end.resolve, this.#end.reject);
    else {
      const { changes } = this.#current();
      const isAttended = this.#options.isAttended ?? false;
      // Whoever was to look at them then may not be there now.
      const decided = changes?.state === 'proposed' ? decidedByPolicy(changes, this.#current(), isAttended) : [];
      this.#advance(() => {
        this.#recordOrStop({ type: 'run.resumed', data: { epoch: this.#options.log.epoch } }, ...decided);
        // Calls that went on where a run branched off are the other run's.
        if (first.data.parent?.seq !== events.length) this.#recordOrStop(...cutCalls(this.#current()));
        for (const turn of lateReplies(this.#current(), this.#unfinished)) this.#startTurn(turn);
      });
    }
  }

  #prepare({ agents, settings, inputs = [] }: EventData['run.started'], spent: number): void {
    const { clock } = this.#options;
    this.#inputs = inputs;
    for (const { alias } of agents) this.#conversations.set(alias, new Conversation(alias));
    const rules = { ...DEFAULT_SETTINGS, ...settings };
    this.#timers.push(watchRun(clock, rules, spent, (event) => this.#recordOrStop(event)));
  }

  #openDesk(left: readonly RunEvent[]): AskDesk {
    const { clock, above, isAttended = above?.isAttended ?? false } = this.#options;
    return new AskDesk(
      {
        clock,
        wallClock: this.#options.wallClock ?? clock,
        isAttended,
        ...(above && { above }),
        record: (...events) => this.#record(...events),
        askAgent: (alias, asked, by, signal) => this.#answerAside(alias, asked, by, signal),
        lendModel: (alias, request, question, signal) => this.#lendModel(alias, request, question, signal),
      },
      left,
    );
  }

  #openParts(): SubagentDesk | null {
    const { partMaker: maker, clock } = this.#options;
    if (!maker) return null;
    const record = (...events: EventDraft[]): Promise<void> => this.#record(...events);
    return new SubagentDesk({ clock, runDir: this.dir, state: () => this.#current(), record, maker });
  }

  /** A copy of the agent answers; its own turn goes on, or has not begun. Never rejects. */
  async #answerAside(
    alias: Alias,
    asked: EventData['question.asked'],
    by: Alias,
    signal: AbortSignal,
  ): Promise<AsideAnswer> {
    const spec = this.#options.agents.get(alias);
    if (!spec) return noAside('The team no longer has this agent.');
    const model = this.#seats.modelOf(alias, spec);
    const trouble = await model.connect().then(() => null, messageOf);
    if (trouble !== null) return noAside(trouble);
    const host = await this.#seats.hostOf(alias, spec);
    const parts = this.#parts?.forTurn({ alias, spec, workspace: null }).tools ?? [];
    const own = [...this.#runTools(alias), ...parts];
    const all = [...(host instanceof Error ? [] : host.tools()), ...own].map((tool) => tool.spec);
    const tools = all.filter((spec) => spec.isCodeOnly !== true);
    const { clock, seed } = this.#options;
    const state = (): RunState => this.#current();
    const conversation = (): Message[] => this.#conversations.get(alias)?.messages() ?? [];
    const random = seededRandom(`${seed}/aside/${asked.question}/${alias}`);
    const admit: TurnContext['admit'] = (estimate) => model.admit(estimate, clock.now());
    const { provider, backend } = model;
    const line = { provider, retry: backend.retry, admit, clock, random, signal };
    const loadInputs = this.#inputsOf(spec.id, model);
    return answerAside({ ...line, alias, tools, state, conversation, loadInputs }, by, asked.text);
  }

  /** For a server of an agent that is at work with it. Never rejects. */
  async #lendModel(alias: Alias, request: LentRequest, question: string, signal: AbortSignal): Promise<Loan> {
    const spec = this.#options.agents.get(alias);
    if (!spec) return { answer: noAside('The team no longer has this agent.'), model: '' };
    const model = this.#seats.modelOf(alias, spec);
    const trouble = await model.connect().then(() => null, messageOf);
    if (trouble !== null) return { answer: noAside(trouble), model: '' };
    const { clock, seed } = this.#options;
    const { provider, backend } = model;
    const admit: TurnContext['admit'] = (estimate) => model.admit(estimate, clock.now());
    const random = seededRandom(`${seed}/lent/${question}`);
    const line = { provider, retry: backend.retry, admit, clock, random, signal };
    const answer = await lendModel({ ...line, alias, state: () => this.#current() }, request);
    return { answer, model: backend.model };
  }

  #runTools(alias: Alias): Tool[] {
    return runTools(
      alias,
      () => this.#current(),
      (...events) => this.#record(...events),
    );
  }

  #fold(event: RunEvent): void {
    this.#state = applyEvent(this.#state, event);
    for (const conversation of this.#conversations.values()) conversation.apply(event);
  }

  subscribe(listener: (event: RunEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  send(command: Command): void {
    if (!this.#state) return;
    const events = commandEvents(this.#state, command, `message-${this.#state.notes.length + 1}`);
    if (events.length > 0) this.#recordOrStop(...events);
  }

  #current(): RunState {
    if (!this.#state) throw new Error('the run has not begun');
    return this.#state;
  }

  /** See TurnContext.record. */
  async #record(...drafts: EventDraft[]): Promise<void> {
    const written: Promise<void>[] = [];
    for (const draft of drafts.flatMap((each) => this.#withHeldText(each))) {
      if (this.#state?.end && !mayFollowEnd(draft)) continue;
      if (draft.type === 'attempt.started') this.#options.log.beginAttempt(draft.data.attempt);
      const { event, committed } = this.#options.log.append(draft);
      this.#fold(event);
      written.push(committed.then(() => this.#deliver(event)));
    }
    if (drafts.some((draft) => !isDelta(draft))) this.#advance();
    await Promise.all(written);
  }

  #withHeldText(draft: EventDraft): EventDraft[] {
    const isEnd = draft.type === 'request.finished' || draft.type === 'request.failed';
    return isEnd ? [...this.#options.log.releaseHeld(draft.data.request), draft] : [draft];
  }

  #recordOrStop(...drafts: EventDraft[]): void {
    this.#record(...drafts).catch((error: unknown) => this.#stop(error));
  }

  #deliver(event: RunEvent): void {
    this.#feed.publish(event);
    this.#asks.settle(event);
    if (event.type !== 'run.finished') return;
    const told = this.#options.atEnd?.(this.#current()).then((drafts) => this.#record(...drafts));
    Promise.resolve(told)
      .finally(() => this.#close())
      .then(this.#end.resolve, this.#end.reject);
  }

  /** The log cannot be written: nothing may go on, and whoever waits for the end is told why. */
  #stop(error: unknown): void {
    for (const controller of this.#turns.values()) controller.abort(error);
    this.#end.reject(error);
    this.#close().catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.#preparing.abort(new Error('The run is over.'));
    for (const stop of this.#timers) stop();
    await Promise.allSettled(this.#working);
    await this.#remote.close();
    await this.#seats.close();
    await this.#options.changes?.close(this.#state !== null && isOver(this.#state));
    await this.#gate.settled();
    await this.#options.log.close();
  }

  /** Does what is decided, until nothing is any more; what is done `first` is done before anything is decided. */
  #advance(first?: () => void): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      first?.();
      for (let effect = decide(this.#current()); effect; effect = decide(this.#current())) this.#perform(effect);
    } finally {
      this.#isAdvancing = false;
    }
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'record':
        return this.#recordOrStop(effect.event);
      case 'interrupt-turn':
        this.#recordOrStop({ type: 'turn.interrupted', agent: effect.alias, data: { turn: effect.turn } });
        this.#turns.get(effect.turn)?.abort(new Error('The turn was interrupted.'));
        return;
      case 'prepare':
        return this.#startPreparation(effect.what);
      case 'start-turn':
        return this.#startTurn(effect);
      case 'change-files':
        return this.#startChange(effect.step);
    }
  }

  #startChange(step: 'propose' | 'apply'): void {
    const { clock, changes, isAttended = false } = this.#options;
    const release = clock.busy();
    const work = this.#record({ type: 'changes.begun', data: { step } })
      .then(() => changeFiles(changes, step, () => this.#current(), isAttended))
      .then((drafts) => this.#record(...drafts))
      .catch((error: unknown) => this.#stop(error))
      .finally(() => {
        this.#working.delete(work);
        release();
      });
    this.#working.add(work);
  }

  #startPreparation(what: Preparation): void {
    const release = this.#options.clock.busy();
    const work = this.#record({ type: 'preparation.started', data: { what } })
      .then(() => {
        const deps = { options: this.#options, gate: this.#gate, signal: this.#preparing.signal };
        return runPreparation(deps, this.#current(), what);
      })
      .then((data) => this.#record({ type: 'preparation.finished', data }))
      .catch((error: unknown) => this.#stop(error))
      .finally(() => {
        this.#working.delete(work);
        release();
      });
    this.#working.add(work);
  }

  #startTurn({ alias, kind, view }: Extract<Effect, { do: 'start-turn' }>): void {
    const turn = `${alias}-turn${agentOf(this.#current(), alias).turns + 1}`;
    const controller = new AbortController();
    this.#turns.set(turn, controller);
    const release = this.#options.clock.busy();
    this.#recordOrStop({ type: 'turn.started', agent: alias, data: { turn, kind, view } });
    const record = (event: EventDraft): void => this.#recordOrStop(event);
    const watched = { clock: this.#options.clock, state: this.#current(), record };
    const stopWatching = watchTurn(watched, { alias, turn, kind });
    const left = this.#unfinished.get(alias);
    this.#unfinished.delete(alias);
    const unfinished = left && goesOn(left, kind, view) ? left : null;
    const work = this.#runTurn({ alias, turn, kind, unfinished, signal: controller.signal })
      .catch((error: unknown) => this.#stop(error))
      .finally(() => {
        stopWatching();
        this.#turns.delete(turn);
        this.#working.delete(work);
        release();
      });
    this.#working.add(work);
  }

  async #runTurn(begun: Pick<TurnContext, 'alias' | 'turn' | 'kind' | 'unfinished' | 'signal'>): Promise<void> {
    const { alias, turn } = begun;
    const spec = this.#options.agents.get(alias);
    if (!spec)
      return this.#record(
        ...settleFailure(this.#current(), alias, {
          kind: 'bad-request',
          message: 'The team no longer has this agent.',
        }),
      );
    const model = this.#seats.modelOf(alias, spec);
    const trouble = await model.connect().then(() => null, messageOf);
    if (trouble !== null) {
      return this.#record(...settleFailure(this.#current(), alias, { kind: 'bad-request', message: trouble }));
    }
    const host = await this.#seats.hostOf(alias, spec);
    if (host instanceof Error) {
      return this.#record(...settleFailure(this.#current(), alias, { kind: 'bad-request', message: host.message }));
    }
    if (begun.kind === 'present') await this.#giveBack(alias, turn, host.files);
    const asksOf = (subagent: string): PartAsks => this.#asks.forPart(alias, turn, subagent);
    const parts = this.#parts?.forTurn({ alias, spec, workspace: host.files?.workspace ?? null, asksOf });
    if (begun.unfinished) parts?.goOn();
    else await parts?.close();
    const own = (): Tool[] => [...this.#runTools(alias), ...(parts?.tools ?? [])];
    const actions = actionsFor(alias, turn, this.#current.bind(this), this.#record.bind(this));
    const deps = { ...this.#options, gate: this.#gate, record: this.#record.bind(this) };
    const risk = riskFor(deps, spec, alias, turn);
    const asks = { ...this.#asks.forTurn(alias, turn), ...actions, ...risk };
    await runTurn({
      ...begun,
      briefing: {
        systemMessage: spec.systemMessage,
        notes: host.notes,
        ...(host.skills !== undefined && { skills: host.skills }),
        project: fenceNotes(this.#options.project ?? null, this.#current().session ?? this.#options.seed),
        ...(spec.sensitivity && { sensitivity: spec.sensitivity }),
      },
      get provider() {
        return model.provider;
      },
      get retry() {
        return model.backend.retry;
      },
      admit: (estimate) => model.admit(estimate, this.#options.clock.now()),
      switchModel: () => model.switchModel(),
      get tools() {
        return withToolSearch([...host.tools(), ...own()]);
      },
      toolsAtOnce: spec.toolsAtOnce,
      rules: host.rules,
      asks: {
        ...asks,
        close: async () => {
          await Promise.all([asks.close(), parts?.close()]);
          await this.#countNested(alias);
        },
      },
      countNested: () => this.#countNested(alias),
      files: host.files,
      ...(host.hooks && { hooks: host.hooks }),
      saveFile: createFileStore(this.dir, turn),
      loadInputs: this.#inputsOf(spec.id, model),
      loadPicture: async (path) => (readsPicturesOfTools(model.backend.model) ? readSavedFile(this.dir, path) : null),
      clock: this.#options.clock,
      random: seededRandom(`${this.#options.seed}/turn/${turn}`),
      state: () => this.#current(),
      conversation: () => this.#conversations.get(alias)?.messages() ?? [],
      record: (...events) => this.#record(...events),
    });
  }

  #inputsOf(id: string, model: AgentModel): TurnContext['loadInputs'] {
    if (this.#inputs.length === 0) return undefined;
    return () => {
      const { backend, provider } = model;
      return this.#remote.load(this.#inputs, { id, backend, provider }, this.#preparing.signal);
    };
  }

  /** The winner gets the files of its winning answer back, whatever it did with them while judging. */
  async #giveBack(alias: Alias, turn: string, files: HostFiles | null): Promise<void> {
    const label = this.#current().winner?.label;
    if (!files || label === undefined) return;
    const problem = await files.restoreSnapshot(label);
    await this.#record({ type: 'snapshot.restored', agent: alias, data: { turn, label, problem } });
  }
}
