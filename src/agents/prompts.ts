import { actionLines, actionsOf } from '../coordination/actions.ts';
import { OWN_ANSWER, fence, fenceAnswers, fenceHistory, fenceQuestion } from '../coordination/fence.ts';
import { RESTART, SUBMIT } from '../coordination/protocol.ts';
import { isDivided, missingParts, neededAnswers, partOf } from '../coordination/division.ts';
import { preparedFor } from '../coordination/preparation.ts';
import { shorten } from '../coordination/shorten.ts';
import type { AnswerVersion, RunState } from '../coordination/state.ts';
import { answerByLabel, countingBallots, textToEvaluate } from '../coordination/views.ts';
import type { Alias, AnswerLabel, TurnKind, TurnLimitStage } from '../events/event.ts';
import type { UserMessage } from '../events/message.ts';
import { seededRandom } from '../events/random.ts';
import { READ_ANSWER } from '../tools/read-answer.ts';
import { drawBoundary, textsOf } from './draw-boundary.ts';

/** The question alone, for a run with one agent; `late` as in `latePrompt`. */
export function soloQuestion(state: RunState, boundary: string, late = ''): UserMessage {
  return { role: 'user', text: withHistory(state, state.question, boundary, late) };
}

/**
 * The conversation so far comes before what is asked now; without one the text stays as it is. Its fence is drawn from the
 * session, so that the next question of it begins with the same words and the caches of providers hit.
 */
function withHistory(state: RunState, asked: string, boundary: string, late: string): string {
  const { history, session } = state;
  const text = withFeedback(state, asked, boundary);
  if (history.length === 0) return text;
  const intro = 'This goes on with a conversation. The earlier questions of the user and the final answers were:';
  const told = fenceHistory(history, drawBoundary(seededRandom(`${session ?? ''}/history`), textsOf(history)));
  return [intro, told, late, 'The question is now:', text].filter(Boolean).join('\n\n');
}

/** What was wrong with the attempt before; in the first attempt the text stays as it is. */
function withFeedback({ feedback }: RunState, text: string, boundary: string): string {
  if (!feedback) return text;
  const parts = [
    'You and the others have worked on this before, and the answer was not good enough. This is what was said of it:',
    fence('feedback', `${feedback.reason}\n\n${feedback.instructions}`, boundary),
    'The answer was:',
    fence('previous', feedback.previous, boundary),
    'Work on the question again, and do better.',
    text,
  ];
  return parts.join('\n\n');
}

/** For an agent whose answer stays in a new attempt: what was wrong with the presented one. */
export function keptPrompt({ feedback }: RunState, boundary: string): UserMessage | null {
  if (!feedback) return null;
  const parts = [
    'The answer that won was presented, and was not good enough. This is what was said of it:',
    fence('feedback', `${feedback.reason}\n\n${feedback.instructions}`, boundary),
    'It was:',
    fence('previous', feedback.previous, boundary),
    'Your own answer stays a candidate as it is; others have worked on the question again.',
  ];
  return { role: 'user', text: parts.join('\n\n') };
}

/** For the agent that is to say whether the presented answer is good enough. */
export function evaluatePrompt(state: RunState, boundary: string): UserMessage {
  const parts = [
    'This is the final answer as it would be given to the user. Check it against the question: is it correct, complete, and does it do what it claims?',
    fence('final', textToEvaluate(state), boundary),
    `Call ${SUBMIT} if it is good enough. Call ${RESTART} only if it is wrong or incomplete in a way that matters, and say what to do differently.${state.settings.restartMode === 'selective' && state.order.length > 1 ? ' Others work on the question again then; in keep, name those whose answers are good as they are.' : ''}`,
  ];
  return { role: 'user', text: parts.join('\n\n') };
}

