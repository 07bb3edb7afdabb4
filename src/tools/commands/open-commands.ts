import type { CommandNeeds } from '../../config/tool-needs.ts';
import type { CodeTools } from '../code/open-code.ts';
import type { FileDesk } from '../files/file-desk.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import type { BackgroundCommands } from './background-commands.ts';
import { createRunner } from './create-runner.ts';
import { runCommandTool } from './run-command.ts';
import { placeOf } from './runner-place.ts';

/** None when commands cannot run here; nothing weaker takes the place of the sandbox. */
export async function openCommands(
  options: ToolHostOptions,
  desk: FileDesk,
  rules: CommandNeeds,
  problems: string[],
  code: CodeTools | null,
): Promise<BackgroundCommands | null> {
  const { clock, needs } = options;
  const readable = [...(desk.files.copyOf?.readable ?? []), ...(code ? [code.socketFolder] : [])];
  const wanted = { readable, hasNetwork: rules.network };
  const place = { ...placeOf(options, desk.files), kept: options.container ?? null };
  const runner = await createRunner(place, rules.mode, needs.docker, wanted);
  const problem = await runner.findProblem();
  problems.push(...(problem === null ? (runner.warnings ?? []) : [problem]));
  if (problem !== null) return null;
  const { backgroundCommands } = await import('./background-commands.ts');
  const background = backgroundCommands({ runner, rules, desk, clock });
  const dispose = async (): Promise<void> => {
    await background.dispose();
    await runner.dispose?.();
  };
  return { tools: [runCommandTool({ runner, rules, desk, clock, code: code?.door }), ...background.tools], dispose };
}
