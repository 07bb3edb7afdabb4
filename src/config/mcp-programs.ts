import type { SecurityLevel } from './tool-needs.ts';

const STRICT_PROGRAMS =
  'python py uv uvx pipx pip node npm npx yarn pnpm bun deno java ruby go rust cargo fastmcp sh bash zsh fish';
const WINDOWS_SHELLS = 'powershell pwsh cmd';
const PROGRAMS: Readonly<Record<SecurityLevel, ReadonlySet<string>>> = {
  strict: new Set(`${STRICT_PROGRAMS} ${WINDOWS_SHELLS}`.split(' ')),
  moderate: new Set(`${STRICT_PROGRAMS} ${WINDOWS_SHELLS} git nodejs`.split(' ')),
  permissive: new Set(`${STRICT_PROGRAMS} ${WINDOWS_SHELLS} git nodejs curl wget`.split(' ')),
};

/** `python3.12`, `/usr/bin/python3` and `PYTHON.EXE` are all `python`. */
export function programName(command: string): string {
  const base = command.split(/[/\\]/).at(-1) ?? '';
  return base
    .toLowerCase()
    .replace(/\.(exe|bat|cmd|ps1)$/, '')
    .replace(/^(python|pip)\d+(\.\d+)*$/, '$1');
}

/** Whether servers may be started with a program at a level; `program` is a name that `programName` has made. */
export function isKnownProgram(program: string, level: SecurityLevel): boolean {
  return PROGRAMS[level].has(program);
}

/** Whether a program is on a server's own list. */
export function isOwnProgram(program: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => programName(each) === program);
}
