import { limitText } from '../coordination/budget.ts';
import { leftText } from '../coordination/actions.ts';
import { gradeWord } from '../coordination/grades.ts';
import { hookText } from '../coordination/hooks.ts';
import { nestedText } from '../coordination/nested.ts';
import type { RunState } from '../coordination/state.ts';
import { elapsedMs } from '../coordination/views.ts';
import type { EventOf, RunEvent } from '../events/event.ts';
import { diffLines } from './diff-lines.ts';
import { count, runCost, seconds } from './figures.ts';
import { partOf } from './part-of.ts';
import { oneLine, plainText, preview } from './plain-text.ts';
import { authorId } from './winner-id.ts';

/** Characters of a model's text that a line shows; all of it is in the log. */
const TEXT_CHARS = 160;

/** What a person reads about an event: no line, one, or several, each with its `[who]` and without a line break. */
export function linesFor(event: RunEvent, state: RunState, dir: string): string[] {
  const isOfAll = event.agent === undefined || event.type === 'winner.chosen' || event.type === 'answer.presented';
  const who = isOfAll
    ? 'run'
    : `${state.agents[event.agent ?? '']?.info.id ?? event.agent ?? ''}${partOf(event, state)}`;
  // Texts are made harmless one by one, so that none swallows its neighbours; the whole, so that none is forgotten.
  return describe(event, state, dir).map((line) => oneLine(`[${oneLine(who)}] ${line}`));
}

const PREPARED = {
  personas: 'points of view',
  rewording: 'rewordings of the question',
  subtasks: 'parts of the work',
} as const;

const LIMITED = {
  noticed: 'is told to finish its round',
  closed: 'has only its answer or vote left to give',
  stopped: 'is stopped: its time for the round is over',
} as const;

