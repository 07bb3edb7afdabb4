import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunState } from '../../src/coordination/state.ts';
import type { EventDraft } from '../../src/events/event.ts';
import { toStatus } from '../../src/headless/status.ts';
import {
  alphaAnswers,
  alphaDrafts,
  ballot,
  betaAnswers,
  chosen,
  presented,
  START,
  started,
  STORY,
  toldRun,
} from './told-run.ts';

function fold(drafts: EventDraft[]): RunState {
  const run = toldRun();
  run.tell(...drafts);
  return foldEvents(run.events)!;
}

const status = (drafts: EventDraft[], now = 0): ReturnType<typeof toStatus> =>
  toStatus(fold(drafts), { logDir: '/runs/run-1', now });

const idle = {
  status: 'waiting',
  answer_count: 0,
  latest_answer_label: null,
  vote_cast: null,
  times_restarted: 0,
  last_activity: START / 1000,
  error: null,
  model: 'claude-x',
  usage: { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, cost_usd: 0, cost_is_complete: true },
  budgets: [],
  subagents: [],
  plan: [],
};
const NOTHING_SPENT = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  cost_is_complete: true,
};
const nothing = {
  usage_by_phase: {},
  usage_by_turn: [],
  budgets: [],
  waiting: { approvals: [], questions: [] },
  changes: null,
};
const spent = {
  input_tokens: 1000,
  cached_input_tokens: 0,
  output_tokens: 234,
  cost_usd: 0.0123,
  cost_is_complete: true,
};

test('at the start nobody has done anything', () => {
  expect(status([started])).toEqual({
    meta: {
      last_updated: 1000,
      session_id: 'run-1',
      run_id: 'run-1',
      attempt: 1,
      log_dir: '/runs/run-1',
      question: 'Why is the sky\nblue?',
      start_time: 1000,
      elapsed_seconds: 0,
      finished: false,
      outcome: null,
      outcome_reason: null,
    },
    coordination: {
      phase: 'initial_answer',
      active_agent: null,
      active_agents: [],
      completion_percentage: 0,
      is_final_presentation: false,
    },
    agents: { alpha: { ...idle, model: 'gpt-x' }, beta: idle },
    results: { votes: {}, winner: null, final_answer_preview: null, notice: null },
    usage: idle.usage,
    ...nothing,
  });
});

test('at the end everything is filled in', () => {
  expect(status(STORY, START + 999_999)).toEqual({
    meta: {
      last_updated: 1002.3,
      session_id: 'run-1',
      run_id: 'run-1',
      attempt: 1,
      log_dir: '/runs/run-1',
      question: 'Why is the sky\nblue?',
      start_time: 1000,
      elapsed_seconds: 2.3,
      finished: true,
      outcome: 'answered',
      outcome_reason: 'A winner was chosen.',
    },
    coordination: {
      phase: 'presentation',
      active_agent: null,
      active_agents: [],
      completion_percentage: 100,
      is_final_presentation: false,
    },
    agents: {
      alpha: {
        status: 'completed',
        answer_count: 1,
        latest_answer_label: 'agent2.1',
        vote_cast: { voted_for_agent: 'beta', voted_for_label: 'agent1.1', reason_preview: 'Simple.' },
        times_restarted: 2,
        last_activity: 1002.1,
        error: null,
        model: 'gpt-x',
        usage: spent,
        budgets: [],
        subagents: [],
        plan: [],
      },
      beta: {
        status: 'completed',
        answer_count: 1,
        latest_answer_label: 'agent1.1',
        vote_cast: { voted_for_agent: 'alpha', voted_for_label: 'agent2.1', reason_preview: 'It is right.' },
        times_restarted: 0,
        last_activity: 1001.8,
        error: null,
        model: 'claude-x',
        usage: idle.usage,
        budgets: [],
        subagents: [],
        plan: [],
      },
    },
    results: {
      votes: { 'agent1.1': 1, 'agent2.1': 1 },
      winner: 'alpha',
      final_answer_preview: 'Rayleigh scattering, as Lord Rayleigh found.',
      notice: 'The presenter failed.',
    },
    ...nothing,
    usage: spent,
    usage_by_phase: { draft: spent },
    usage_by_turn: [
      { agent: 'alpha', turn: 't1', kind: 'draft', attempt: 1, requests: 1, ...spent },
      { agent: 'beta', turn: 't2', kind: 'draft', attempt: 1, requests: 1, ...NOTHING_SPENT },
    ],
  });
});

test('what agents wait for, what is used of budgets, and plans are told', () => {
  const begun = { ...started, data: { ...started.data, session: 'tuesday' } } as EventDraft;
  const limited = structuredClone(begun) as Extract<EventDraft, { type: 'run.started' }>;
  limited.data.settings.limits = { usd: 0.5, tokens: null, seconds: 10, toolCalls: null };
  const question = { question: 'question-1', turn: 't1', to: ['user'], text: 'Which?', options: [] };
  const tasks = [{ id: 'one', title: 'Look', status: 'active' as const, dependsOn: [] }];
  const told = status([
    limited,
    {
      type: 'question.asked',
      agent: 'agent1',
      data: { ...question, isMultiple: false, allowsText: true, timeoutMs: null },
    },
    { type: 'plan.changed', agent: 'agent1', data: { turn: 't1', tasks } },
  ]);
  expect(told.meta).toMatchObject({ session_id: 'tuesday', run_id: 'run-1' });
  expect(told.waiting.questions).toEqual([
    { id: 'question-1', agent: 'beta', to: ['user'], text: 'Which?', since: 1000.1 },
  ]);
  expect(told.budgets).toEqual([
    { resource: 'usd', used: 0, limit: 0.5 },
    { resource: 'seconds', used: 0.2, limit: 10 },
  ]);
  expect(told.agents['beta']?.plan).toEqual([{ id: 'one', title: 'Look', status: 'active', depends_on: [] }]);
});

