import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolCall } from '../../events/message.ts';
import type { ModelError } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import { NEW_ANSWER, VOTE } from '../../coordination/protocol.ts';
import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError } from '../../platform/errors.ts';
import { ASIDE, type CallPurpose, type ModelEvent, type ModelRequest, type Provider } from '../provider.ts';
import { inputTokens, ownAlias, shownAnswers } from './conversation.ts';
import { cut, play, type Ending, type Step } from './play.ts';
import { parseScript, readScript, type Script, type ScriptTurn } from './script-format.ts';
import { resolveTarget, type Target } from './targets.ts';

/**
 * A provider that plays `options.script` (a script, or the path of one; the format is in `script-format.ts`) instead
 * of asking a model. Rejects with a MassgenError when the script cannot be read or is not valid. A call that no turn
 * fits fails with `bad-request`. Which turns are used up is remembered per provider, not in the log: a resumed run
 * begins its scripts anew. Only the number of a call goes on, counted from the replies in the conversation.
 */
export async function createScriptedProvider(backend: BackendSpec, deps: { clock: Clock }): Promise<Provider> {
  const { script: option } = backend.options;
  if (option === undefined || option === '') {
    throw new MassgenError(
      'script',
      'A scripted agent has no script. Set "script" in its options to a file or a list of turns.',
    );
  }
  const isPath = typeof option === 'string';
  const script = isPath ? await readScript(option) : await parseScript(option, 'of the agent');
  const source = isPath ? option : 'of the agent';
  const used = new Set<ScriptTurn>();
  /** Keyed by the usage object of the end event, the only thing that `costUsd` is told. */
  const costs = new WeakMap<Usage, number | null>();
  let requests = 0;

  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    // A run that goes on in a new process goes on counting, so that `request` means the same call.
    if (requests === 0) requests = request.messages.filter((message) => message.role === 'assistant').length;
    const kind = request.purpose;
    if (!ASIDE.has(kind)) requests += 1;
    const number = requests;
    const index = script.turns.findIndex((turn) => !used.has(turn) && fits(turn, kind, number));
    const turn = script.turns[index];
    if (!turn) {
      const message = `The script ${source} has no turn left for call ${number}, a ${kind} call. Add one, or "repeat: true".`;
      return yield { type: 'failed', error: { kind: 'bad-request', message }, usage: NO_USAGE };
    }
    if (!turn.repeat) used.add(turn);
    const calls = callsOf(turn, request);
    if (typeof calls === 'string') {
      const message = `The script ${source}, turn ${index + 1}: ${calls}`;
      return yield { type: 'failed', error: { kind: 'bad-request', message }, usage: NO_USAGE };
    }
    const performance = {
      steps: stepsOf(turn, script, calls),
      ending: endingOf(turn),
      input: inputTokens(request),
      usage: usageOf(turn),
    };
    for await (const event of play(performance, deps.clock, request.signal)) {
      if (event.type === 'finished' || event.type === 'failed') {
        costs.set(event.usage, turn.cost_usd === undefined ? 0 : turn.cost_usd);
      }
      yield event;
    }
  }

  return {
    model: backend.model || 'scripted',
    stream,
    costUsd: (usage) => (costs.has(usage) ? (costs.get(usage) ?? null) : 0),
  };
}

/** Calls beside the agent's own turns are no part of its script unless a turn names them. */
function fits(turn: ScriptTurn, kind: CallPurpose, request: number): boolean {
  if (ASIDE.has(kind) && turn.when === undefined) return false;
  if (turn.request !== undefined && turn.request !== request) return false;
  return turn.when === undefined || [turn.when].flat().some((wanted) => wanted === kind);
}

/** The turn's tool calls with every special word resolved, or what is wrong with them. */
function callsOf(turn: ScriptTurn, request: ModelRequest): ToolCall[] | string {
  // Unique in the conversation, since each reply makes it longer.
  const prefix = `call-${request.messages.length}`;
  const calls: ToolCall[] = [];
  const add = (name: string, args: JsonObject, id?: string): void => {
    calls.push({ id: id ?? `${prefix}-${calls.length + 1}`, name, args, rawArgs: JSON.stringify(args) });
  };
  for (const call of turn.tool_calls ?? []) {
    if (call.raw_args === undefined) add(call.name, call.args ?? {}, call.id);
    else
      calls.push({ id: call.id ?? `${prefix}-${calls.length + 1}`, name: call.name, ...readArguments(call.raw_args) });
  }
  if (turn.answer !== undefined) add(NEW_ANSWER, { content: turn.answer });
  if (turn.vote !== undefined) {
    const args = voteArguments(turn.vote, request);
    if (typeof args === 'string') return args;
    add(VOTE, args);
  }
  return calls;
}

