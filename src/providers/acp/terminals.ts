import type {
  CreateTerminalRequest,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from '@agentclientprotocol/sdk';
import type { StartedCommand } from '../../tools/commands/started-command.ts';
import type { AgentDesk } from '../agent-desk.ts';

interface Terminal {
  command: StartedCommand;
  maxBytes: number;
}

/** What an agent keeps of a terminal's output, unless it says otherwise. */
const MAX_BYTES = 256 * 1024;

/** What is kept of a released one, for whoever looks at the call that it belongs to. */
const MAX_KEPT_CHARS = 30_000;

/**
 * The terminals of an agent: commands in its own runner, begun under the run's rules. Rejections are words for the agent.
 * An id that is not known, or released already, is rejected.
 */
export class AgentTerminals {
  readonly #open = new Map<string, Terminal>();
  /** What those have written that were released. */
  readonly #written = new Map<string, string>();
  #count = 0;

  async create(desk: AgentDesk, callId: string, request: CreateTerminalRequest): Promise<{ terminalId: string }> {
    if (!desk.startCommand) throw new Error('This agent runs no commands.');
    const command = await desk.startCommand({ callId, line: lineOf(request), folder: request.cwd ?? null });
    this.#count += 1;
    const terminalId = `terminal-${this.#count}`;
    this.#open.set(terminalId, { command, maxBytes: request.outputByteLimit ?? MAX_BYTES });
    return { terminalId };
  }

  output(id: string): TerminalOutputResponse {
    const { command, maxBytes } = this.#find(id);
    const { text, isCut } = command.output();
    const bytes = Buffer.from(text, 'utf8');
    const isTooMuch = bytes.length > maxBytes;
    // The newest, from a whole character on.
    const shown = isTooMuch
      ? bytes
          .subarray(bytes.length - maxBytes)
          .toString('utf8')
          .replace(/^\uFFFD+/, '')
      : text;
    const exitCode = command.exitCode();
    return {
      output: shown,
      truncated: isCut || isTooMuch,
      ...(exitCode !== undefined && { exitStatus: statusOf(exitCode) }),
    };
  }

  /** What a terminal has written so far, also one that was released; null for one that was never there. */
  text(id: string): string | null {
    return this.#open.get(id)?.command.output().text ?? this.#written.get(id) ?? null;
  }

  async waitForExit(id: string): Promise<WaitForTerminalExitResponse> {
    return statusOf(await this.#find(id).command.ended);
  }

  /** Ends the command; what it has written can still be read. */
  async kill(id: string): Promise<void> {
    await this.#find(id).command.stop();
  }

  async release(id: string): Promise<void> {
    const { command } = this.#find(id);
    this.#written.set(id, command.output().text.slice(-MAX_KEPT_CHARS));
    this.#open.delete(id);
    await command.stop();
  }

  /** Ends all of them. Never rejects. */
  async close(): Promise<void> {
    const commands = [...this.#open.values()].map(({ command }) => command);
    this.#open.clear();
    await Promise.allSettled(commands.map((command) => command.stop()));
  }

  #find(id: string): Terminal {
    const terminal = this.#open.get(id);
    if (!terminal) throw new Error(`There is no terminal ${id}.`);
    return terminal;
  }
}

function statusOf(exitCode: number | null): { exitCode: number | null; signal: string | null } {
  return { exitCode, signal: exitCode === null ? 'SIGKILL' : null };
}

/** A command with arguments is one program; without, agents send whole lines for a shell. */
function lineOf({ command, args = [], env = [] }: CreateTerminalRequest): string {
  const line = args.length > 0 ? [command, ...args].map(quoted).join(' ') : command;
  const variables = env.flatMap(({ name, value }) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [`export ${name}=${quoted(value)}; `] : [],
  );
  return `${variables.join('')}${line}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