describe('an agent', () => {
  const both = [started, ...alphaDrafts, ...alphaAnswers, ...betaAnswers];

  test('that writes its first answer is streaming, not waiting', () => {
    expect(status([started, ...alphaDrafts]).agents['alpha']?.status).toBe('streaming');
  });

  test('that has answered and works again is streaming, not answered', () => {
    const again: EventDraft = {
      type: 'turn.started',
      agent: 'agent2',
      data: { turn: 't9', kind: 'judge', view: [] },
    };
    expect(status([...both, again]).agents['alpha']).toMatchObject({ status: 'streaming', answer_count: 1 });
  });

  test('that is out says why', () => {
    const failed: EventDraft = {
      type: 'agent.failed',
      agent: 'agent1',
      data: { error: { kind: 'auth', message: 'The key is wrong.' } },
    };
    expect(status([started, failed]).agents['beta']).toEqual({
      ...idle,
      status: 'failed',
      last_activity: 1000.1,
      error: { type: 'auth', message: 'The key is wrong.', timestamp: 1000.1 },
    });
  });

  test('whose ballot became void has cast none, and it is not counted', () => {
    const voted = [...both, ballot('agent2', 'agent1.1')];
    const newer: EventDraft = {
      type: 'answer.submitted',
      agent: 'agent1',
      data: { turn: 't4', label: 'agent1.2', text: 'Better.', source: 'tool', isCut: false, callId: 'c9' },
    };
    expect(status(voted).results.votes).toEqual({ 'agent1.1': 1 });
    expect(status([...voted, newer]).results.votes).toEqual({});
    expect(status([...voted, newer]).agents['alpha']).toMatchObject({ status: 'answered', vote_cast: null });
  });

  test('that votes for itself counts for its next choice where self-votes do not count', () => {
    const own = ballot('agent2', 'agent2.1');
    const alone = fold([...both, own]);
    const further = fold([...both, { ...own, data: { ...own.data, ranking: ['agent2.1', 'agent1.1'] } } as EventDraft]);
    const votes = (state: RunState, countSelfVotes: boolean): object =>
      toStatus({ ...state, settings: { ...state.settings, countSelfVotes } }, { logDir: '/r', now: 0 }).results.votes;
    expect([votes(further, true), votes(further, false), votes(alone, false)]).toEqual([
      { 'agent2.1': 1 },
      { 'agent1.1': 1 },
      {},
    ]);
  });

  test('may have any id that a config allows', () => {
    const data = started.data as { agents: object[] };
    const odd = { ...started, data: { ...data, agents: [{ ...data.agents[0], id: '__proto__' }] } } as EventDraft;
    expect(Object.keys(status([odd]).agents)).toEqual(['__proto__']);
  });
});

describe('a run', () => {
  test('has no winner before one is chosen, and no answer before it is presented', () => {
    const until = (draft: EventDraft): EventDraft[] => STORY.slice(0, STORY.indexOf(draft));
    expect(status(until(chosen)).results).toMatchObject({ winner: null, final_answer_preview: null });
    expect(status(until(presented)).results).toMatchObject({ winner: 'alpha', final_answer_preview: null });
  });

  test('that goes on is as old as the clock says, and never younger than its last event', () => {
    const drafts = [started, ...alphaDrafts];
    expect(status(drafts, START + 5_000).meta.elapsed_seconds).toBe(5);
    expect(status(drafts, 0).meta.elapsed_seconds).toBe(0.3);
  });

  test('names all that are at work, and the one that did something last', () => {
    const { active_agent, active_agents } = status([started, ...alphaDrafts, betaAnswers[0]!]).coordination;
    expect([active_agent, active_agents]).toEqual(['beta', ['alpha', 'beta']]);
  });

  test('owes nothing for agents that are out', () => {
    const out: EventDraft = { type: 'agent.abstained', agent: 'agent1', data: { reason: 'x' } };
    expect(status([started, ...alphaDrafts, ...alphaAnswers, out]).coordination.completion_percentage).toBe(75);
  });

  test('is complete exactly when it is finished', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: STORY.length }), (length) => {
        const { meta, coordination, results } = status(STORY.slice(0, length));
        expect(coordination.completion_percentage === 100).toBe(meta.finished);
        expect(meta.finished).toBe(length === STORY.length);
        expect(results.winner === null).toBe(length <= STORY.indexOf(chosen));
      }),
    );
  });
});

test('what is asked for a subagent names it beside its agent', () => {
  const call = { turn: 't', callId: 'c', tool: 'send', action: 'send', target: 'bob', risk: 'high' as const };
  const request = { ...call, subagent: 'agent1-sub1', request: 'a1', detail: '', diff: null };
  const { waiting } = status([started, { type: 'approval.requested', agent: 'agent1', data: request }]);
  expect(waiting.approvals.map(({ id, agent, subagent }) => [id, agent, subagent])).toEqual([
    ['a1', 'beta', 'agent1-sub1'],
  ]);
});
