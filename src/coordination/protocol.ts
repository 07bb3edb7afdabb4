import type { Alias, AnswerLabel, EventData, RefusalCode } from '../events/event.ts';
import type { AssistantMessage, ToolCall, ToolSpec } from '../events/message.ts';
import type { StopReason } from '../events/model-error.ts';
import type { CoordinationSettings, RestartMode, VotingRule } from '../events/settings.ts';
import { isDivided } from './division.ts';
import { isTooSimilar } from './novelty.ts';
import type { AgentState, OpenTurn, RunState } from './state.ts';
import { allAnswersOf, answerByLabel, currentAnswers, latestAnswer, mayAnswer } from './views.ts';

/** Names of the two workflow tools. */
export const NEW_ANSWER = 'new_answer';
export const VOTE = 'vote';

/** With a number, authors sum up what has more characters than that. */
function answerTool(summaryAbove: number | null): ToolSpec {
  const summary = {
    type: 'string',
    description: `Only where content has more than ${summaryAbove} characters: what it says and how it comes to that, in a tenth of the length at most. Others are shown this first, and can read all of content.`,
  };
  return {
    name: NEW_ANSWER,
    description: 'Hand in your answer to the question. It must be complete on its own: others judge exactly this text.',
    parameters: {
      type: 'object',
      properties: {
        content: { type: 'string', description: 'The whole answer, in Markdown.' },
        ...(summaryAbove !== null && { summary }),
      },
      required: ['content'],
      additionalProperties: false,
    },
  };
}

/** The length above which an answer is to come with a summary; null where none is wanted. */
export function summaryAbove({ peerSummaries, peerAnswerChars }: CoordinationSettings): number | null {
  return peerSummaries ? peerAnswerChars : null;
}

/** The workflow tools of a team whose members each work on a part: there is nothing to vote on. */
export function partTools(summaryAt: number | null = null): ToolSpec[] {
  return [answerTool(summaryAt)];
}

/**
 * The workflow tools of a team. The same in every phase, so that the cached prefix of a prompt stays valid. Voters whose
 * own answers do not count are told so: whoever names nothing else would have no vote.
 */
export function workflowTools(
  aliases: readonly Alias[],
  rule: VotingRule,
  summaryAt: number | null = null,
  countSelfVotes = true,
): ToolSpec[] {
  const agents = aliases.toSorted();
  return [
    answerTool(summaryAt),
    {
      name: VOTE,
      description: `Vote for the best of the answers you have been shown. ${countSelfVotes ? 'Your own answer may be the best one.' : 'Choose among those of the others: a vote for your own does not count.'}`,
      parameters: {
        type: 'object',
        properties: {
          agent_id: { type: 'string', enum: agents, description: 'The agent whose answer is the best.' },
          reason: { type: 'string', description: 'Why, in one or two sentences.' },
          ranking: {
            type: 'array',
            items: { type: 'string', enum: agents },
            description:
              rule === 'approval'
                ? 'Optional: all agents whose answers you approve of, beginning with agent_id.'
                : 'Optional: all agents you can rank, best first, beginning with agent_id.',
          },
        },
        required: ['agent_id', 'reason'],
        additionalProperties: false,
      },
    },
  ];
}

/** Names of the two tools of whoever evaluates the presented answer. */
export const SUBMIT = 'submit';
export const RESTART = 'restart_orchestration';

/** With `selective`, answers can be named that are to stay. */
export function evaluationTools(mode: RestartMode = 'selective'): ToolSpec[] {
  const keep = {
    type: 'array',
    items: { type: 'string' },
    description:
      'Optional: agents other than its author whose answers are good as they are. These stay, and only the others answer again.',
  };
  const text = (description: string): { type: string; description: string } => ({ type: 'string', description });
  return [
    {
      name: SUBMIT,
      description: 'The answer is good enough to be given to the user.',
      parameters: {
        type: 'object',
        properties: { confirmed: { type: 'boolean', enum: [true] } },
        required: ['confirmed'],
      },
    },
    {
      name: RESTART,
      description:
        'The answer is wrong or incomplete in a way that matters: the agents are to work on the question again.',
      parameters: {
        type: 'object',
        properties: {
          reason: text('What is wrong with it.'),
          instructions: text('What to do differently.'),
          ...(mode === 'selective' && { keep }),
        },
        required: ['reason', 'instructions'],
      },
    },
  ];
}

