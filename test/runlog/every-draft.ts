import type { EventDraft, EventType } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';

/** One draft of every type, with `text` in as many places as the type has for text that somebody else wrote. */
export function everyDraft(text: string): EventDraft[] {
  const call = { id: 'c1', name: text, args: { [text]: [text, { deep: text }] }, rawArgs: JSON.stringify({ a: text }) };
  const asked = { turn: 't1', callId: 'c1', tool: text, action: text, target: text, risk: 'high' as const };
  const error = { kind: 'auth' as const, message: text };
  const drafts: { [T in EventType]: EventDraft & { type: T } } = {
    'run.started': {
      type: 'run.started',
      data: {
        question: text,
        team: text,
        agents: [{ alias: 'agent1', id: text, type: 'openai', model: text, isModel: true }],
        settings: DEFAULT_SETTINGS,
        seed: 1,
        version: '1',
      },
    },
    'run.resumed': { type: 'run.resumed', data: { epoch: 2 } },
    'run.cancelled': { type: 'run.cancelled', data: { by: 'user' } },
    'deadline.neared': { type: 'deadline.neared', data: { stage: 'noticed', leftMs: 1 } },
    'turn.limited': { type: 'turn.limited', data: { turn: 't1', stage: 'closed', limitMs: 1 }, agent: 'agent1' },
    'preparation.started': { type: 'preparation.started', data: { what: 'personas' } },
    'preparation.finished': {
      type: 'preparation.finished',
      data: {
        what: 'personas',
        texts: { agent1: { text, dependsOn: [] } },
        problem: null,
        usage: NO_USAGE,
        costUsd: null,
      },
    },
    'deadline.reached': { type: 'deadline.reached', data: { limitMs: 1 } },
    'budget.warned': { type: 'budget.warned', data: { resource: 'usd', used: 1, limit: 2, percent: 50 } },
    'budget.reached': { type: 'budget.reached', data: { resource: 'tokens', used: 3, limit: 2 } },
    'budget.unpriced': { type: 'budget.unpriced', data: { model: text, message: text } },
    'drafting.closed': { type: 'drafting.closed', data: { by: 'user' } },
    'message.sent': { type: 'message.sent', data: { message: 'm1', to: ['agent1'], text } },
    'message.delivered': { type: 'message.delivered', data: { turn: 't1', message: 'm1' } },
    'vote.added': { type: 'vote.added', data: { choice: 'agent1.1', view: ['agent1.1'] } },
    'answer.vetoed': { type: 'answer.vetoed', data: { label: 'agent1.1', reason: text } },
    'vote.overridden': { type: 'vote.overridden', data: { label: 'agent1.1' } },
    'run.finished': { type: 'run.finished', data: { outcome: 'failed', reason: text } },
    'turn.started': { type: 'turn.started', data: { turn: 't1', kind: 'draft', view: [text] } },
    'turn.interrupted': { type: 'turn.interrupted', data: { turn: 't1' } },
    'turn.finished': { type: 'turn.finished', data: { turn: 't1', outcome: 'answered' } },
    'context.added': {
      type: 'context.added',
      data: {
        turn: 't1',
        isReset: true,
        messages: [
          { role: 'system', text },
          { role: 'user', text },
        ],
      },
    },
    'update.delivered': { type: 'update.delivered', data: { turn: 't1', view: [text] } },
    'request.delayed': {
      type: 'request.delayed',
      data: { turn: 't1', reason: 'rate-limit', ms: 5, detail: text },
    },
    'model.switched': { type: 'model.switched', data: { turn: 't1', from: text, to: text, error } },
    'request.started': { type: 'request.started', data: { turn: 't1', request: 'r1', tools: [text] } },
    'text.appended': { type: 'text.appended', data: { request: 'r1', text: `${text} ` } },
    'reasoning.appended': { type: 'reasoning.appended', data: { request: 'r1', text: `${text} ` } },
    'request.finished': {
      type: 'request.finished',
      data: {
        turn: 't1',
        request: 'r1',
        message: {
          role: 'assistant',
          text,
          reasoning: text,
          calls: [call],
          native: { protocol: 'chat', items: [text, { content: [{ text }] }] },
        },
        stopReason: 'end',
        usage: NO_USAGE,
        costUsd: null,
        durationMs: 1,
      },
    },
    'request.failed': {
      type: 'request.failed',
      data: { turn: 't1', request: 'r2', error, usage: NO_USAGE, costUsd: null, retryInMs: null },
    },
    'answer.evaluated': {
      type: 'answer.evaluated',
      data: { turn: 't1', isGood: false, reason: text, instructions: text, keep: ['agent2.1'], callId: 'c1' },
    },
    'attempt.started': {
      type: 'attempt.started',
      data: { attempt: 2, feedback: { reason: text, instructions: text, previous: text }, kept: ['agent2.1'] },
    },
    'tool.started': { type: 'tool.started', data: { turn: 't1', call } },
    'tool.finished': {
      type: 'tool.finished',
      data: {
        turn: 't1',
        callId: 'c1',
        name: text,
        output: text,
        isError: false,
        pictures: [{ path: 'files/agent1-turn1-1.png', mediaType: 'image/png' }],
        durationMs: 1,
      },
    },
    'call.refused': {
      type: 'call.refused',
      data: { turn: 't1', callId: 'c1', name: text, code: 'bad-arguments', message: text },
    },
    'answer.submitted': {
      type: 'answer.submitted',
      data: { turn: 't1', label: 'agent1.1', text, source: 'tool', isCut: false, callId: 'c1' },
    },
    'ballot.cast': {
      type: 'ballot.cast',
      data: {
        turn: 't1',
        ballot: 'b1',
        choice: 'agent1.1',
        ranking: ['agent1.1'],
        reason: text,
        view: ['agent1.1'],
        callId: 'c1',
      },
    },
    'tools.prepared': { type: 'tools.prepared', data: { tools: ['read_file'], problems: [text] } },
    'snapshot.taken': {
      type: 'snapshot.taken',
      data: { turn: 't1', label: 'agent1.1', files: 1, bytes: 2, leftOut: 0, problem: text },
    },
    'snapshot.restored': { type: 'snapshot.restored', data: { turn: 't1', label: 'agent1.1', problem: text } },
    'approval.requested': {
      type: 'approval.requested',
      data: { ...asked, request: 'approval-1', detail: text, diff: text },
    },
    'approval.decided': {
      type: 'approval.decided',
      data: { ...asked, request: 'approval-1', isAllowed: true, scope: 'run', by: 'user', reason: text },
    },
    'actions.left': {
      type: 'actions.left',
      data: { label: 'agent1.1', actions: [{ tool: text, args: { [text]: text }, isBegun: true }], reason: text },
    },
    'tool.released': { type: 'tool.released', agent: 'agent1', data: { turn: 't1', callId: 'c1' } },
    'risk.judged': {
      type: 'risk.judged',
      agent: 'agent1',
      data: {
        turn: 't1',
        callId: 'c1',
        tool: text,
        model: text,
        risk: 'high',
        reason: text,
        usage: NO_USAGE,
        costUsd: 0,
      },
    },
    'hook.finished': {
      type: 'hook.finished',
      data: {
        turn: 't1',
        point: 'pre_tool',
        hook: text,
        callId: 'c1',
        tool: text,
        outcome: 'changed',
        reason: text,
        args: { [text]: text },
        durationMs: 1,
      },
    },
    'question.asked': {
      type: 'question.asked',
      data: {
        question: 'question-1',
        turn: 't1',
        to: ['user', 'agent2'],
        text,
        options: [{ label: text, description: text }],
        isMultiple: false,
        allowsText: true,
        timeoutMs: 1000,
      },
    },
    'question.answered': {
      type: 'question.answered',
      data: {
        question: 'question-1',
        by: 'user',
        outcome: 'answered',
        choices: [text],
        text,
        reason: text,
        usage: NO_USAGE,
        costUsd: null,
      },
    },
    'tool.progressed': { type: 'tool.progressed', data: { turn: 't1', callId: 'c1', message: text } },
    'builtin.used': {
      type: 'builtin.used',
      data: { turn: 't1', request: 't1.1', use: 't1.1.1', name: 'web_search', detail: text },
    },
    'builtin.returned': {
      type: 'builtin.returned',
      data: { turn: 't1', use: 't1.1.1', name: 'web_search', output: text, isError: false, durationMs: 1 },
    },
    'source.cited': {
      type: 'source.cited',
      data: { turn: 't1', request: 't1.1', url: 'https://example.org', title: text },
    },
    'file.received': {
      type: 'file.received',
      data: { turn: 't1', request: 't1.1', name: text, id: null, mediaType: 'image/png', path: text, bytes: 1 },
    },
    'subagent.started': {
      type: 'subagent.started',
      agent: 'agent1',
      data: {
        turn: 't1',
        callId: 'c1',
        subagent: 'agent1-sub1',
        task: text,
        model: 'm',
        dir: 'subagents/agent1-sub1',
        isDetached: false,
      },
    },
    'subagent.worked': {
      type: 'subagent.worked',
      agent: 'agent1',
      data: { subagent: 'agent1-sub1', text, tool: null, usage: NO_USAGE, costUsd: null },
    },
    'subagent.finished': {
      type: 'subagent.finished',
      agent: 'agent1',
      data: { subagent: 'agent1-sub1', outcome: 'answered', text, reason: '', files: null, durationMs: 5 },
    },
    'nested.counted': {
      type: 'nested.counted',
      agent: 'agent1',
      data: { run: text, dir: text, usage: NO_USAGE, costUsd: 0, isWhole: true },
    },
    'action.proposed': {
      type: 'action.proposed',
      agent: 'agent1',
      data: { turn: 't1', key: 'k1', tool: 'send', args: { text } },
    },
    'action.begun': { type: 'action.begun', agent: 'agent1', data: { turn: 't1', key: 'k1' } },
    'action.ended': { type: 'action.ended', agent: 'agent1', data: { turn: 't1', key: 'k1', isError: false } },
    'plan.changed': {
      type: 'plan.changed',
      data: { turn: 't1', tasks: [{ id: '1', title: text, status: 'active', dependsOn: [] }] },
    },
    'changes.begun': { type: 'changes.begun', data: { step: 'propose' } },
    'changes.proposed': {
      type: 'changes.proposed',
      data: {
        label: 'agent1.1',
        base: text,
        files: [{ path: text, change: 'modified', added: 1, removed: 2, isBinary: false }],
        patch: 'changes.patch',
      },
    },
    'changes.decided': {
      type: 'changes.decided',
      data: { label: 'agent1.1', paths: [text], by: 'user', comment: text },
    },
    'changes.applied': { type: 'changes.applied', data: { label: 'agent1.1', paths: [text], backup: text } },
    'changes.undone': { type: 'changes.undone', data: { label: 'agent1.1', paths: [text] } },
    'answer.rated': { type: 'answer.rated', data: { label: 'agent1.1', rating: 'up' } },
    'answer.graded': {
      type: 'answer.graded',
      data: { label: 'agent1.1', grader: text, score: 1, team: text, kind: text },
    },
    'agent.failed': { type: 'agent.failed', data: { error } },
    'agent.abstained': { type: 'agent.abstained', data: { reason: text } },
    'winner.chosen': {
      type: 'winner.chosen',
      data: {
        label: 'agent1.1',
        rule: 'copeland',
        scores: [{ label: 'agent1.1', score: 1, firstChoices: 1 }],
        tie: null,
        ballots: 1,
        reason: text,
      },
    },
    'answer.presented': {
      type: 'answer.presented',
      data: { text, source: 'presenter', mode: 'present', notice: text },
    },
  };
  return Object.values(drafts);
}
