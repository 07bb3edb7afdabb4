import type { HookPoint } from '../events/hook-report.ts';

/** What a hook is: a line for a shell or words of a command; a function in a file; a Python function by its import path. */
export type HookProgram =
  | { type: 'command'; command: string | string[] }
  | { type: 'module'; path: string; function: string | null }
  | { type: 'handler'; handler: string };

/** One hook, as a config asks for it. */
export interface HookNeed {
  point: HookPoint;
  program: HookProgram;
  /** Globs over names of tools; a call that fits one is a matter of this hook. */
  matchers: string[];
  timeoutMs: number;
  /** What it stands for when it fails. */
  onError: 'allow' | 'deny';
  /** On the user's own machine, or where the agent's commands run. */
  where: 'host' | 'agent';
  /** Variables that it gets; values may be secrets. */
  env: Record<string, string>;
}

/** For messages. */
export function hookName({ program }: Pick<HookNeed, 'program'>): string {
  switch (program.type) {
    case 'command':
      return typeof program.command === 'string' ? program.command : program.command.join(' ');
    case 'module':
      return program.function === null ? program.path : `${program.path} (${program.function})`;
    case 'handler':
      return program.handler;
  }
}
