import fc from 'fast-check';
import { currentAnswers } from '../../src/coordination/views.ts';
import type { Alias, PreparedText, TurnLimitStage } from '../../src/events/event.ts';
import type { Command } from '../../src/events/run-handle.ts';
import type { CoordinationSettings, Limits } from '../../src/events/settings.ts';
import { SimulatedTeam, type Move } from './simulated-team.ts';

/** Limits that random plays reach now and then; `calls` is about how many model calls fit into them. */
function limits(calls: number): fc.Arbitrary<Limits> {
  const maybe = (max: number): fc.Arbitrary<number | null> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max }) });
  return fc.record({
    usd: maybe(calls).map((n) => (n === null ? null : n / 100)),
    tokens: maybe(calls * 15),
    seconds: fc.constant(null),
    toolCalls: maybe(6),
  });
}

const settings: fc.Arbitrary<Partial<CoordinationSettings>> = fc.record({
  votingRule: fc.constantFrom('copeland', 'borda', 'plurality', 'approval'),
  tieBreak: fc.constantFrom('earliest-answer', 'registration', 'fewest-tokens', 'random'),
  countSelfVotes: fc.boolean(),
  updates: fc.constantFrom('inject', 'restart', 'finish-then-judge'),
  maxUpdatesPerTurn: fc.constantFrom(null, null, 0, 1),
  maxAnswersPerAgent: fc.constantFrom(1, 2, 3),
  maxProtocolRetries: fc.constantFrom(0, 1, 2),
  maxToolRounds: fc.constantFrom(1, 5),
  finalAnswer: fc.constantFrom('present', 'reuse', 'synthesize'),
  maxRestarts: fc.constantFrom(0, 0, 1, 2),
  restartMode: fc.constantFrom('selective', 'selective', 'full'),
  maxAnswersTotal: fc.constantFrom(null, null, 1, 4),
  quorum: fc.constantFrom(null, null, 1, 3),
  earlyStop: fc.constantFrom('safe', 'ballots', 'probable', 'never'),
  limits: limits(60),
  personas: fc.constantFrom(null, null, { strategy: 'diverse', diversity: 'perspective', guidelines: '' }),
  subtasks: fc.constantFrom(null, null, 'asked-for'),
});

/** A step of the world: somebody moves, or something happens to the whole run. `who` picks among those at work. */
interface Step {
  who: number;
  what: number;
  text: number;
  target: number;
}

const step: fc.Arbitrary<Step> = fc.record({ who: fc.nat(), what: fc.nat(99), text: fc.nat(6), target: fc.nat(16) });

function moveOf(step: Step): Move {
  const target = `agent${step.target + 1}`;
  if (step.what < 35) return { do: 'answer', text: `answer ${step.text} ${step.who}` };
  if (step.what < 70) return { do: 'vote', for: target, ranking: ['agent1', target] };
  if (step.what < 73) return { do: 'ask', to: step.text % 2 ? [target] : ['agent1', 'agent2', target] };
  if (step.what < 76) return { do: 'call', calls: [['calculator', {}]] };
  if (step.what < 80)
    return { do: 'say', text: step.text % 2 ? 'thinking aloud' : '', stopReason: step.text % 3 ? 'end' : 'max-tokens' };
  if (step.what < 84)
    return {
      do: 'call',
      calls: [
        ['vote', { agent_id: target, reason: '' }],
        ['vote', { agent_id: 'agent1', reason: '' }],
      ],
    };
  if (step.what < 88)
    return {
      do: 'call',
      calls: [
        ['vote', { agent_id: target, reason: '' }],
        ['new_answer', { content: 'both' }],
      ],
    };
  if (step.what < 92) return { do: 'call', calls: [['new_answer', null]] };
  if (step.what < 96) return { do: 'vote', for: 'member-1' };
  return { do: 'fail' };
}

/** Mostly a restart, so that plays see later attempts; half of them keep answers. */
function evaluationOf({ what, target }: Step): Move {
  const keep = what < 30 ? { keep: ['agent1', 'agent2', `agent${target + 1}`] } : {};
  if (what < 60)
    return { do: 'call', calls: [['restart_orchestration', { reason: 'wrong', instructions: 'again', ...keep }]] };
  if (what < 80) return { do: 'call', calls: [['submit', { confirmed: true }]] };
  return what < 90 ? { do: 'fail' } : { do: 'call', calls: [['vote', { agent_id: 'agent1', reason: '' }]] };
}

/** The time of an agent's turn runs out; `who` picks among those at work. */
interface Limited {
  stage: TurnLimitStage;
  who: number;
}

/** Something that happens to the whole run, before the step of that number. */
interface Happening {
  at: number;
  what: 'deadline' | 'nearing' | 'budget' | Limited | Command;
}

