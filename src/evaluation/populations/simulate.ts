import { buildBackend } from '../../config/backend-spec.ts';
import { requireBackendType } from '../../config/quick-team.ts';
import type { AgentSpec } from '../../config/team.ts';
import { applyEvent } from '../../coordination/apply.ts';
import { NEW_ANSWER, VOTE } from '../../coordination/protocol.ts';
import type { RunState } from '../../coordination/state.ts';
import { agentOf, allAnswersOf, mayAnswer } from '../../coordination/views.ts';
import { startRun } from '../../engine/start-run.ts';
import type { Alias, AnswerLabel, RunEvent } from '../../events/event.ts';
import type { JsonObject } from '../../events/json.ts';
import { seededRandom, type Random } from '../../events/random.ts';
import { DEFAULT_SETTINGS, type CoordinationSettings } from '../../events/settings.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import { createRealClock, type Clock } from '../../platform/clock.ts';
import { createPacedClock } from '../../platform/paced-clock.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../providers/provider.ts';
import { normalSample } from '../statistics/beta-sample.ts';
import type { Draft, Member, SeenAnswer, SimulatedQuestion } from './member.ts';
import { createMemoryLog } from './memory-log.ts';

/** What came of one simulated run. */
export interface SimulatedRun {
  state: RunState;
  events: readonly RunEvent[];
  /** What each answer is worth. */
  drafts: ReadonlyMap<AnswerLabel, Draft>;
  /** Of all turns that were told of new answers in their middle, or begun again. */
  answersInPrompts: number;
}

export interface Simulation {
  members: readonly Member[];
  settings?: Partial<CoordinationSettings>;
  /** A run of its own for every seed. */
  seed: number | string;
  /** Members look at answers in the order of their labels, whatever order they are shown in. */
  readsByLabel?: boolean;
}

/** Runs a population on one question through the real engine, without a file and without waiting. */
export async function simulate({ members, settings, seed, readsByLabel = false }: Simulation): Promise<SimulatedRun> {
  const random = seededRandom(seed).fork('population');
  const question: SimulatedQuestion = { ease: normalSample(random.fork('question')) };
  const clock = createPacedClock({ startAt: 0, speed: Infinity, real: createRealClock() });
  const world = new World(members, question, random, readsByLabel);
  const handle = startRun({
    question: 'A simulated question.',
    team: 'population',
    agents: members.map(({ id }) => specOf(id)),
    settings: { ...DEFAULT_SETTINGS, finalAnswer: 'reuse', ...settings },
    seed: random.fork('engine').int(2 ** 31),
    version: '0',
    clock,
    log: createMemoryLog(clock, 'simulated'),
    createProvider: (spec) => Promise.resolve(world.providerOf(spec.id, clock)),
    toolsOf: () => [],
  });
  const events: RunEvent[] = [];
  handle.subscribe((event) => {
    events.push(event);
    world.state = applyEvent(world.state, event);
    if (event.type === 'turn.started' && event.data.kind === 'judge') world.answersInPrompts += event.data.view.length;
    if (event.type === 'update.delivered') world.answersInPrompts += 1;
  });
  await handle.ended;
  if (!world.state) throw new Error('a run that ended has events');
  return { state: world.state, events, drafts: world.labelled(), answersInPrompts: world.answersInPrompts };
}

/** What all members of one run know of, and the engine does not. */
class World {
  state: RunState | null = null;
  answersInPrompts = 0;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #question: SimulatedQuestion;
  readonly #random: Random;
  readonly #readsByLabel: boolean;
  /** By the text of the answer, which is unique. */
  readonly #drafts = new Map<string, Draft>();

  constructor(members: readonly Member[], question: SimulatedQuestion, random: Random, readsByLabel: boolean) {
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.#question = question;
    this.#random = random;
    this.#readsByLabel = readsByLabel;
  }

  providerOf(id: string, clock: Clock): Provider {
    const member = this.#members.get(id);
    if (!member) throw new Error(`no member is called ${id}`);
    const random = this.#random.fork(id);
    return {
      model: 'population',
      costUsd: () => 0,
      stream: (request) => this.#reply(member, request, random, clock),
    };
  }

  labelled(): Map<AnswerLabel, Draft> {
    const { agents = {} } = this.state ?? {};
    return new Map(
      Object.values(agents).flatMap((agent) =>
        allAnswersOf(agent).flatMap(({ label, text }) => {
          const draft = this.#drafts.get(text);
          return draft ? [[label, draft] as const] : [];
        }),
      ),
    );
  }