const WORKFLOW: ReadonlySet<string> = new Set([NEW_ANSWER, VOTE, SUBMIT, RESTART]);

export function isWorkflowCall(call: ToolCall): boolean {
  return WORKFLOW.has(call.name);
}

export interface Refusal {
  /** Null when there was no call to answer. */
  callId: string | null;
  name: string | null;
  code: RefusalCode;
  message: string;
}

/** What a finished reply means for the run. */
export type Verdict =
  /** Only ordinary tools were called, or the provider paused in the middle: ask again with what there is. */
  | { type: 'continue' }
  | { type: 'answer'; answer: Omit<EventData['answer.submitted'], 'turn'>; refusals: Refusal[] }
  | { type: 'ballot'; ballot: Omit<EventData['ballot.cast'], 'turn' | 'ballot'> }
  | { type: 'presented'; text: string; isCut: boolean }
  | { type: 'evaluated'; evaluation: Omit<EventData['answer.evaluated'], 'turn'> }
  | { type: 'refused'; refusals: Refusal[] };

/**
 * Judges one finished reply of an agent in its open turn. Pure; the state must be the one in which the verdict is
 * recorded, so that two agents that answer in the same moment are judged one after the other.
 */
export function judgeReply(
  state: RunState,
  agent: AgentState,
  turn: OpenTurn,
  reply: { message: AssistantMessage; stopReason: StopReason },
): Verdict {
  const { calls, text } = reply.message;
  const workflow = calls.filter(isWorkflowCall);
  if (workflow.length === 0 && calls.length > 0 && reply.stopReason !== 'max-tokens') return { type: 'continue' };
  // The provider wants its own tools to go on: it gets the reply back as it is, and continues it.
  if (workflow.length === 0 && reply.stopReason === 'pause') return { type: 'continue' };
  if (turn.kind === 'evaluate') return judgeEvaluation(state, workflow, text);
  if (turn.kind === 'present' || turn.kind === 'solo') return judgeText(agent, turn, reply.stopReason, text, calls);
  if (workflow.length === 0) return judgeText(agent, turn, reply.stopReason, text, calls);
  if (isDivided(state) && workflow.some((call) => call.name === VOTE)) {
    return refuseAll(
      workflow,
      'wrong-phase',
      `There is no vote on parts of the work. Hand in yours with ${NEW_ANSWER}.`,
    );
  }
  const votes = workflow.filter((call) => call.name === VOTE);
  const answers = workflow.filter((call) => call.name === NEW_ANSWER);
  if (votes.length > 0 && answers.length > 0) {
    return refuseAll(
      workflow,
      'vote-and-answer',
      'Either hand in a new answer or vote, not both. Nothing was recorded; call exactly one of the two.',
    );
  }
  if (votes.length + answers.length === 0) {
    return refuseAll(workflow, 'wrong-phase', `This tool cannot be used now. Call ${NEW_ANSWER} or ${VOTE}.`);
  }
  if (votes.length > 1) {
    return refuseAll(
      workflow,
      'several-votes',
      `You voted ${votes.length} times. Nothing was recorded; vote exactly once.`,
    );
  }
  const [vote] = votes;
  // What the user vetoed meanwhile is no longer there to vote for.
  const view = turn.view.filter((label) => !Object.hasOwn(state.vetoes, label));
  return vote ? judgeVote({ ...turn, view }, vote) : judgeAnswers(state, agent, turn, answers, text);
}