const label = fc
  .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 2 }))
  .map(([a, n]) => `agent${a}.${n}`);
const happening: fc.Arbitrary<Happening> = fc.record({
  at: fc.nat(20),
  what: fc.oneof(
    fc.record({ stage: fc.constantFrom('noticed', 'closed', 'stopped'), who: fc.nat() }),
    fc.constantFrom<Happening['what']>('deadline', 'nearing', 'budget', { type: 'cancel', by: 'user' }),
    fc.constant<Command>({ type: 'answer-now', by: 'user' }),
    label.map((name): Command => ({ type: 'vote', label: name })),
    label.map((name): Command => ({ type: 'veto', label: name, reason: 'wrong' })),
    label.map((name): Command => ({ type: 'override', label: name })),
    fc.constant<Command>({ type: 'message', to: 'all', text: 'be brief' }),
  ),
});

/** A random world: who is in the team, by which rules, and what everybody does in which order. */
export interface World {
  agents: number;
  rules: Partial<CoordinationSettings>;
  /** Of every agent, or of none. */
  own: Limits | null;
  steps: Step[];
  happens: Happening[];
}

export const runs: fc.Arbitrary<World> = fc.record({
  agents: fc.integer({ min: 1, max: 16 }),
  rules: settings,
  own: fc.oneof(fc.constant(null), limits(8)),
  steps: fc.array(step, { maxLength: 60 }),
  happens: fc.array(happening, { maxLength: 4 }),
});

/** A current answer in the place of a label that is made up, mostly; users step in where there is something. */
function labelNear(team: SimulatedTeam, label: string): string {
  const current = currentAnswers(team.state);
  const place = Number(label.slice('agent'.length, label.lastIndexOf('.')));
  return current[place % (current.length + 1)]?.label ?? label;
}

function happen(team: SimulatedTeam, what: Happening['what']): void {
  if (what === 'deadline') team.record({ type: 'deadline.reached', data: { limitMs: 1 } });
  else if (what === 'budget') team.record({ type: 'budget.reached', data: { resource: 'seconds', used: 1, limit: 1 } });
  else if (what === 'nearing') team.record({ type: 'deadline.neared', data: { stage: 'closed', leftMs: 1 } });
  else if ('stage' in what) {
    const alias = team.working[what.who % team.working.length];
    const turn = team.state.agents[alias ?? '']?.turn?.turn;
    if (alias === undefined || turn === undefined) return;
    team.record({ type: 'turn.limited', agent: alias, data: { turn, stage: what.stage, limitMs: 1 } });
  } else team.send('label' in what ? { ...what, label: labelNear(team, what.label) } : what);
}

/** Texts for some agents, which build on those before them; none without a step. */
function prepareAny(team: SimulatedTeam, step: Step | null): void {
  const { order } = team.state;
  const some = step ? order.filter((_, index) => (step.what + index) % 4 > 0) : [];
  const texts = some.map((alias, index): [Alias, PreparedText] => [
    alias,
    { text: `for ${alias}`, dependsOn: (step?.text ?? 0) % 2 ? some.slice(0, index) : [] },
  ]);
  team.finishPreparation(Object.fromEntries(texts));
}

/** Plays the steps, then lets everybody act sensibly until the run ends. Throws if it does not. */
export function play({ agents, rules, own, steps, happens }: World): SimulatedTeam {
  const team = new SimulatedTeam(agents, rules, 7, own);
  for (const [index, next] of steps.entries()) {
    for (const { at, what } of happens) if (at === index && !team.state.end) happen(team, what);
    if (team.state.end) return team;
    if (team.working.length === 0 && team.state.preparing.length > 0) {
      prepareAny(team, next);
      continue;
    }
    const alias = team.working[next.who % team.working.length];
    if (alias === undefined) throw new Error(`nobody works and the run has not ended: ${team.types.join(' ')}`);
    if (next.who % 2) team.update(alias);
    team.move(alias, team.kindOf(alias) === 'evaluate' ? evaluationOf(next) : moveOf(next));
  }
  for (let rounds = 0; !team.state.end; rounds += 1) {
    if (team.state.preparing.length > 0) {
      prepareAny(team, null);
      continue;
    }
    const [alias] = team.working;
    if (alias === undefined || rounds > 500) throw new Error(`the run does not end: ${team.types.join(' ')}`);
    const [answer] = currentAnswers(team.state);
    const isJudging = team.kindOf(alias) === 'judge' && answer;
    team.move(alias, isJudging ? { do: 'vote', for: answer.alias } : { do: 'say', text: `last words ${rounds}` });
  }
  return team;
}
