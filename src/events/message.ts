import type { JsonObject, JsonValue } from './json.ts';

/**
 * One conversation with a model, in no vendor's shape. Adapters translate it to their wire and back;
 * the log keeps it, so a conversation can be rebuilt from the log alone.
 */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface SystemMessage {
  role: 'system';
  text: string;
}

export interface UserMessage {
  role: 'user';
  text: string;
  /** Files that go along, only while a request is made: the log names them once, at its beginning. */
  files?: LoadedFile[];
}

/** A file as it is sent to a model. */
export interface LoadedFile {
  name: string;
  mediaType: string;
  /** Empty where the provider has the file, or the model is only told of it. */
  base64: string;
  /** What the provider calls it, where it has it already; `uri` where that is asked for instead. */
  remote?: { id: string; uri?: string };
}

export interface AssistantMessage {
  role: 'assistant';
  /** Everything that was said, a refusal included. */
  text: string;
  /** The share of `text` that is a refusal, where the provider marks it as one. */
  refusal?: string;
  reasoning?: string;
  calls: ToolCall[];
  /**
   * The provider's own items of this reply, to be sent back verbatim by the same protocol (signatures,
   * encrypted reasoning, server tool blocks). `container` names where the provider's code waits. Another protocol ignores them and uses the fields above.
   */
  native?: { protocol: string; items: JsonValue[]; container?: string };
}

/** The result of one tool call; follows the assistant message that made the call. */
export interface ToolMessage {
  role: 'tool';
  callId: string;
  name: string;
  output: string;
  isError: boolean;
  /** Pictures that belong to the result, such as what a screen shows; only while a request is made. */
  files?: LoadedFile[];
  /** The same as the log has them. */
  pictures?: KeptPicture[];
}

/** A picture in the run's folder; `path` is relative to it. */
export interface KeptPicture {
  path: string;
  mediaType: string;
}

/** A call that the model made. `args` is null when the arguments were no JSON object; then `rawArgs` says what came. */
export interface ToolCall {
  /** Unique within its conversation. */
  id: string;
  name: string;
  args: JsonObject | null;
  rawArgs: string;
  /** The tool takes free text, which is `rawArgs`; `args` is null then. */
  isFreeForm?: true;
}

/** What a model is told about a tool. `parameters` is a JSON Schema of type object. */
export interface ToolSpec {
  name: string;
  description: string;
  parameters: JsonObject;
  /** Never strict, whatever is wanted for all: the schema means more than a strict one can say. */
  strict?: false;
  /** Shown to the model only once it has searched for it, where its backend has a search of tools. */
  isDeferred?: true;
  /** Code that the provider runs may call it, where its backend has that; workflow tools are for the model itself. */
  isForCode?: true;
  /** Only code that the agent runs calls it; the model is not shown it. */
  isCodeOnly?: true;
}
