import { evaluationTools, isWorkflowCall, NEW_ANSWER } from '../../coordination/protocol.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ToolCall, ToolSpec } from '../../events/message.ts';
import type { ToolResult } from '../../tools/tool.ts';
import type { ModelRequest } from '../provider.ts';
import { createCallIds } from '../wire/tool-call.ts';

const NOTED: ToolResult = { output: 'Noted. End your turn now, without another word.', isError: false };

/**
 * The tools of one call, for an agent that calls them itself: workflow calls are kept for the end of the reply, where
 * they are judged; other tools are run at once.
 */
export class OwnTools {
  /** The workflow calls so far. */
  readonly calls: ToolCall[] = [];
  /** How many tools of the run were called, whatever came of them. */
  count = 0;
  readonly #request: ModelRequest;
  readonly #newId: (wanted: string | null) => string;

  constructor(request: ModelRequest) {
    this.#request = request;
    this.#newId = createCallIds(request.messages);
  }

  newId(): string {
    return this.#newId(null);
  }

  async call(name: string, args: JsonObject): Promise<ToolResult> {
    const { tools, desk, toolChoice, signal } = this.#request;
    if (signal.aborted) return { output: 'The turn was interrupted.', isError: true };
    if (toolChoice === 'none' || !tools.some((tool) => tool.name === name))
      return { output: `The tool ${name} cannot be used now.`, isError: true };
    this.count += 1;
    const call: ToolCall = { id: this.newId(), name, args, rawArgs: JSON.stringify(args) };
    if (desk && !isWorkflowCall(call)) return desk.runTool(call);
    // An agent that goes on after its word was taken must not lose it.
    if (this.calls.length > 0 && desk)
      return { output: `Your ${this.calls[0]?.name} is noted already. End your turn now.`, isError: true };
    this.calls.push(call);
    return NOTED;
  }
}

/** All tools that the agent may ever need in its conversation, for servers whose list it reads only once. */
export function lastingTools(tools: readonly ToolSpec[]): readonly ToolSpec[] {
  const isTeam = tools.some((tool) => tool.name === NEW_ANSWER);
  const further = isTeam ? evaluationTools().filter(({ name }) => !tools.some((tool) => tool.name === name)) : [];
  return [...tools, ...further];
}
