import { homedir } from 'node:os';

/** What the program knows about where it runs, as plain data, read once. */
export interface Environment {
  cwd: string;
  home: string;
  platform: NodeJS.Platform;
  /** A copy of the variables; unset ones are absent. */
  variables: Record<string, string>;
  terminal: {
    stdin: boolean;
    stdout: boolean;
    stderr: boolean;
    /** `TERM`; null when unset. */
    term: string | null;
    columns: number | null;
    rows: number | null;
    /** The locale's character set is UTF-8, as far as the variables say. */
    isUtf8: boolean;
    /** A session over SSH, where every byte travels. */
    isRemote: boolean;
    /** `NO_COLOR` asks for no colours (any value but the empty one). */
    noColor: boolean;
  };
}

/** The one reader of `process.env`, the working folder, the home folder and the terminal's facts. */
export function readEnvironment(source: NodeJS.Process = process, home: string = homedir()): Environment {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(source.env)) if (value !== undefined) variables[name] = value;
  return {
    cwd: source.cwd(),
    home,
    platform: source.platform,
    variables,
    terminal: {
      stdin: source.stdin.isTTY === true,
      stdout: source.stdout.isTTY === true,
      stderr: source.stderr.isTTY === true,
      term: variables['TERM'] ?? null,
      columns: source.stdout.columns ?? null,
      rows: source.stdout.rows ?? null,
      isUtf8: isUtf8Locale(variables, source.platform),
      isRemote: Boolean(variables['SSH_CONNECTION'] ?? variables['SSH_TTY']),
      noColor: Boolean(variables['NO_COLOR']),
    },
  };
}

/** POSIX order: `LC_ALL` wins over `LC_CTYPE` wins over `LANG`; empty counts as unset. */
function isUtf8Locale(variables: Record<string, string>, platform: NodeJS.Platform): boolean {
  const locale = [variables['LC_ALL'], variables['LC_CTYPE'], variables['LANG']].find((value) => value);
  if (locale !== undefined) return /utf-?8/i.test(locale);
  return platform === 'win32' || platform === 'darwin';
}
