import type { RunEvent, TurnKind } from '../../events/event.ts';
import { limitText } from '../../coordination/budget.ts';
import { leftText } from '../../coordination/actions.ts';
import { hookText } from '../../coordination/hooks.ts';
import { nestedText } from '../../coordination/nested.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { BlockList, describeArgs, listArgs, type NoticeBlock } from './blocks.ts';
import { filesText, forPart } from './timeline.ts';

const TURN_WORDS: Record<TurnKind, string> = {
  solo: 'working alone',
  draft: 'writing a first answer',
  judge: 'judging',
  present: 'presenting the final answer',
  evaluate: 'checking the final answer',
};

/** What one agent said and did, as blocks: a fold of the events that carry its alias. */
export class Transcript {
  readonly list = new BlockList();
  /** Rises with every event that changed something. */
  version = 0;
  /** The first block of the request in flight. */
  #requestFrom = 0;
  /** What the provider last said of a request that failed. */
  #failure = '';
  readonly #pending = new Map<string, { block: NoticeBlock; text: string }>();

  apply(event: RunEvent): void {
    this.version++;
    const { list } = this;
    list.seq = event.seq;
    switch (event.type) {
      case 'turn.started': {
        const { kind, view } = event.data;
        list.notice('dim', `${TURN_WORDS[kind]}${kind === 'judge' ? ` ${seen(view)}` : ''}`);
        break;
      }
      case 'turn.finished':
        if (event.data.outcome === 'aborted') this.interrupt();
        else list.endStream();
        list.stopTools();
        break;
      case 'context.added':
        if (event.data.isReset) break;
        list.endStream();
        break;
      case 'update.delivered':
        list.notice('info', `newer answers arrived: now sees ${seen(event.data.view)}`);
        break;
      case 'message.delivered':
        this.#delivered(event.data.message);
        break;
      case 'request.delayed':
        list.notice('info', `waits ${seconds(event.data.ms)}: ${event.data.detail}`);
        break;
      case 'model.switched': {
        const { from, to, error } = event.data;
        list.notice('warn', `goes on with ${to} instead of ${from}: ${error.message}`);
        break;
      }
      case 'budget.warned':
        list.notice('warn', `${event.data.percent} % of its ${limitText(event.data)} used`);
        break;
      case 'budget.reached':
        list.notice('warn', `its ${limitText(event.data)} are used up`);
        break;
      case 'tools.prepared':
        for (const problem of event.data.problems) list.notice('warn', `tools: ${problem}`);
        break;
      case 'snapshot.taken': {
        const { label, files, bytes, leftOut, problem } = event.data;
        if (files > 0) list.notice('info', `${filesText(files, bytes)} kept with ${label}`);
        if (leftOut > 0) list.notice('warn', `${leftOut === 1 ? 'one file was' : `${leftOut} files were`} left out`);
        if (problem !== null) list.notice('warn', `files of ${label}: ${problem}`);
        break;
      }
      case 'snapshot.restored': {
        const { label, problem } = event.data;
        if (problem === null) list.notice('info', `works with the files of ${label}`);
        else list.notice('warn', `files of ${label} not given back: ${problem}`);
        break;
      }
      case 'request.started':
        list.endStream();
        this.#requestFrom = list.nextId;
        break;
      case 'text.appended':
        list.stream('text', event.data.request, event.data.text);
        break;
      case 'reasoning.appended':
        list.stream('reasoning', event.data.request, event.data.text);
        break;
      case 'request.finished': {
        const { message, stopReason } = event.data;
        list.endStream();
        this.#complete('reasoning', message.reasoning ?? '');
        this.#complete('text', message.text);
        if (stopReason === 'max-tokens') list.notice('warn', 'the reply was cut off at the token limit');
        if (stopReason === 'refusal') list.notice('warn', 'the model refused to answer');
        if (stopReason === 'content-filter') list.notice('warn', 'the provider filtered the reply');
        break;
      }
      case 'request.failed': {
        const { error, retryInMs } = event.data;
        // Somebody stopped it: the end of the turn says so, and what was written is marked there.
        if (error.kind === 'aborted') break;
        this.#failure = error.message;
        const next = retryInMs === null ? 'no further try' : `next try in ${seconds(retryInMs)}`;
        list.notice(retryInMs === null ? 'err' : 'warn', `${error.kind}: ${error.message} (${next})`);
        break;
      }
      case 'tool.started': {
        const { call, parent } = event.data;
        const name = parent === undefined ? call.name : `${call.name} (from code)`;
        list.tool(call.id, name, describeArgs(call.args, call.rawArgs), listArgs(call.args, call.rawArgs));
        break;
      }
      case 'tool.progressed':
        list.toolProgressed(event.data.callId, event.data.message);
        break;
      case 'tool.finished':
        list.toolFinished(event.data.callId, event.data.output, event.data.isError, event.data.durationMs);
        for (const { path } of event.data.pictures ?? []) list.notice('info', `picture: ${path}`);
        break;
      case 'subagent.started': {
        const { subagent, task } = event.data;
        list.tool(subagent, subagent, task.slice(0, 300), task);
        break;
      }
      case 'subagent.worked': {
        const { subagent, text, tool } = event.data;
        const what = tool === null ? text : `uses ${tool}`;
        if (what.trim() !== '') list.toolProgressed(subagent, what);
        break;
      }
      case 'subagent.finished': {
        const { subagent, outcome, text, reason, durationMs } = event.data;
        const isError = outcome !== 'answered';
        list.toolFinished(subagent, isError ? `${outcome}: ${reason}` : text, isError, durationMs);
        break;
      }
      case 'builtin.used':
        list.tool(event.data.use, event.data.name, event.data.detail.slice(0, 300));
        break;
      case 'builtin.returned':
        list.toolFinished(event.data.use, event.data.output, event.data.isError, event.data.durationMs);
        break;
      case 'source.cited':
        list.notice('dim', `source: ${[event.data.title, event.data.url].filter(Boolean).join(' ')}`);
        break;
      case 'file.received': {
        const { name, path, bytes } = event.data;
        list.notice('info', path === null ? `file: ${name}` : `file: ${path} (${filesText(1, bytes ?? 0)})`);
        break;
      }
      case 'approval.requested':
        list.notice(
          'warn',
          `${forPart(event.data)}asks leave for ${[event.data.tool, event.data.target].filter(Boolean).join(': ')}`,
        );
        break;
      case 'approval.decided': {
        const { request, isAllowed, by, edited } = event.data;
        if (request === null && isAllowed) break;
        const reason = edited === undefined ? event.data.reason : `as ${edited}`;
        const who = by === 'user' ? 'you' : by;
        const why = reason === '' ? '' : `: ${reason}`;
        list.notice(
          isAllowed ? 'ok' : 'warn',
          `${forPart(event.data)}${isAllowed ? 'allowed' : 'denied'} by ${who}${why}`,
        );
        break;
      }
      case 'nested.counted':
        list.notice('dim', nestedText(event.data));
        break;
      case 'actions.left':
        list.notice('warn', leftText(event.data));
        break;
      case 'risk.judged': {
        const { tool, risk, reason } = event.data;
        const text = `risk of ${tool}: ${risk ?? 'not judged'}${reason === '' ? '' : `: ${reason}`}`;
        list.notice(risk === 'low' || risk === 'medium' ? 'dim' : 'warn', text);
        break;
      }
      case 'hook.finished': {
        const text = hookText(event.data);
        if (text !== null) list.notice(event.data.outcome === 'failed' ? 'err' : 'warn', text);
        break;
      }
      case 'question.asked': {
        const to = event.data.to.map((each) => (each === 'user' ? 'you' : each)).join(', ');
        list.notice(
          'warn',
          event.data.server === undefined ? `${forPart(event.data)}asks ${to}: ${event.data.text}` : event.data.text,
        );
        break;
      }
      case 'question.answered': {
        const { by, outcome, choices, text, reason } = event.data;
        const said = [...choices, text].filter((part) => part !== '').join(', ');
        const who = by === 'user' ? 'you' : by === event.agent ? 'its model' : by;
        if (outcome === 'answered') list.notice('ok', `${who}: ${said}`);
        else list.notice('dim', `${who}: ${outcome.replace('-', ' ')}${reason === '' ? '' : `, ${reason}`}`);
        break;
      }
      case 'call.refused':
        list.notice('warn', `not accepted: ${event.data.message}`);
        break;
      case 'answer.submitted': {
        const { label, text, source, isCut } = event.data;
        list.notice('ok', `answer ${label}${isCut ? ' (cut off)' : ''}`);
        // An answer that was streamed as plain text stands above already.
        if (source === 'tool') list.answer(text);
        break;
      }
      case 'ballot.cast':
        list.notice('ok', `voted for ${event.data.choice}: ${event.data.reason}`);
        break;
      case 'agent.failed': {
        // What stands right above needs no second reading.
        const { message } = event.data.error;
        list.notice('err', message === this.#failure ? 'out of the run' : `out of the run: ${message}`);
        break;
      }
      case 'agent.abstained':
        list.notice('warn', `does not vote: ${event.data.reason}`);
        break;
      default:
        // Events of the run as a whole stand in the timeline.
        break;
    }
  }

  /** The user said something; it is pending until the agent has read it. */
  told(message: string, text: string, seq: number): void {
    this.list.seq = seq;
    const block = this.list.aside('info', `you, not read yet: ${text}`);
    this.#pending.set(message, { block, text });
    this.version++;
  }

  #delivered(message: string): void {
    const pending = this.#pending.get(message);
    if (!pending) return;
    this.#pending.delete(message);
    pending.block.tone = 'ok';
    pending.block.text = sanitizeLine(`you, read: ${pending.text}`);
    pending.block.version++;
  }

  /** The agent was stopped: what it had written stays, and is marked as a part. */
  interrupt(): void {
    const { list } = this;
    const isPartial = list.isStreaming;
    list.endStream();
    list.stopTools();
    if (isPartial) list.notice('warn', 'interrupted here: the text above is not complete');
    else list.notice('dim', 'turn stopped');
    this.version++;
  }

  /** Deltas may be missing (a crash, a provider that does not stream): the finished message has all of the text. */
  #complete(kind: 'text' | 'reasoning', whole: string): void {
    const { list } = this;
    const streamed = list.streamed(kind, this.#requestFrom);
    const clean = sanitize(whole);
    if (clean.trim() === '' || normal(streamed) === normal(clean)) return;
    list.replaceStreamed(kind, this.#requestFrom, whole);
  }
}

/** Up to three answers by name, more by number. */
function seen(view: readonly string[]): string {
  return view.length > 3 ? `${view.length} answers` : view.join(' ');
}

function normal(text: string): string {
  return text.replace(/\s+/g, '');
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