/** As an adapter reads the arguments off the wire. */
function readArguments(rawArgs: string): Pick<ToolCall, 'args' | 'rawArgs'> {
  try {
    const value: unknown = JSON.parse(rawArgs);
    return { args: isJsonObject(value) ? value : null, rawArgs };
  } catch {
    return { args: null, rawArgs };
  }
}

function voteArguments(vote: NonNullable<ScriptTurn['vote']>, request: ModelRequest): JsonObject | string {
  const answers = shownAnswers(request.messages);
  const self = ownAlias(request.messages);
  const { for: target, reason = 'As the script says.', ranking = [] } = typeof vote === 'object' ? vote : { for: vote };
  const unresolved: Target[] = [];
  const resolve = (word: Target): string => {
    const alias = resolveTarget(word, answers, self);
    if (alias === null) unresolved.push(word);
    return alias ?? '';
  };
  const choice = resolve(target);
  const ranked: JsonValue[] = ranking.map(resolve);
  if (unresolved.length > 0) {
    return `it votes for "${unresolved.join('", "')}", but the call shows ${answers.length} answers${self ? '' : ' and no alias of its own'}.`;
  }
  return { agent_id: choice, reason, ...(ranked.length > 0 ? { ranking: ranked } : {}) };
}

function stepsOf(turn: ScriptTurn, script: Script, calls: readonly ToolCall[]): Step[] {
  const size = turn.chunk ?? script.chunk ?? 24;
  const chunkMs = turn.chunk_ms ?? script.chunk_ms ?? 0;
  const steps: Step[] = [{ waitMs: turn.delay_ms ?? script.delay_ms ?? 0, event: null }];
  const say = (type: 'reasoning' | 'text' | 'refusal', text: string): void => {
    for (const piece of cut(text, size)) steps.push({ waitMs: chunkMs, event: { type, text: piece } });
  };
  const afterText = turn.fail?.after_text ?? true;
  if (afterText === false) return steps;
  say('reasoning', turn.reasoning ?? '');
  say('text', typeof afterText === 'number' ? (turn.text ?? '').slice(0, afterText) : (turn.text ?? ''));
  if (turn.fail) return steps;
  say('refusal', turn.refusal ?? '');
  for (const event of activityOf(turn)) steps.push({ waitMs: chunkMs, event });
  // Longer than any run; a sleep, so that a paced clock lets the others go on.
  if (turn.hang) steps.push({ waitMs: HANG_MS, event: null });
  else for (const call of calls) steps.push({ waitMs: chunkMs, event: { type: 'tool-call', call } });
  return steps;
}

const HANG_MS = 86_400_000;

/** What the provider does beside writing. */
function activityOf(turn: ScriptTurn): NonNullable<Step['event']>[] {
  return [
    ...(turn.builtin_tools ?? []).map((tool) => ({ type: 'builtin-tool' as const, ...tool })),
    ...(turn.builtin_results ?? []).map((result) => ({ type: 'builtin-result' as const, ...result, isError: false })),
    ...(turn.citations ?? []).map((page) => ({ type: 'citation' as const, ...page })),
    ...(turn.files ?? []).map(({ name, media_type: mediaType, text }) => {
      return { type: 'file' as const, name, id: null, mediaType, base64: Buffer.from(text).toString('base64') };
    }),
  ];
}

function endingOf(turn: ScriptTurn): Ending {
  if (turn.hang) return { type: 'fail', error: { kind: 'network', message: 'The scripted call hung for a day.' } };
  if (!turn.fail) {
    const stopReason = turn.stop_reason ?? (turn.refusal === undefined ? null : 'refusal');
    return { type: 'finish', stopReason, native: turn.native ?? null };
  }
  const { kind, message, status, retry_after_ms: retryAfterMs } = turn.fail;
  const error: ModelError = { kind, message };
  if (status !== undefined) error.status = status;
  if (retryAfterMs !== undefined) error.retryAfterMs = retryAfterMs;
  return { type: 'fail', error };
}

function usageOf(turn: ScriptTurn): Partial<Usage> {
  const { input, output, cached_input: cachedInput, cache_write: cacheWrite, reasoning } = turn.usage ?? {};
  const usage = { input, output, cachedInput, cacheWrite, reasoning };
  return Object.fromEntries(Object.entries(usage).filter(([, tokens]) => tokens !== undefined));
}
