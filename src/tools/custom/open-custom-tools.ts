import type { ToolNeeds } from '../../config/tool-needs.ts';
import { AgentFiles } from '../../workspace/agent-files.ts';
import type { CommandRunner } from '../../workspace/commands/command-runner.ts';
import { createRunner } from '../commands/create-runner.ts';
import { placeOf } from '../commands/runner-place.ts';
import type { LineSocket } from '../line-socket.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import type { Tool } from '../tool.ts';

export interface OpenCustomTools {
  tools: Tool[];
  /** What is left out and why, in sentences for people. */
  problems: string[];
  /** Never rejects; safe to call twice. */
  dispose: () => Promise<void>;
}

/** Where the agent has no workspace, its tools work in a folder that it cannot see into. */
export async function openCustomTools(
  options: ToolHostOptions,
  own: AgentFiles | null,
  { mode, tools, packs }: NonNullable<ToolNeeds['custom']>,
): Promise<OpenCustomTools> {
  const { alias, runDir, cwd, environment = {}, needs } = options;
  const files = own ?? (await AgentFiles.create({ runDir, alias, contexts: [] }));
  const runners: CommandRunner[] = [];
  let socket: LineSocket | null = null;
  const dispose = async (): Promise<void> => {
    await Promise.all([socket?.dispose(), ...runners.map(async (runner) => runner.dispose?.())]);
  };
  const runnerFor = async (readable: readonly string[], hasNetwork: boolean): Promise<CommandRunner> => {
    const runner = await createRunner(placeOf(options, files), mode, needs.docker, { readable, hasNetwork });
    runners.push(runner);
    return runner;
  };
  const first = await runnerFor([], false);
  const problem = await first.findProblem();
  // Where there are commands too, they have told of it.
  const warnings = needs.commands ? [] : (first.warnings ?? []);
  if (problem !== null) return { tools: [], problems: [`Custom tools are left out. ${problem}`], dispose };
  const [{ customTools }, { LineSocket: Socket }] = await Promise.all([
    import('./custom-tools.ts'),
    import('../line-socket.ts'),
  ]);
  const found = packs && (await (await import('./find-packs.ts')).findPacks({ needs: packs, cwd, environment }));
  socket = await Socket.open();
  const made = await customTools({
    needs: [...tools, ...(found?.tools ?? [])],
    agent: alias,
    cwd,
    files,
    socket,
    clock: options.clock,
    runnerFor,
  });
  return { tools: made.tools, problems: [...warnings, ...(found?.problems ?? []), ...made.problems], dispose };
}