  async *#reply(
    member: Member,
    { purpose, signal }: ModelRequest,
    random: Random,
    clock: Clock,
  ): AsyncGenerator<ModelEvent> {
    try {
      await clock.sleep(member.workMs(random), signal);
    } catch {
      return yield { type: 'failed', error: { kind: 'aborted', message: 'Stopped.' }, usage: NO_USAGE };
    }
    if (purpose === 'solo') {
      const message = { role: 'assistant' as const, text: this.#draft(member, random), calls: [] };
      return yield { type: 'finished', message, stopReason: 'end', usage: usageOf(0) };
    }
    const call = purpose === 'judge' ? this.#judge(member, random) : answerWith(this.#draft(member, random));
    const id = `call-${this.#drafts.size}-${random.int(2 ** 31)}`;
    const calls = [{ id, name: call.name, args: call.args, rawArgs: JSON.stringify(call.args) }];
    yield {
      type: 'finished',
      message: { role: 'assistant', text: '', calls },
      stopReason: 'tool-calls',
      usage: usageOf(this.#shownTo(member)),
    };
  }

  /** How many answers it looks at. */
  #shownTo({ id }: Member): number {
    const agent = Object.values(this.state?.agents ?? {}).find(({ info }) => info.id === id);
    return agent?.turn?.view.length ?? 0;
  }

  /** The text of its answer, which names it among all of this run, ends with its value and is as long as any other. */
  #draft(member: Member, random: Random): string {
    const draft = member.draft(this.#question, random);
    const name = `By ${member.id}, number ${this.#drafts.size + 1} `;
    const content = `${name.padEnd(TEXT_CHARS - draft.value.length, '.')}\nAnswer: ${draft.value}`;
    this.#drafts.set(content, draft);
    return content;
  }

  #judge(member: Member, random: Random): { name: string; args: JsonObject } {
    const { state } = this;
    const agent = state && Object.values(state.agents).find(({ info }) => info.id === member.id);
    if (!state || !agent?.turn) throw new Error('who judges is in a turn');
    if (member.refines > 0 && mayAnswer(state, agentOf(state, agent.info.alias)) && random.next() < member.refines) {
      return answerWith(this.#draft(member, random));
    }
    const seen = this.#seenBy(agent.info.alias, agent.turn.view, state);
    const ranking = seen
      .map((answer) => ({ alias: answer.label.split('.')[0] ?? '', appeal: member.appeal(answer, random) }))
      .toSorted((a, b) => b.appeal - a.appeal)
      .map(({ alias }) => alias);
    return { name: VOTE, args: { agent_id: ranking[0] ?? '', reason: 'It appeals most.', ranking } };
  }

  #seenBy(alias: Alias, view: readonly AnswerLabel[], state: RunState): SeenAnswer[] {
    const drafts = this.labelled();
    const shown = this.#readsByLabel ? view.toSorted() : view;
    const isOwn = (label: AnswerLabel): boolean => label.startsWith(`${alias}.`);
    const values = shown.map((label) => drafts.get(label)?.value);
    const own = drafts.get(shown.find(isOwn) ?? '')?.value;
    return shown.flatMap((label, place) => {
      const draft = drafts.get(label);
      if (!draft) return [];
      const votes = state.ballots.filter(({ choice, voidedBy }) => choice === label && voidedBy === null).length;
      const sameValue = values.filter((value) => value === draft.value).length;
      const agreesWithOwn = draft.value === own;
      return [{ ...draft, label, isOwn: isOwn(label), place, agreesWithOwn, sameValue, votes }];
    });
  }
}

/** Of what stands before the value, and the value. */
const TEXT_CHARS = 40;

/** A question and every answer that is looked at are a hundred tokens, and so is what is written. */
function usageOf(shown: number): Usage {
  return { ...NO_USAGE, input: 100 * (1 + shown), output: 100 };
}

function answerWith(content: string): { name: string; args: JsonObject } {
  return { name: NEW_ANSWER, args: { content } };
}

function specOf(id: string): AgentSpec {
  const { spec } = buildBackend({ type: requireBackendType('scripted'), model: 'population', options: {} }, {});
  return { id, systemMessage: null, backend: spec };
}
