import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import type { LineLink, LineSocket } from '../line-socket.ts';
import { quoted } from '../permissions/call-use.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { NODE_VARIABLE, SOCKET_VARIABLE, TOKEN_VARIABLE } from './client-source.ts';
import type { CodeLibrary } from './code-library.ts';

/** Calls that one command may make; a loop that never ends is stopped by it. */
const MAX_CALLS = 500;

/** The way from one running command to the agent's tools. */
export interface OpenDoor {
  /** To be put before the command, on its line. */
  readonly prelude: string;
  /** Stops what is still called, and resolves when that has ended. Nobody is heard after that. Never rejects. */
  close(): Promise<void>;
}

export interface CodeDoorOptions {
  library: CodeLibrary;
  socket: LineSocket;
  /** What runs TypeScript where commands run: a Node.js that strips types. */
  node: string;
}

/** Tells when calls of the command begin to be at work, and when none is any more. */
export interface DoorListener {
  onBusy(): void;
  onIdle(): void;
}

/**
 * Lets the code of commands call the tools of the library. Whoever shows the token of a command speaks for the call that
 * runs the command, and only while it runs; every call goes where a call of the model's own would go.
 */
export class CodeDoor {
  readonly #options: CodeDoorOptions;

  constructor(options: CodeDoorOptions) {
    this.#options = options;
  }

  /** Null where the call has no way to other tools. Rejects with the system's error when the library cannot be written. */
  async open(context: ToolContext, listener: DoorListener): Promise<OpenDoor | null> {
    const { callTool } = context;
    if (!callTool) return null;
    const { library, socket, node } = this.#options;
    await library.renew();
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const open = new Set<Promise<void>>();
    let count = 0;

    const answer = async ({ tool: name, args }: JsonObject): Promise<ToolResult> => {
      count += 1;
      if (count > MAX_CALLS) return refusal(`A command may call tools ${MAX_CALLS} times, which it has done.`);
      if (typeof name !== 'string' || !library.find(name)) return refusal('There is no such tool for code.');
      if (args === undefined || !isJsonObject(args)) return refusal(`The arguments of ${name} are no object.`);
      return callTool(name, args, signal);
    };
    const serve = (link: LineLink, message: JsonObject): void => {
      if (open.size > MAX_CALLS) return link.close();
      if (open.size === 0) listener.onBusy();
      const work = answer(message)
        .catch(() => refusal('The call could not be written down.'))
        .then((result) => link.send({ id: idOf(message['id']), output: result.output, isError: result.isError }))
        .finally(() => {
          open.delete(work);
          if (open.size === 0) listener.onIdle();
        });
      open.add(work);
    };

    const { token, release } = socket.admit((link) => ({ onMessage: (message) => serve(link, message) }));
    const variables: [name: string, value: string][] = [
      [SOCKET_VARIABLE, socket.path],
      [TOKEN_VARIABLE, token],
      [NODE_VARIABLE, node],
      ['PYTHONPATH', library.folder],
    ];
    return {
      prelude: `export ${variables.map(([name, value]) => `${name}=${quoted(value)}`).join(' ')}; `,
      close: async () => {
        release();
        stop.abort(new Error('The command is over.'));
        await Promise.allSettled(open);
      },
    };
  }
}

function idOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function refusal(output: string): ToolResult {
  return { output, isError: true };
}