function describe(event: RunEvent, state: RunState, dir: string): string[] {
  switch (event.type) {
    case 'run.started':
      return describeStart(event, dir);
    case 'run.resumed':
      return ['the run goes on'];
    case 'run.cancelled':
      return [`cancelled by ${event.data.by}`];
    case 'deadline.reached':
      return [`time is up after ${seconds(event.data.limitMs)}`];
    case 'preparation.started':
      return [`prepares ${PREPARED[event.data.what]}`];
    case 'preparation.finished': {
      const { what, problem } = event.data;
      return [`${PREPARED[what]} ${problem === null ? 'ready' : `not complete: ${oneLine(problem)}`}`];
    }
    case 'deadline.neared':
      return [
        `time is up in ${seconds(event.data.leftMs)}${event.data.stage === 'closed' ? ', no further tools' : ''}`,
      ];
    case 'turn.limited':
      return [LIMITED[event.data.stage]];
    case 'budget.warned':
      return [`${event.data.percent} % of ${limitText(event.data)} used`];
    case 'budget.reached':
      return [`${limitText(event.data)} used up`];
    case 'budget.unpriced':
      return [`note: ${oneLine(event.data.message)}`];
    case 'drafting.closed':
      return [`answer now, asked by ${event.data.by}`];
    case 'message.sent':
      return [
        `message to ${event.data.to.map((alias) => nameAgent(state, alias)).join(', ')}: ${oneLine(event.data.text)}`,
      ];
    case 'message.delivered':
      return ['got the message'];
    case 'vote.added':
      return [`you vote for ${nameAnswer(state, event.data.choice)}`];
    case 'answer.vetoed':
      return [`you veto ${nameAnswer(state, event.data.label)}: ${oneLine(event.data.reason)}`];
    case 'vote.overridden':
      return [`you choose ${nameAnswer(state, event.data.label)}`];
    case 'request.delayed':
      return [`waits ${seconds(event.data.ms)}: ${oneLine(event.data.detail)}`];
    case 'model.switched':
      return [
        `goes on with ${oneLine(event.data.to)} instead of ${oneLine(event.data.from)} (${event.data.error.kind})`,
      ];
    case 'run.finished':
      return [
        `${event.data.outcome} after ${seconds(elapsedMs(state, state.updatedAt))}, ` +
          `${count(state.usage.input + state.usage.output, 'token')}, ${runCost(state)}: ${oneLine(event.data.reason)}`,
      ];
    case 'turn.started':
      return [describeTurn(event)];
    case 'turn.finished':
      return event.data.outcome === 'aborted' ? ['stops'] : [];
    case 'update.delivered':
      return [`now sees ${event.data.view.join(', ')}`];
    case 'request.finished': {
      const text = preview(event.data.message.text, TEXT_CHARS);
      return text === '' ? [] : [`says: ${text}`];
    }
    case 'request.failed': {
      const { error, retryInMs } = event.data;
      const next = retryInMs === null ? 'no further try' : `next try in ${seconds(retryInMs)}`;
      return [`model call failed (${error.kind}), ${next}: ${oneLine(error.message)}`];
    }
    case 'tool.started':
      return [`uses ${oneLine(event.data.call.name)}${event.data.parent === undefined ? '' : ' from code'}`];
    case 'tool.finished': {
      const { name, output, isError, durationMs, pictures = [] } = event.data;
      return [
        isError
          ? `${oneLine(name)} failed: ${preview(output, TEXT_CHARS)}`
          : `${oneLine(name)} done in ${seconds(durationMs)}`,
        ...pictures.map(({ path }) => `gets a picture: ${oneLine(`${dir}/${path}`)}`),
      ];
    }
    case 'builtin.used': {
      const { name, detail } = event.data;
      return [`uses the provider's ${oneLine(name)}${detail === '' ? '' : `: ${preview(detail, TEXT_CHARS)}`}`];
    }
    case 'builtin.returned': {
      const { name, output, isError } = event.data;
      return isError ? [`the provider's ${oneLine(name)} failed: ${preview(output, TEXT_CHARS)}`] : [];
    }
    case 'source.cited':
      return [`cites ${oneLine(event.data.url)}${event.data.title === '' ? '' : ` (${oneLine(event.data.title)})`}`];
    case 'file.received': {
      const { name, path } = event.data;
      return [path === null ? `refers to the file ${oneLine(name)}` : `made a file: ${oneLine(`${dir}/${path}`)}`];
    }
    case 'call.refused':
      return [`refused (${event.data.code}): ${oneLine(event.data.message)}`];
    case 'answer.submitted': {
      const { label, text, isCut } = event.data;
      return [
        `answers as ${label} (${count(text.length, 'character')}${isCut ? ', cut off' : ''}): ${preview(text, TEXT_CHARS)}`,
      ];
    }
    case 'ballot.cast': {
      const { choice, reason } = event.data;
      return [`votes for ${nameAnswer(state, choice)}: ${oneLine(reason)}`];
    }
    case 'agent.failed':
      return [`is out (${event.data.error.kind}): ${oneLine(event.data.error.message)}`];
    case 'agent.abstained':
      return [`will not vote: ${oneLine(event.data.reason)}`];
    case 'winner.chosen':
      return describeWinner(event, state);
    case 'answer.presented':
      return event.data.notice === null ? [] : [`note: ${oneLine(event.data.notice)}`];
    case 'answer.evaluated':
      return [event.data.isGood ? 'finds the answer good' : `finds the answer wanting: ${oneLine(event.data.reason)}`];
    case 'attempt.started': {
      const { attempt, feedback, kept = [] } = event.data;
      const staying = kept.length > 0 ? ` (${kept.join(', ')} ${kept.length === 1 ? 'stays' : 'stay'})` : '';
      return [`attempt ${attempt} begins${staying}: ${oneLine(feedback.instructions)}`];
    }
    case 'tools.prepared':
      return event.data.problems.map((problem) => `tools: ${oneLine(problem)}`);
    case 'snapshot.taken':
    case 'snapshot.restored':
      return event.data.problem === null ? [] : [`files of ${event.data.label}: ${oneLine(event.data.problem)}`];
    case 'approval.requested':
      return [
        `asks for leave: ${oneLine(`${event.data.action} ${event.data.target}`)}`,
        ...diffLines(event.data.diff, MOST_DIFF_LINES),
      ];
    case 'approval.decided': {
      const { isAllowed, action, target, by, reason, edited } = event.data;
      const made = edited === undefined ? '' : `, changed to: ${oneLine(edited)}`;
      const what = `${oneLine(`${action} ${target}`)}${made}`;
      return [`${isAllowed ? 'may' : 'may not'} (${by}): ${what}${reason === '' ? '' : `: ${oneLine(reason)}`}`];
    }
    case 'risk.judged': {
      const { tool, risk, reason } = event.data;
      return [`risk of ${oneLine(tool)}: ${risk ?? 'not judged'}${reason === '' ? '' : `: ${oneLine(reason)}`}`];
    }
    case 'hook.finished':
      return [hookText(event.data)].flatMap((text) => (text === null ? [] : oneLine(text)));
    case 'question.asked':
      if (event.data.server !== undefined) return [preview(event.data.text, TEXT_CHARS)];
      return [`asks ${event.data.to.join(', ')}: ${preview(event.data.text, TEXT_CHARS)}`];
    case 'question.answered': {
      const { by, outcome, choices, text, reason } = event.data;
      const said = outcome === 'answered' ? [...choices, text].filter(Boolean).join('; ') : `${outcome}, ${reason}`;
      // What its own model says is said to a server.
      return [`${by === event.agent ? 'its model says' : `is told by ${by}`}: ${preview(said, TEXT_CHARS)}`];
    }
    case 'subagent.started':
      return [`has ${oneLine(event.data.subagent)} work on: ${preview(event.data.task, TEXT_CHARS)}`];
    case 'subagent.worked': {
      const { subagent, text, tool } = event.data;
      const what =
        tool === null ? (text.trim() === '' ? '' : `says: ${preview(text, TEXT_CHARS)}`) : `uses ${oneLine(tool)}`;
      return what === '' ? [] : [`${oneLine(subagent)} ${what}`];
    }
    case 'subagent.finished': {
      const { subagent, outcome, reason, durationMs } = event.data;
      const why = outcome === 'answered' ? '' : `: ${oneLine(reason)}`;
      return [`${oneLine(subagent)} ${outcome} after ${seconds(durationMs)}${why}`];
    }
    case 'nested.counted':
      return [oneLine(nestedText(event.data))];
    case 'action.proposed':
      return [
        `plans, and does not do yet: ${oneLine(event.data.tool)} ${preview(JSON.stringify(event.data.args), TEXT_CHARS)}`,
      ];
    case 'action.begun':
      return ['does what was planned'];
    case 'action.ended':
      return [event.data.isError ? 'what was planned failed' : 'did what was planned'];
    case 'actions.left':
      return [oneLine(leftText(event.data))];
    case 'plan.changed': {
      const { tasks } = event.data;
      return [`plan: ${tasks.filter(({ status }) => status === 'done').length} of ${count(tasks.length, 'task')} done`];
    }
    case 'changes.proposed': {
      const { files, base, problems = [] } = event.data;
      const told = problems.map((problem) => oneLine(problem));
      return files.length === 0 ? told : [`${count(files.length, 'file')} would change in ${oneLine(base)}`, ...told];
    }
    case 'changes.decided':
      return [`${count(event.data.paths.length, 'file')} accepted by ${event.data.by}`];
    case 'changes.applied':
      return [
        `${count(event.data.paths.length, 'file')} changed in your folder; massgen undo brings back what was there`,
        ...(event.data.conflicts ?? []).map(
          ({ path, reason }) => `${oneLine(path)} was left as it is: ${oneLine(reason)}`,
        ),
      ];
    case 'changes.begun':
      return [];
    case 'changes.undone':
      return [`${count(event.data.paths.length, 'file')} brought back`];
    case 'answer.rated':
      return event.data.rating === null ? [] : [`rated ${event.data.rating}`];
    case 'answer.graded': {
      const { label, grader } = event.data;
      return [`${label ?? 'the final answer'} graded ${gradeWord(event.data)} (${oneLine(grader)})`];
    }
    // Streamed text is told when the reply is complete; the rest is for programs.
    case 'turn.interrupted':
    case 'context.added':
    case 'request.started':
    case 'text.appended':
    case 'reasoning.appended':
    case 'tool.progressed':
    case 'tool.released':
      return [];
    default:
      return event satisfies never;
  }
}