/** The question. To an agent that drafts it says that the first answer is its own. `late` as in `latePrompt`. */
export function questionPrompt(
  state: RunState,
  kind: TurnKind,
  alias: Alias,
  boundary: string,
  late = '',
): UserMessage {
  const question = withHistory(state, fenceQuestion(state.question, boundary), boundary, late);
  if (isDivided(state)) return { role: 'user', text: `${question}\n\n${partTask(state, alias, boundary)}` };
  const variant = kind === 'draft' ? preparedFor(state, 'rewording', alias) : null;
  const task = 'Work out an answer of your own and hand it in.';
  const reworded = variant && `In other words:\n\n${fence('reworded', variant.text, boundary)}`;
  return { role: 'user', text: kind === 'draft' ? [question, reworded, task].filter(Boolean).join('\n\n') : question };
}

/** The part of the work that is this agent's, with what it needs of the others. */
function partTask(state: RunState, alias: Alias, boundary: string): string {
  const part = partOf(state, alias);
  if (!part) return 'The work on it is divided, and no part of it is yours.';
  const needed = neededAnswers(state, alias);
  const parts = [
    `The work on it is divided. Your part, and nothing else, is:\n\n${fence('part', part.text, boundary)}`,
    needed.length > 0 ? `It builds on these parts of others:\n\n${answers(state, needed, boundary)}` : '',
    'Hand it in, complete on its own.',
  ];
  return parts.filter(Boolean).join('\n\n');
}

/**
 * The current answers, for an agent that begins to judge. Those in `seen` are in its conversation already and are only
 * named, since every model call is sent the whole conversation again; so are the words of `self`'s own answer, unless
 * `self` is null because its conversation begins anew.
 */
export function judgePrompt(
  state: RunState,
  view: readonly AnswerLabel[],
  seen: readonly AnswerLabel[],
  self: Alias | null,
  isCapped: boolean,
  boundary: string,
): UserMessage {
  const fresh = view.filter((label) => !seen.includes(label));
  const isFirst = fresh.length === view.length;
  const parts = [
    isFirst ? 'The current answers, in no particular order:' : '',
    !isFirst && fresh.length > 0 ? 'New answers, in place of earlier ones of the same agents:' : '',
    answers(state, fresh, boundary, self),
    isFirst ? '' : `Current now, in no particular order: ${view.join(', ')}.`,
    closing(isCapped),
  ];
  return { role: 'user', text: parts.filter(Boolean).join('\n\n') };
}

/** What has changed, for an agent that is in the middle of judging. */
export function updatePrompt(
  state: RunState,
  changed: readonly AnswerLabel[],
  isCapped: boolean,
  boundary: string,
): UserMessage {
  return {
    role: 'user',
    text: `While you worked, other agents handed in new answers; they replace the earlier ones of the same agents.\n\n${answers(state, changed, boundary)}\n\n${closing(isCapped)}`,
  };
}

/** What the user says in the middle of the work. The user's word, so it is not fenced off like other agents' texts. */
export function notePrompt(text: string): UserMessage {
  return { role: 'user', text: `A message from the user, sent while you work:\n\n${text}` };
}

/** Time is running out. Names no time itself, which a model cannot measure. */
export function limitPrompt(stage: TurnLimitStage, kind: TurnKind): UserMessage {
  const task = ENDINGS[kind];
  const text =
    stage === 'noticed'
      ? `Time is running out. Finish what you are doing and ${task}. Soon no other tools are left to you, and then your turn ends.`
      : `Time is nearly up, and other tools are no longer there. With what you have, ${task} now.`;
  return { role: 'user', text };
}

const ENDINGS: Record<TurnKind, string> = {
  solo: 'reply with your answer',
  draft: 'hand in your answer',
  judge: 'vote',
  present: 'reply with the final answer',
  evaluate: `call ${SUBMIT} or ${RESTART}`,
};

function closing(isCapped: boolean): string {
  return isCapped
    ? 'Vote for the best one; you may hand in no more answers.'
    : 'Vote for the best one, or hand in a better one.';
}

