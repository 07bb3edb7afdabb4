import type { PendingApproval, PendingQuestion, RunState } from '../../coordination/state.ts';
import { canSendBack } from '../../coordination/file-changes.ts';
import { agentsOf, currentAnswers } from '../../coordination/views.ts';
import type { Alias, ApprovalScope } from '../../events/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { Command } from '../../events/run-handle.ts';

/** A command of a program, or a sentence that says why it is none. */
export type ReadCommand = { command: Command } | { fault: string };

/** Longest text that a program may hand in. */
const MAX_TEXT_CHARS = 32_000;
const TYPES = [
  'message',
  'vote',
  'veto',
  'override',
  'answer-now',
  'cancel',
  'decide',
  'reply',
  'decline',
  'review',
  'send-back',
] as const;
const SCOPES: readonly ApprovalScope[] = ['once', 'run', 'session', 'always'];

/**
 * Reads what a program asks of a run, as it is now: `{"type": "message", "to": "all", "text": "…"}` and so on (see
 * `docs/automation.md`). Agents go by their ids in the config, or by their names in the run. Pure.
 */
export function readCommand(value: unknown, state: RunState): ReadCommand {
  if (!isJsonObject(value as JsonValue)) return { fault: 'A command is a JSON object.' };
  const object = value as JsonObject;
  const type = TYPES.find((each) => each === (object['type'] ?? 'message'));
  switch (type) {
    case undefined:
      return { fault: `type must be one of ${TYPES.join(', ')}.` };
    case 'cancel':
    case 'answer-now':
      return { command: { type, by: 'caller' } };
    case 'message':
      return readMessage(object, state);
    case 'vote':
    case 'veto':
    case 'override':
      return readChoice(type, object, state);
    case 'decide':
      return readDecision(object, state);
    case 'reply':
    case 'decline':
      return readReply(type, object, state);
    case 'review':
      return readReview(object, state);
    case 'send-back':
      return readSendBack(object, state);
  }
}

function readMessage(object: JsonObject, state: RunState): ReadCommand {
  const text = textOf(object, 'text', 'content', 'message');
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return { fault: 'text is missing: what the agents are to be told.' };
  const target = object['to'] ?? object['target'] ?? object['targets'] ?? 'all';
  const names = (Array.isArray(target) ? target : [target]).map((each) => (typeof each === 'string' ? each : ''));
  if (names.includes('all')) return { command: { type: 'message', to: 'all', text } };
  const to: Alias[] = [];
  for (const name of names) {
    const agent = agentsOf(state).find(({ info }) => info.id === name || info.alias === name);
    const known = agentsOf(state).map(({ info }) => info.id);
    if (!agent) return { fault: `to names no agent of this run; there are ${known.join(', ')}, or all.` };
    to.push(agent.info.alias);
  }
  return { command: { type: 'message', to, text } };
}

function readChoice(type: 'vote' | 'veto' | 'override', object: JsonObject, state: RunState): ReadCommand {
  const labels = currentAnswers(state).map((answer) => answer.label);
  const label = labels.find((each) => each === object['label']);
  if (label === undefined) {
    const there = labels.length > 0 ? `there are ${labels.join(', ')}` : 'there is none yet';
    return { fault: `label must name a current answer; ${there}.` };
  }
  if (state.winner) return { fault: `The winner is chosen already: ${state.winner.label}.` };
  const reason = textOf(object, 'reason');
  if (typeof reason !== 'string') return reason;
  return { command: type === 'veto' ? { type, label, reason } : { type, label } };
}

function readDecision(object: JsonObject, state: RunState): ReadCommand {
  const request = state.approvals.find((each: PendingApproval) => each.request === object['request']);
  if (!request) return { fault: `request must name a call that waits: ${namesOf(state.approvals, 'request')}.` };
  const isAllowed = object['allow'];
  if (typeof isAllowed !== 'boolean') return { fault: 'allow must be true or false.' };
  const scope = SCOPES.find((each) => each === (object['scope'] ?? 'once'));
  if (!scope) return { fault: `scope must be one of ${SCOPES.join(', ')}.` };
  const reason = textOf(object, 'reason');
  if (typeof reason !== 'string') return reason;
  return { command: { type: 'decide', request: request.request, isAllowed, scope, by: 'file', reason } };
}

