import type { EventType } from '../../src/events/event.ts';
import type { Command } from '../../src/events/run-handle.ts';
import * as teams from './teams.ts';

/** A run in which an event happens, so that its process can die right after it. */
export interface Scenario {
  name: string;
  config: string;
  /** Other files of its folder. */
  files?: Record<string, string>;
  /** Said once, when the second answer is there; not again after the crash. */
  says?: Command;
  /** A user is there who allows, answers, rates and accepts what waits, before and after the crash. */
  isAttended?: true;
  /** Agents break the rules, and do so again after the crash, which is paid for. */
  isUnruly?: true;
  /** What it comes to in the end, where that is not what it comes to if nothing happens to it. */
  endsAs?: Scenario;
}

const troubled: Scenario = { name: 'troubled', config: teams.TROUBLED, isUnruly: true };
const asking: Scenario = { name: 'asking', config: teams.ASKING };
const sharing: Scenario = { name: 'sharing', config: teams.SHARING };
const strict: Scenario = { name: 'strict', config: teams.STRICT };
const improving: Scenario = { name: 'improving', config: teams.IMPROVING };
const paying: Scenario = { name: 'paying', config: teams.PAYING };
const waiting: Scenario = { name: 'waiting', config: teams.WAITING };
const late: Scenario = { name: 'late', config: teams.LATE };
const overdue: Scenario = { name: 'overdue', config: teams.OVERDUE };
const nesting: Scenario = { name: 'nesting', config: teams.NESTING, files: { 'nested.yaml': teams.NESTED } };
const hooked: Scenario = { name: 'hooked', config: teams.HOOKED };
const citing: Scenario = { name: 'citing', config: teams.CITING };
const acting: Scenario = { name: 'acting', config: teams.ACTING, files: { 'send.mjs': teams.SEND }, isAttended: true };
const leaving: Scenario = { name: 'leaving', config: teams.LEAVING, files: { 'send.mjs': teams.SEND } };
const changing: Scenario = {
  name: 'changing',
  config: teams.CHANGING,
  files: { 'mine.txt': 'mine' },
  isAttended: true,
};

const slow: Scenario = { name: 'slow', config: teams.SLOW };
const told = (says: Command): Scenario => ({ ...slow, name: says.type, says });
const message = told({ type: 'message', to: 'all', text: 'Be brief.' });

/** What the process of a run writes. */
export type WrittenEvent = Exclude<EventType, 'answer.graded'>;

/** Where each event happens. A record, so that the compiler misses none. */
export const SCENARIOS: Record<WrittenEvent, Scenario> = {
  'run.started': troubled,
  'run.resumed': troubled,
  // Whoever goes on with a run that was cancelled takes that back.
  'run.cancelled': { ...told({ type: 'cancel', by: 'user' }), endsAs: slow },
  'run.finished': troubled,
  'deadline.reached': overdue,
  'deadline.neared': overdue,
  'budget.warned': paying,
  'budget.reached': paying,
  'budget.unpriced': paying,
  'drafting.closed': told({ type: 'answer-now', by: 'user' }),
  'message.sent': message,
  'message.delivered': message,
  'vote.added': told({ type: 'vote', label: 'agent1.1' }),
  'answer.vetoed': told({ type: 'veto', label: 'agent1.1', reason: 'No.' }),
  'vote.overridden': told({ type: 'override', label: 'agent2.1' }),
  'preparation.started': troubled,
  'preparation.finished': troubled,
  'turn.started': troubled,
  'turn.limited': late,
  'turn.interrupted': late,
  'turn.finished': troubled,
  'context.added': troubled,
  'update.delivered': improving,
  'request.delayed': waiting,
  'model.switched': asking,
  'request.started': troubled,
  'text.appended': troubled,
  'reasoning.appended': troubled,
  'request.finished': asking,
  'request.failed': troubled,
  'tool.started': troubled,
  'tool.progressed': acting,
  'tool.released': acting,
  'tool.finished': troubled,
  'builtin.used': citing,
  'builtin.returned': citing,
  'source.cited': citing,
  'file.received': citing,
  'approval.requested': acting,
  'approval.decided': acting,
  'question.asked': acting,
  'question.answered': acting,
  'hook.finished': hooked,
  'risk.judged': acting,
  'actions.left': leaving,
  'nested.counted': nesting,
  'subagent.started': sharing,
  'subagent.worked': sharing,
  'subagent.finished': sharing,
  'action.proposed': acting,
  'action.begun': acting,
  'action.ended': acting,
  'plan.changed': asking,
  'changes.begun': changing,
  'changes.proposed': changing,
  'changes.decided': changing,
  'changes.applied': changing,
  'changes.undone': changing,
  'answer.rated': changing,
  'call.refused': troubled,
  'answer.submitted': troubled,
  'tools.prepared': asking,
  'snapshot.taken': asking,
  'snapshot.restored': asking,
  'ballot.cast': troubled,
  'answer.evaluated': strict,
  'attempt.started': strict,
  'agent.failed': troubled,
  'agent.abstained': troubled,
  'winner.chosen': troubled,
  'answer.presented': troubled,
};