/** For the winner. `unseen` are the answers that its conversation does not hold yet. */
export function presentPrompt(state: RunState, unseen: readonly AnswerLabel[], boundary: string): UserMessage {
  if (isDivided(state)) return mergePrompt(state, unseen, boundary);
  const label = state.winner?.label ?? '';
  const ballots = countingBallots(state);
  const supporters = ballots.filter((ballot) => ballot.choice === label);
  const reasons = supporters.flatMap((ballot) => ballot.reason || []);
  const task =
    state.settings.finalAnswer === 'synthesize'
      ? 'Write the final answer for the user: start from yours and work in whatever is right and missing in the others.'
      : 'Present it to the user as the final answer: complete, correct, well ordered. Mend what the reasons show to be wrong; do not start over.';
  const parts = [
    `Your answer ${label} won with ${supporters.length} of ${ballots.length} first choices. ${task} Reply with the answer only; say nothing of agents, votes or this procedure.`,
    reasons.length > 0
      ? `Why agents voted for it:\n\n${fence('reasons', reasons.map((reason) => `- ${reason}`).join('\n'), boundary)}`
      : '',
    actionTask(state, label),
    unseen.length > 0 ? `Answers you have not seen yet:\n\n${answers(state, unseen, boundary)}` : '',
  ];
  return { role: 'user', text: parts.filter(Boolean).join('\n\n') };
}

/** For the agent that puts the parts together. */
function mergePrompt(state: RunState, unseen: readonly AnswerLabel[], boundary: string): UserMessage {
  const missing = missingParts(state).map(({ text }) => `- ${text}`);
  const parts = [
    'All parts are in as far as they will come. Put them together to one final answer for the user: complete, without repetition, and of one piece; mend what contradicts. Reply with the answer only; say nothing of agents, parts or this procedure.',
    unseen.length > 0 ? `Parts you have not seen yet:\n\n${answers(state, unseen, boundary)}` : '',
    missing.length > 0
      ? `Nobody has handed in these parts; do them yourself:\n\n${fence('missing', missing.join('\n'), boundary)}`
      : '',
  ];
  return { role: 'user', text: parts.filter(Boolean).join('\n\n') };
}

function answers(state: RunState, labels: readonly AnswerLabel[], boundary: string, self: Alias | null = null): string {
  const shown = labels.flatMap((label): AnswerVersion | AnswerVersion[] => answerByLabel(state, label) ?? []);
  return fenceAnswers(
    shown.map((answer) => ({
      ...answer,
      text:
        answer.alias === self
          ? OWN_ANSWER
          : withActions(state, answer.label, asShown(answer, state.settings.peerAnswerChars)),
    })),
    boundary,
  );
}

/** A long answer is shown by its author's own summary, where there is one, else in parts. */
function asShown({ label, text, summary }: AnswerVersion, limit: number | null): string {
  const where = `${READ_ANSWER} shows all of ${label}.`;
  if (summary === undefined || limit === null || text.length <= limit) return shorten(text, limit, where);
  return `[Its author's own summary of ${text.length} characters. ${where}]\n${summary}`;
}

/** What others propose to do is a part of what they propose. */
function withActions(state: RunState, label: AnswerLabel, text: string): string {
  const lines = actionLines(actionsOf(state, label));
  return lines.length === 0 ? text : `${text}\n\nIf it wins, these calls are made:\n${lines.join('\n')}`;
}

/** For the winner in a run that plans: what is to be done now. */
function actionTask(state: RunState, label: AnswerLabel): string {
  const due = actionsOf(state, label).filter(({ stage }) => stage === 'proposed');
  if (due.length === 0) return '';
  return `Before you reply, make the calls that were planned with your answer, each once, in this order and with exactly these arguments; no other call with effects outside of your workspace is possible. Say in your reply what came of them.\n${actionLines(due).join('\n')}`;
}
