import { spawn } from 'node:child_process';
import type { Environment } from './environment.ts';

const PATIENCE_MS = 2000;

/** The programs that may hold the clipboard here, the best one first. None in a session over SSH: the clipboard meant is elsewhere. */
export function clipboardPrograms(
  environment: Pick<Environment, 'variables' | 'platform'> & { terminal: Pick<Environment['terminal'], 'isRemote'> },
): string[][] {
  const { variables, platform, terminal } = environment;
  if (terminal.isRemote) return [];
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip']];
  const programs: string[][] = [];
  if (variables['WAYLAND_DISPLAY']) programs.push(['wl-copy']);
  if (variables['DISPLAY']) programs.push(['xclip', '-selection', 'clipboard'], ['xsel', '--clipboard', '--input']);
  if (variables['WSL_DISTRO_NAME']) programs.push(['clip.exe']);
  return programs;
}

/** Gives the text to the first of the programs that takes it, and its name; null where none does. Never rejects. */
export async function copyWithProgram(text: string, programs: readonly (readonly string[])[]): Promise<string | null> {
  for (const [name = '', ...args] of programs) {
    if (await feed(name, args, text)) return name;
  }
  return null;
}

function feed(name: string, args: readonly string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: PATIENCE_MS });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
    // A program that is not there, or does not read, breaks the pipe; its end says so.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}
