import type { JsonObject } from '../../events/json.ts';

/** What is used of `node-llama-cpp`, which is the user's own. */
export interface LlamaPackage {
  getLlama(options: { build: 'never'; logLevel: string; progressLogs: boolean }): Promise<Llama>;
  LlamaChatSession: new (options: { contextSequence: LlamaSequence }) => ChatSession;
}

export interface Llama {
  loadModel(options: { modelPath: string }): Promise<LlamaModel>;
  createGrammarForJsonSchema(schema: JsonObject): Promise<object>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  createContext(options: { contextSize: { max: number } }): Promise<LlamaContext>;
  dispose(): Promise<void>;
}

export interface LlamaContext {
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
}

export interface LlamaSequence {
  tokenMeter: { usedInputTokens: number; usedOutputTokens: number };
  dispose(): void;
}

export type ChatItem = { type: 'user'; text: string } | { type: 'model'; response: string[] };

export interface ChatSession {
  setChatHistory(history: ChatItem[]): void;
  promptWithMeta(
    prompt: string,
    options: {
      signal: AbortSignal;
      maxTokens: number;
      grammar?: object;
      onTextChunk: (text: string) => void;
    },
  ): Promise<{ responseText: string; stopReason: string }>;
}
