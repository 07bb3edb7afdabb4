import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { Access } from '../../workspace/agent-files.ts';
import type { CommandRunner } from '../../workspace/commands/command-runner.ts';
import type { LineSocket } from '../line-socket.ts';
import { quoted } from '../permissions/call-use.ts';

export interface ScriptCall {
  /** `node` or `python3`, as the shell finds it; may be a path. */
  program: string;
  /** The bridge, where the process can read it; absolute. */
  script: string;
  request: JsonObject;
  /** Folder in the agent's workspace. */
  folder: string;
  access: Access;
  signal: AbortSignal;
  onProgress: (message: string) => void;
}

const MAX_WORDS = 2_000;

/**
 * Runs a bridge in a runner, hands it the request, and resolves with its one answer: an object with `tools`, `result` or
 * `error`. A process that ends without one has failed, and its last words are the error. Rejects only when the runner
 * cannot start anything.
 */
export async function runScript(socket: LineSocket, runner: CommandRunner, call: ScriptCall): Promise<JsonObject> {
  const answered = Promise.withResolvers<JsonObject | null>();
  let isConnected = false;
  const { token, release } = socket.admit((link) => {
    isConnected = true;
    link.send(call.request);
    return {
      onMessage: (message) => {
        const { progress } = message;
        if (typeof progress === 'string') call.onProgress(progress);
        else answered.resolve(message);
      },
      onClose: () => answered.resolve(null),
    };
  });
  // What the tool leaves running ends with it.
  const over = new AbortController();
  const command = `exec ${[call.program, call.script, socket.path, token].map(quoted).join(' ')}`;
  const ended = runner
    .run({ command, folder: call.folder, access: call.access, signal: AbortSignal.any([call.signal, over.signal]) })
    .finally(() => isConnected || answered.resolve(null));
  try {
    const answer = await Promise.race([answered.promise, ended.then(() => answered.promise)]);
    if (answer) return answer;
    return { error: lastWords(call.program, await ended) };
  } finally {
    over.abort(new Error('The tool has answered.'));
    ended.catch(() => undefined);
    release();
  }
}

function lastWords(program: string, { exitCode, stderr }: { exitCode: number | null; stderr: string }): string {
  if (exitCode === 127) return `The program ${program} is not there.`;
  const end = exitCode === null ? 'Its process was killed' : `Its process ended with code ${exitCode}`;
  const words = stderr.trim().slice(-MAX_WORDS).toWellFormed();
  return `${end} before it gave a result.${words === '' ? '' : ` It said: ${words}`}`;
}

/** What a bridge says about one tool. */
export interface ToldTool {
  function: string;
  name: string | null;
  description: string;
  parameters: JsonObject;
  annotations: JsonObject;
}

export function toldTools(answer: JsonValue | undefined): ToldTool[] {
  return (Array.isArray(answer) ? answer : []).flatMap((told): ToldTool[] => {
    if (!isJsonObject(told)) return [];
    const { function: name, description, parameters, annotations } = told;
    if (typeof name !== 'string' || parameters === undefined || !isJsonObject(parameters)) return [];
    return [
      {
        function: name,
        name: typeof told['name'] === 'string' ? told['name'] : null,
        description: typeof description === 'string' ? description : '',
        parameters,
        annotations: annotations !== undefined && isJsonObject(annotations) ? annotations : {},
      },
    ];
  });
}
