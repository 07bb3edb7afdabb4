import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentSpec } from '../config/team.ts';
import { allSubagents } from '../coordination/subagents.ts';
import type { RunState, Subagent } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { logPath } from '../runlog/files.ts';
import { lendTime } from '../platform/lend-time.ts';
import { subagentTools, type PartDesk, type PartResult, type PartTask } from '../tools/spawn-subagents.ts';
import type { Tool } from '../tools/tool.ts';
import { followSubagent, type SubagentEnd } from './follow-subagent.ts';
import type { PartAsks } from './part-asks.ts';
import { Places } from './places.ts';
import { leftForPart, settingsOfPart } from './subagent-limits.ts';

/** What a run for a part of an agent's work is made from. */
export interface SubagentOrder {
  name: string;
  alias: Alias;
  task: string;
  /** Of the run, absolute. It may hold a log already, of a run that was cut off. */
  dir: string;
  /** Whose part it is. */
  agent: AgentSpec;
  /** That agent's workspace, absolute; null where it has none. */
  workspace: string | null;
  settings: CoordinationSettings;
  /** Absent where nobody decides or answers. */
  asks?: PartAsks;
}

/** What runs of subagents come from. */
export interface PartMaker {
  /** Models of those who work on parts; null is that of the agent itself. */
  model: string | null;
  /** Begins the run, or goes on with the one in its folder. Rejects with a MassgenError. */
  open(order: SubagentOrder): Promise<RunHandle>;
}

export interface SubagentDeskOptions {
  clock: Clock;
  /** The run's folder, absolute. */
  runDir: string;
  state: () => RunState;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
  maker: PartMaker;
}

/** An agent that has others work for it. */
export interface Owner {
  alias: Alias;
  spec: AgentSpec;
  workspace: string | null;
  /** The way of one of them to whoever decides and answers for the agent in this turn; absent is nobody. */
  asksOf?: (subagent: string) => PartAsks;
}

/** What one turn of an agent has of this desk. */
export interface TurnParts {
  /** None in a run whose agents work alone. */
  tools: readonly Tool[];
  /** Goes on with those that worked in the background when the run was cut off. */
  goOn(): void;
  /** Stops those of the agent that still work. Resolves when all that they have used is on disk. Never rejects. */
  close(): Promise<void>;
}

interface Working {
  stop: AbortController;
  /** Never rejects. */
  done: Promise<void>;
}

/** Where the subagents of one run work: each in a run of its own, whose calls are counted in this one. */
export class SubagentDesk {
  readonly #options: SubagentDeskOptions;
  readonly #working = new Map<string, Working>();
  readonly #places = new Map<Alias, Places>();

  constructor(options: SubagentDeskOptions) {
    this.#options = options;
  }

  /** The way of one turn to this desk. */
  forTurn(owner: Owner): TurnParts {
    const { alias } = owner;
    const settings = this.#options.state().settings.subagents;
    const desk: PartDesk = {
      start: (callId, tasks, isDetached) => this.#start(owner, callId, tasks, isDetached),
      wait: (names, signal) => this.#wait(alias, names, signal),
      stop: (names) => this.#stop(alias, names),
    };
    return {
      tools: settings === null ? [] : subagentTools(desk, settings.maxAtOnce, settings.kinds),
      goOn: () => {
        for (const each of this.#of(alias)) {
          if (each.status === 'working' && each.isDetached) this.#launch(owner, each);
        }
      },
      close: () => this.#close(owner),
    };
  }

  /** One that a crash has cut off, and that nobody waits for any more, is opened to count what it has used. */
  async #close(owner: Owner): Promise<void> {
    const left = this.#of(owner.alias).filter(({ status }) => status === 'working');
    const working = left.map((each) => this.#launch(owner, each));
    for (const { stop } of working) stop.abort(new Error('Its agent has ended its turn.'));
    await Promise.all(working.map(({ done }) => done));
  }

  #of(alias: Alias): Subagent[] {
    return agentOf(this.#options.state(), alias).subagents;
  }

