import { access } from 'node:fs/promises';
import type { LocalSpec } from '../../config/external-agent.ts';
import type { BackendSpec } from '../../config/team.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError } from '../../platform/errors.ts';
import { findPackage, importFile } from '../../platform/import-module.ts';
import type { CallSink } from '../external/agent-call.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { agentProvider } from '../external/agent-provider.ts';
import { plainMessages } from '../frameworks/framework-turn.ts';
import type { ModelEnd, ModelRequest, Provider } from '../provider.ts';
import { createCallIds, createToolCall } from '../wire/tool-call.ts';
import type { ChatSession, Llama, LlamaContext, LlamaModel, LlamaPackage } from './llama-package.ts';
import { ANSWER_FORM, replyForm, type ReplyForm } from './reply-form.ts';

const PACKAGE = 'node-llama-cpp';
const MAX_CONTEXT_TOKENS = 8_192;
const MAX_TEXT_TOKENS = 1_024;
const MAX_JSON_TOKENS = 256;

/**
 * A model in a GGUF file, run in this process by `node-llama-cpp`, which the user has installed. It costs nothing. Votes
 * are constrained by a grammar, so that even a tiny model casts valid ones. Rejects with a MassgenError that says what is
 * missing.
 */
export async function createLocalProvider(backend: BackendSpec, { clock }: { clock: Clock }): Promise<Provider> {
  const spec = backend.external;
  if (spec?.kind !== 'local') throw new Error('this backend is no local model');
  const model = new LocalModel(spec, await loadPackage(spec));
  const provider = agentProvider(backend, { clock }, (...call) => model.reply(...call));
  return { ...provider, costUsd: () => 0, close: () => model.close() };
}

async function loadPackage({ file, folders }: LocalSpec): Promise<LlamaPackage> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) throw new MassgenError('no-model-file', `There is no model file ${file}.`);
  const entry = await findPackage(PACKAGE, folders);
  if (entry === null)
    throw new MassgenError('no-package', `Models in files need ${PACKAGE}. Install it: npm install ${PACKAGE}`);
  return (await importFile(entry)) as unknown as LlamaPackage;
}

class LocalModel {
  readonly #spec: LocalSpec;
  readonly #package: LlamaPackage;
  /** Resolves when the reply before is over: a context of this size holds one conversation at a time. */
  #free: Promise<void> = Promise.resolve();
  #loaded: Promise<{ llama: Llama; model: LlamaModel; context: LlamaContext }> | null = null;

  constructor(spec: LocalSpec, found: LlamaPackage) {
    this.#spec = spec;
    this.#package = found;
  }

  async reply(request: ModelRequest, sink: CallSink, signal: AbortSignal): Promise<ModelEnd> {
    const before = this.#free;
    const over = Promise.withResolvers<void>();
    this.#free = over.promise;
    try {
      await sink.hold(before);
      return await this.#replyNow(request, sink, signal);
    } finally {
      over.resolve();
    }
  }

  async #replyNow(request: ModelRequest, sink: CallSink, signal: AbortSignal): Promise<ModelEnd> {
    // Reading a large file takes long, and says nothing meanwhile.
    const { llama, context } = await sink.hold((this.#loaded ??= this.#load()));
    if (signal.aborted) throw new AgentFailure('aborted', 'The call was interrupted.');
    const form = replyForm(request);
    const history = plainMessages(request.messages, form.type === 'json' ? form.task : '', false);
    const asked = history.pop()?.content ?? '';
    const sequence = context.getSequence();
    try {
      const session = new this.#package.LlamaChatSession({ contextSequence: sequence });
      session.setChatHistory(
        history.map(({ role, content }) =>
          role === 'user' ? { type: 'user', text: content } : { type: 'model', response: [content] },
        ),
      );
      const grammar = form.type === 'json' ? await llama.createGrammarForJsonSchema(form.schema) : undefined;
      let { responseText, stopReason } = await this.#prompt(session, asked, form, grammar, sink, signal);
      let said = form;
      if (form.type === 'text' && form.call !== null && responseText.trim() === '' && !signal.aborted) {
        said = ANSWER_FORM;
        const something = await llama.createGrammarForJsonSchema(ANSWER_FORM.schema);
        ({ responseText, stopReason } = await this.#prompt(session, said.task, said, something, sink, signal));
      }
      const { usedInputTokens: input, usedOutputTokens: output } = sequence.tokenMeter;
      return endOf(request, said, responseText, stopReason === 'maxTokens', { ...NO_USAGE, input, output }, sink);
    } finally {
      sequence.dispose();
    }
  }

  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => null);
    this.#loaded = null;
    await loaded?.context.dispose().catch(() => undefined);
    await loaded?.model.dispose().catch(() => undefined);
    await loaded?.llama.dispose().catch(() => undefined);
  }

  async #load(): Promise<{ llama: Llama; model: LlamaModel; context: LlamaContext }> {
    // Never built from source in the middle of a run.
    const llama = await this.#package.getLlama({ build: 'never', logLevel: 'error', progressLogs: false });
    const model = await llama.loadModel({ modelPath: this.#spec.file });
    const context = await model.createContext({ contextSize: { max: MAX_CONTEXT_TOKENS } });
    return { llama, model, context };
  }

  #prompt(
    session: ChatSession,
    asked: string,
    form: ReplyForm,
    grammar: object | undefined,
    sink: CallSink,
    signal: AbortSignal,
  ): ReturnType<ChatSession['promptWithMeta']> {
    return session.promptWithMeta(asked, {
      signal,
      maxTokens: form.type === 'json' ? MAX_JSON_TOKENS : MAX_TEXT_TOKENS,
      ...(grammar && { grammar }),
      onTextChunk: (text) => (form.type === 'text' ? sink.emit({ type: 'text', text }) : sink.touch()),
    });
  }
}

function endOf(
  request: ModelRequest,
  form: ReplyForm,
  text: string,
  isCut: boolean,
  usage: Usage,
  sink: CallSink,
): ModelEnd {
  const newId = createCallIds(request.messages);
  const finish = (said: string, name: string | null, args: object): ModelEnd => {
    const calls = name === null ? [] : [createToolCall(newId(null), name, JSON.stringify(args))];
    for (const call of calls) sink.emit({ type: 'tool-call', call });
    const stopReason = isCut && name === null ? 'max-tokens' : name === null ? 'end' : 'tool-calls';
    return { type: 'finished', message: { role: 'assistant', text: said, calls }, stopReason, usage };
  };
  if (form.type === 'text') return finish(text.trim(), text.trim() ? form.call : null, { content: text.trim() });
  const { args } = createToolCall('', '', text);
  // The grammar allows nothing else, unless the end of the JSON was cut off.
  const value = args ?? firstChoice(text);
  const { name, args: given } = form.toCall(value);
  return finish('', name, given);
}

/** What a reply that was cut off in the middle had chosen, or begun to answer. */
function firstChoice(text: string): Record<string, string> {
  const chosen = /"agent_id"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (chosen !== undefined) return { agent_id: chosen, reason: '' };
  const begun = /"content"\s*:\s*"((?:[^"\\]|\\.)+)/.exec(text)?.[1];
  return begun === undefined ? {} : { content: begun };
}
