import type { CommandNeeds } from '../../config/tool-needs.ts';

/** What no agent runs on the user's own machine. In the sandbox these do no harm. A hint against accidents, no wall. */
const FLOOR: readonly [pattern: RegExp, what: string][] = [
  [/\b(sudo|su|doas|pkexec)\b/, 'other users’ rights'],
  [/\brm\s+(-\w+\s+)*(--no-preserve-root\s+)?(\/|~|\$HOME)(\s|\/?\*|$)/, 'deleting everything'],
  [/\b(mkfs|fdisk|parted|wipefs)\b|\bdd\b.*\bof=\/dev\//, 'writing to disks'],
  [/>\s*\/dev\/(sd|nvme|hd|vd|mmcblk)/, 'writing to disks'],
  [/:\s*\(\s*\)\s*\{.*\|.*&.*\}/, 'fork bombs'],
  [/\b(shutdown|reboot|halt|poweroff)\b/, 'stopping the machine'],
];

/**
 * Why a command is not run; null if it is. The config's patterns count as in MassGen: an allowed one has to fit at the
 * beginning, a blocked one anywhere. A pattern that is none allows nothing and blocks everything.
 */
export function findCommandFault(command: string, { allowed, blocked, mode }: CommandNeeds): string | null {
  if (allowed.length > 0 && !allowed.some((pattern) => fits(`^(?:${pattern})`, command, false))) {
    return 'The config allows other commands only.';
  }
  if (blocked.some((pattern) => fits(pattern, command, true))) return 'The config blocks this command.';
  const floor = mode === 'host' ? FLOOR.find(([pattern]) => pattern.test(command)) : undefined;
  return floor ? `Commands have no business with ${floor[1]}.` : null;
}

function fits(pattern: string, command: string, otherwise: boolean): boolean {
  try {
    return new RegExp(pattern).test(command);
  } catch {
    return otherwise;
  }
}