const MOST_DIFF_LINES = 40;

function describeStart({ data }: EventOf<'run.started'>, dir: string): string[] {
  const agents = data.agents.map(({ id, model }) =>
    model === '' ? oneLine(id) : `${oneLine(id)} (${oneLine(model)})`,
  );
  return [
    `${count(data.agents.length, 'agent')} of ${oneLine(data.team)}: ${agents.join(', ')}`,
    `question: ${oneLine(data.question)}`,
    ...(data.inputs ? [`with ${data.inputs.map(({ name }) => oneLine(name)).join(', ')}`] : []),
    `log: ${oneLine(dir)}`,
  ];
}

function describeTurn({ data }: EventOf<'turn.started'>): string {
  const seen = data.view.length === 0 ? '' : ` ${data.view.join(', ')}`;
  switch (data.kind) {
    case 'solo':
      return 'begins to answer';
    case 'draft':
      return data.view.length === 0 ? 'begins to answer' : `begins to answer, seeing${seen}`;
    case 'judge':
      return `judges${seen}`;
    case 'present':
      return 'presents the final answer';
    case 'evaluate':
      return 'checks the final answer';
    default:
      return data.kind satisfies never;
  }
}

function describeWinner({ data }: EventOf<'winner.chosen'>, state: RunState): string[] {
  const lines = [
    `winner: ${nameAnswer(state, data.label)} by ${data.rule}, ${count(data.ballots, 'ballot')}: ${oneLine(data.reason)}`,
  ];
  if (data.tie) lines.push(`a tie of ${data.tie.labels.join(', ')} was decided by ${data.tie.decidedBy}`);
  return lines;
}

function nameAgent(state: RunState, alias: string): string {
  return oneLine(state.agents[alias]?.info.id ?? alias);
}

function nameAnswer(state: RunState, label: string): string {
  const author = authorId(state, label);
  return author === null ? oneLine(label) : `${label} of ${oneLine(author)}`;
}

/** The final answer as it goes to stdout: sanitized, with one line break at its end. */
export function finalText(text: string): string {
  return `${plainText(text).trimEnd()}\n`;
}