/** One shot: whoever does not ask for a restart has let the answer pass. */
function judgeEvaluation(state: RunState, calls: readonly ToolCall[], text: string): Verdict {
  const restart = calls.find((call) => call.name === RESTART && call.args);
  const submit = calls.find((call) => call.name === SUBMIT);
  const word = (key: string): string => {
    const value = restart?.args?.[key];
    return typeof value === 'string' ? value : '';
  };
  const evaluation = restart
    ? {
        isGood: false,
        reason: word('reason'),
        instructions: word('instructions'),
        ...keptBy(state, restart),
        callId: restart.id,
      }
    : { isGood: true, reason: text, instructions: '', callId: submit?.id ?? null };
  return { type: 'evaluated', evaluation };
}

/** The answer that was presented never stays, so that something is done anew. */
function keptBy(state: RunState, { args }: ToolCall): { keep?: AnswerLabel[] } {
  const named = args?.['keep'];
  if (state.settings.restartMode !== 'selective' || !Array.isArray(named)) return {};
  const keep = currentAnswers(state).flatMap(({ label, alias }) =>
    label !== state.winner?.label && (named.includes(alias) || named.includes(label)) ? label : [],
  );
  return keep.length > 0 ? { keep } : {};
}

function judgeText(
  agent: AgentState,
  turn: OpenTurn,
  stopReason: StopReason,
  text: string,
  calls: readonly ToolCall[],
): Verdict {
  const isCut = stopReason === 'max-tokens';
  // Also of a presenter that says something beside it: the final answer may be in the call.
  if (calls.length > 0) {
    return refuseAll(
      calls,
      isCut ? 'cut-off' : 'wrong-phase',
      isCut ? CUT_OFF : 'This tool cannot be used now. Reply with the answer itself.',
    );
  }
  if (turn.kind === 'judge')
    return refuse(null, 'no-call', `Finish by calling ${VOTE} or, if you can do clearly better, ${NEW_ANSWER}.`);
  if (!text.trim()) return refuse(null, 'empty-answer', 'Your reply was empty. Reply with your answer.');
  if (isCut && turn.kind !== 'solo' && turn.refusals === 0) return refuse(null, 'cut-off', CUT_OFF);
  if (turn.kind === 'present') return { type: 'presented', text, isCut };
  const label = nextLabel(agent);
  return { type: 'answer', answer: { label, text, source: 'text', isCut, callId: null }, refusals: [] };
}

const CUT_OFF = 'Your reply was cut off at the output limit, so nothing of it was used. Be shorter.';

/** Told with a final answer of which there is no whole one. */
export const CUT_NOTICE = 'Its model stopped at its output limit, so the answer is cut off.';

function judgeVote(turn: OpenTurn, call: ToolCall): Verdict {
  if (turn.view.length === 0) {
    return refuse(
      call,
      'nothing-to-vote-on',
      `There is no answer to vote on yet. Hand in your own with ${NEW_ANSWER}.`,
    );
  }
  const target = call.args?.['agent_id'];
  if (typeof target !== 'string')
    return refuse(call, 'bad-arguments', `${VOTE} needs agent_id, one of: ${votable(turn)}.`);
  const choice = resolveTarget(turn, target);
  if (!choice)
    return refuse(call, 'unknown-target', `There is no answer by that name. Vote for one of: ${votable(turn)}.`);
  const listed = Array.isArray(call.args?.['ranking']) ? call.args['ranking'] : [];
  const others = listed.flatMap((item) => (typeof item === 'string' ? (resolveTarget(turn, item) ?? []) : []));
  const reason = call.args?.['reason'];
  return {
    type: 'ballot',
    ballot: {
      choice,
      ranking: [...new Set([choice, ...others])],
      reason: typeof reason === 'string' ? reason : '',
      view: turn.view,
      callId: call.id,
    },
  };
}

/** An agent's alias, or the label of an answer, as the voter saw it. Real ids are no names here. */
function resolveTarget(turn: OpenTurn, target: string): AnswerLabel | null {
  return turn.view.find((label) => label === target || aliasOfLabel(label) === target) ?? null;
}

function votable(turn: OpenTurn): string {
  return turn.view.map(aliasOfLabel).toSorted().join(', ');
}