function readReply(type: 'reply' | 'decline', object: JsonObject, state: RunState): ReadCommand {
  const open = state.questions.filter(({ waitsFor }) => waitsFor.includes('user'));
  const asked = open.find((each) => each.question === object['question']);
  if (!asked) return { fault: `question must name a question that waits: ${namesOf(open, 'question')}.` };
  const { question } = asked;
  if (type === 'decline') {
    const reason = textOf(object, 'reason');
    if (typeof reason !== 'string') return reason;
    return { command: { type, question, outcome: 'declined', reason: reason || 'It was declined.', by: 'file' } };
  }
  const text = textOf(object, 'text');
  if (typeof text !== 'string') return text;
  const choices = choicesOf(object['choices'], asked);
  if (typeof choices === 'string') return { fault: choices };
  if (text.trim() !== '' && !asked.allowsText) return { fault: 'This question takes options only, no text.' };
  if (choices.length === 0 && text.trim() === '') return { fault: 'The answer is empty: give choices or text.' };
  return { command: { type, question, choices, text, by: 'file' } };
}

/** `paths` is a list of changed files, or `all`; `hunks` names parts of some of them, from 0. */
function readReview(object: JsonObject, { changes }: RunState): ReadCommand {
  if (changes?.state !== 'proposed') return { fault: 'No changes wait for a review now.' };
  const known = changes.files.map(({ path }) => path);
  const paths = object['paths'] === 'all' ? known : object['paths'];
  if (!Array.isArray(paths) || !paths.every((each) => typeof each === 'string' && known.includes(each)))
    return {
      fault: `paths must be "all" or a list of changed files: ${known.map((each) => JSON.stringify(each)).join(', ')}.`,
    };
  const hunks: Record<string, number[]> = {};
  const given = object['hunks'] ?? {};
  if (!isJsonObject(given)) return { fault: 'hunks must be an object of paths and lists of numbers.' };
  for (const [path, numbers] of Object.entries(given)) {
    const count = changes.files.find((file) => file.path === path)?.hunks ?? 0;
    const isFit = (each: JsonValue): each is number =>
      Number.isInteger(each) && Number(each) >= 0 && Number(each) < count;
    if (!Array.isArray(numbers) || numbers.length === 0 || !numbers.every(isFit))
      return {
        fault: `hunks of ${JSON.stringify(path)} must be numbers from 0 to ${Math.max(0, count - 1)}; it has ${count} parts to choose from.`,
      };
    hunks[path] = numbers;
  }
  const comment = textOf(object, 'comment');
  if (typeof comment !== 'string') return comment;
  const accepted = known.filter((path) => paths.includes(path));
  return { command: { type: 'review', paths: accepted, comment, ...(Object.keys(hunks).length > 0 && { hunks }) } };
}

function readSendBack(object: JsonObject, state: RunState): ReadCommand {
  if (state.changes?.state !== 'proposed') return { fault: 'No changes wait for a review now.' };
  if (!canSendBack(state)) return { fault: 'The time or the budget of the run is used up: no new attempt can begin.' };
  const comment = textOf(object, 'comment');
  if (typeof comment !== 'string') return comment;
  if (comment.trim() === '') return { fault: 'comment must say what is to be different.' };
  return { command: { type: 'send-back', comment } };
}

/** The labels that were chosen, or what is wrong with them. */
function choicesOf(value: JsonValue | undefined, { options, isMultiple }: PendingQuestion): string[] | string {
  if (value === undefined) return [];
  const labels = options.map(({ label }) => label);
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' && labels.includes(each)))
    return `choices must be a list of options: ${labels.join(', ') || 'this question has none'}.`;
  const chosen = labels.filter((label) => value.includes(label));
  return chosen.length > 1 && !isMultiple ? 'Only one option may be chosen.' : chosen;
}

function textOf(object: JsonObject, ...keys: string[]): string | { fault: string } {
  for (const key of keys) {
    const value = object[key];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') return { fault: `${key} must be text.` };
    if (value.length > MAX_TEXT_CHARS) return { fault: `${key} has more than ${MAX_TEXT_CHARS} characters.` };
    return value;
  }
  return '';
}

function namesOf<K extends string>(open: readonly Record<K, string>[], key: K): string {
  return open.map((each) => each[key]).join(', ') || 'none does now';
}