  async #start(
    owner: Owner,
    callId: string,
    tasks: readonly PartTask[],
    isDetached: boolean,
  ): Promise<{ refused: string } | { names: string[]; isDetached: boolean }> {
    const { alias, spec } = owner;
    const begun = this.#of(alias).filter((each) => each.callId === callId);
    for (const each of begun) if (each.status === 'working') this.#launch(owner, each);
    // A crash may have kept some of them from the log; tasks are begun in their order.
    const left = tasks.slice(begun.length);
    const refused = left.length === 0 ? null : this.#whyNot(alias, left.length);
    if (refused !== null && begun.length === 0) return { refused };
    const { turn } = agentOf(this.#options.state(), alias);
    const count = this.#of(alias).length;
    const isBackground = begun[0]?.isDetached ?? isDetached;
    const model = this.#options.maker.model ?? spec.backend.model;
    const names = refused === null ? left.map((_, index) => `${alias}-sub${count + index + 1}`) : [];
    const drafts = names.map((subagent, index): EventDraft => {
      const dir = `subagents/${alias}/${subagent}`;
      const { task, kind } = left[index] ?? { task: '' };
      const about = { task, ...(kind !== undefined && { kind }) };
      const data = { turn: turn?.turn ?? '', callId, subagent, ...about, model, dir, isDetached: isBackground };
      return { type: 'subagent.started', agent: alias, data };
    });
    await this.#options.record(...drafts);
    for (const each of this.#of(alias)) if (names.includes(each.name)) this.#launch(owner, each);
    return { names: [...begun.map(({ name }) => name), ...names], isDetached: isBackground };
  }

  #whyNot(alias: Alias, wanted: number): string | null {
    const state = this.#options.state();
    const { maxPerAgent, maxPerRun } = state.settings.subagents ?? { maxPerAgent: 0, maxPerRun: 0 };
    const own = this.#of(alias).length;
    if (own + wanted > maxPerAgent)
      return `An agent may have ${maxPerAgent} subagents in a run; you have had ${own} and asked for ${wanted} more.`;
    const all = allSubagents(state).length;
    if (all + wanted > maxPerRun)
      return `All agents together may have ${maxPerRun} subagents in a run, and had ${all}.`;
    return leftForPart(state, alias) === null ? 'The budget is used up.' : null;
  }

  /** See PartDesk. */
  async #wait(alias: Alias, names: readonly string[] | null, signal: AbortSignal): Promise<PartResult[]> {
    const isWanted = ({ name, status, isUntold }: Subagent): boolean =>
      names ? names.includes(name) : status === 'working' || isUntold;
    const wanted = this.#of(alias).filter(isWanted);
    const all = Promise.all(wanted.flatMap(({ name }) => this.#working.get(name)?.done ?? []));
    await lendTime(this.#options.clock, Promise.race([all, whenAborted(signal)]));
    return this.#tell(
      alias,
      wanted.map(({ name }) => name),
    );
  }

  async #stop(alias: Alias, names: readonly string[] | null): Promise<PartResult[]> {
    const wanted = this.#of(alias).filter(({ name, status }) => names?.includes(name) ?? status === 'working');
    for (const { name } of wanted) this.#working.get(name)?.stop.abort(new Error('Its agent has stopped it.'));
    await Promise.all(wanted.flatMap(({ name }) => this.#working.get(name)?.done ?? []));
    return this.#tell(
      alias,
      wanted.map(({ name }) => name),
    );
  }

  /** Whoever gets a result by a call is not told it once more. */
  async #tell(alias: Alias, names: readonly string[]): Promise<PartResult[]> {
    const { turn } = agentOf(this.#options.state(), alias);
    const parts = this.#of(alias).filter(({ name }) => names.includes(name));
    const untold = turn ? parts.filter(({ isUntold }) => isUntold) : [];
    await this.#options.record(
      ...untold.map(({ name }): EventDraft => {
        return { type: 'message.delivered', agent: alias, data: { turn: turn?.turn ?? '', message: name } };
      }),
    );
    return parts.map(({ name, status, text, reason, files }) => ({ subagent: name, status, text, reason, files }));
  }

  #launch(owner: Owner, part: Subagent): Working {
    const known = this.#working.get(part.name);
    if (known) return known;
    const stop = new AbortController();
    const done = this.#work(owner, part, stop.signal)
      // The log cannot be written; the run ends by itself then.
      .catch(() => undefined)
      .finally(() => this.#working.delete(part.name));
    const working = { stop, done };
    this.#working.set(part.name, working);
    return working;
  }

  async #work({ alias, spec, workspace, asksOf }: Owner, part: Subagent, stop: AbortSignal): Promise<void> {
    const { clock, runDir, state, record, maker } = this.#options;
    const leave = await this.#placesOf(alias).enter(stop);
    const release = clock.busy();
    try {
      const dir = join(runDir, part.dir);
      // One that was never begun has used nothing; one that was cut off has, perhaps more than is counted.
      const isUnbegun = stop.aborted && !(await hasLog(dir));
      const limits = leftForPart(state(), alias);
      const end = isUnbegun
        ? STOPPED
        : await followSubagent({
            clock,
            alias,
            name: part.name,
            steps: part.steps,
            record,
            stop,
            open: () =>
              maker.open({
                name: part.name,
                alias,
                task: taskOf(part, state().settings),
                dir,
                agent: spec,
                workspace,
                settings: settingsOfPart(state().settings, limits ?? NOTHING),
                ...(asksOf && { asks: asksOf(part.name) }),
              }),
          });
      // A run that was cancelled can be taken up again, and so can the parts.
      if (state().isCancelled) return;
      const { outcome, text, reason, label } = end;
      const files = label === null || workspace === null ? null : join(dir, 'snapshots', label);
      const durationMs = clock.now() - part.startedAt;
      const data = { subagent: part.name, outcome, text, reason, files, durationMs };
      await record({ type: 'subagent.finished', agent: alias, data });
    } finally {
      release();
      leave?.();
    }
  }

  #placesOf(alias: Alias): Places {
    const known = this.#places.get(alias);
    if (known) return known;
    const places = new Places(this.#options.state().settings.subagents?.maxAtOnce ?? 1);
    this.#places.set(alias, places);
    return places;
  }
}

/** What its run is asked: the task, and before it the role that it has. */
function taskOf({ task, kind }: Subagent, { subagents }: CoordinationSettings): string {
  if (kind === undefined) return task;
  const told = subagents?.kinds?.[kind] ?? '';
  return `Your role is ${kind}.${told === '' ? '' : ` ${told}`}\n\n${task}`;
}

const STOPPED: SubagentEnd = { outcome: 'cancelled', text: '', reason: 'It was stopped before it began.', label: null };
const NOTHING = { usd: 0, tokens: 0, seconds: null, toolCalls: 0 };

function hasLog(dir: string): Promise<boolean> {
  return stat(logPath(dir)).then(
    () => true,
    () => false,
  );
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