export function aliasOfLabel(label: AnswerLabel): Alias {
  return label.slice(0, label.lastIndexOf('.'));
}

function nextLabel(agent: AgentState): AnswerLabel {
  return `${agent.info.alias}.${allAnswersOf(agent).length + 1}`;
}

/** The first answer that can be taken counts; with several calls the others are refused. */
function judgeAnswers(state: RunState, agent: AgentState, turn: OpenTurn, calls: ToolCall[], spoken: string): Verdict {
  const judged = calls.map((call) => ({ call, ...checkAnswer(state, agent, turn, call, spoken) }));
  const accepted = judged.find((entry) => entry.refusal === null);
  const refusals = judged.flatMap((entry) => {
    if (entry === accepted) return [];
    if (entry.refusal) return [entry.refusal];
    return [
      {
        callId: entry.call.id,
        name: NEW_ANSWER,
        code: 'bad-arguments' as const,
        message: 'Only one answer per reply is taken; the first one was.',
      },
    ];
  });
  if (!accepted) return { type: 'refused', refusals };
  const answer = {
    label: nextLabel(agent),
    text: accepted.text,
    source: 'tool' as const,
    isCut: false,
    callId: accepted.call.id,
    ...summaryIn(state, accepted.call, accepted.text),
  };
  return { type: 'answer', answer, refusals };
}

/** A summary counts where it is wanted, and is one. */
function summaryIn({ settings }: RunState, { args }: ToolCall, text: string): { summary?: string } {
  const limit = summaryAbove(settings);
  const given = args?.['summary'];
  if (limit === null || text.length <= limit || typeof given !== 'string') return {};
  const summary = given.trim().slice(0, limit).toWellFormed();
  return summary === '' ? {} : { summary };
}

function checkAnswer(
  state: RunState,
  agent: AgentState,
  turn: OpenTurn,
  call: ToolCall,
  spoken: string,
): { text: string; refusal: Refusal | null } {
  const content = call.args?.['content'];
  // Some models call the tool without arguments, having written the answer as plain text before.
  const text = typeof content === 'string' && content.trim() ? content : call.args ? spoken : '';
  const no = (code: RefusalCode, message: string): { text: string; refusal: Refusal } => ({
    text,
    refusal: { callId: call.id, name: NEW_ANSWER, code, message },
  });
  if (call.args === null)
    return no(
      'bad-arguments',
      'The arguments were no valid JSON object, so nothing was recorded. Call the tool again.',
    );
  if (!mayAnswer(state, agent))
    return no('answer-cap', `You have handed in all the answers you may. Finish by calling ${VOTE}.`);
  if (!text.trim()) return no('empty-answer', 'The answer is empty. Put the whole answer into content.');
  const seen = turn.view.flatMap((label) => answerByLabel(state, label) ?? []);
  const own = latestAnswer(agent);
  const twin = [...seen, ...(own ? [own] : [])].find((answer) => answer.text.trim() === text.trim());
  if (twin)
    return no(
      'duplicate-answer',
      `This is word for word the answer ${twin.label}. Vote for it if it is the best, or improve on it.`,
    );
  const near = [...seen, ...(own ? [own] : [])].find((answer) =>
    isTooSimilar(text, answer.text, state.settings.novelty),
  );
  if (near)
    return no(
      'not-novel',
      `This is nearly the answer ${near.label}. Vote for it if it is the best, or hand in something that really differs.`,
    );
  return { text, refusal: null };
}

function refuse(call: ToolCall | null, code: RefusalCode, message: string): Verdict {
  return { type: 'refused', refusals: [{ callId: call?.id ?? null, name: call?.name ?? null, code, message }] };
}

/** Every call needs its own result, since providers reject a conversation in which one is missing. */
function refuseAll(calls: readonly ToolCall[], code: RefusalCode, message: string): Verdict {
  return { type: 'refused', refusals: calls.map((call) => ({ callId: call.id, name: call.name, code, message })) };
}
