import { isKnownProgram, isOwnProgram, programName } from '../../config/mcp-programs.ts';
import type { McpServerNeed } from '../../config/tool-needs.ts';

/** How interpreters are handed code instead of a file. */
const INLINE_CODE: Record<string, RegExp> = {
  sh: /^-\w*c/,
  bash: /^-\w*c/,
  zsh: /^-\w*c/,
  fish: /^(-\w*[cC]|--command|--init-command)/,
  cmd: /^\/[ck]/i,
  powershell: /^[-/](c|e)/i,
  pwsh: /^[-/](c|e)/i,
  python: /^-\w*c/,
  py: /^-\w*c/,
  node: /^(-\w*[ep]|--eval|--print|--import|--require|-r|--(experimental-)?loader)/,
  nodejs: /^(-\w*[ep]|--eval|--print|--import|--require|-r|--(experimental-)?loader)/,
  npx: /^(-c|--call)/,
  bun: /^(-\w*[ep]|--eval|--print)/,
  deno: /^eval$/,
  ruby: /^-\w*e/,
};

const SHELL_VALUES = /^([-+][oO]|--rcfile|--init-file)$/;
/** Options of interpreters whose value is the next word. */
const WITH_VALUE: Record<string, RegExp> = {
  sh: SHELL_VALUES,
  bash: SHELL_VALUES,
  zsh: SHELL_VALUES,
  python: /^-\w*[WX]$/,
  py: /^-\w*[WX]$/,
  node: /^(-C|--conditions|--env-file(-if-exists)?|--title|--stack-trace-limit)$/,
  nodejs: /^(-C|--conditions|--env-file(-if-exists)?|--title|--stack-trace-limit)$/,
  npx: /^(-p|--package|--cache|--prefix|--userconfig|--registry)$/,
};

/** They start other programs by name, after options of their own. */
const RUNNERS = new Set('npx npm pnpm yarn bun uv uvx pipx'.split(' '));

/** Variables that make a program load foreign code. */
const LOADERS = new Set(
  (
    'LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH NODE_OPTIONS PYTHONPATH PYTHONSTARTUP ' +
    'PYTHONHOME RUBYOPT PERL5OPT BASH_ENV ENV SHELLOPTS IFS PWD OLDPWD'
  ).split(' '),
);
const STRICT_ONLY = new Set('PATH HOME USER USERNAME SHELL'.split(' '));

/**
 * Why a server must not be started; null if it may. The name of the program decides, by the server's level or its own
 * list; unless the level is permissive or the program is on that list, an interpreter starts a file, never code that
 * stands in its arguments.
 */
export function vetCommand({ transport, security, name }: McpServerNeed): string | null {
  if (transport.type !== 'stdio') return null;
  const program = programName(transport.command);
  if (program === '') return `The MCP server ${name} has no command.`;
  if (isOwnProgram(program, security.allowedExecutables)) return null;
  if (!isKnownProgram(program, security.level)) {
    return `The MCP server ${name} is not started: its program is not allowed at the level ${security.level}. Add it to security.allowed_executables.`;
  }
  if (security.level !== 'permissive' && hasInlineCode(program, transport.args)) {
    return `The MCP server ${name} is not started: its arguments hold code. Put the code into a file, or add the program to security.allowed_executables.`;
  }
  return null;
}

function hasInlineCode(program: string, args: readonly string[]): boolean {
  if (hasCodeOption(program, args)) return true;
  if (!RUNNERS.has(program)) return false;
  if (program === 'npm' && args.some((arg) => /^(-c|--call)/.test(arg))) return true;
  return args.some((arg, at) => hasCodeOption(programName(arg), args.slice(at + 1)));
}

/** Options before the first word that is none are the interpreter's own; what follows belongs to its program. */
function hasCodeOption(program: string, args: readonly string[]): boolean {
  const pattern = INLINE_CODE[program];
  if (!pattern) return false;
  let isValue = false;
  for (const arg of args) {
    if (isValue) {
      isValue = false;
      continue;
    }
    if (pattern.test(arg)) return true;
    if (!/^[-+/]/.test(arg) || (program !== 'cmd' && arg.startsWith('/'))) return false;
    isValue = WITH_VALUE[program]?.test(arg) === true;
  }
  return false;
}

/** The variables that a config gives to a server, without those that it must not set. Says which were left out. */
export function vetVariables(
  { name, security }: McpServerNeed,
  given: Readonly<Record<string, string>>,
): { env: Record<string, string>; problems: string[] } {
  const env: Record<string, string> = {};
  const problems: string[] = [];
  for (const [variable, value] of Object.entries(given)) {
    const isAllowed =
      (security.env.level === 'permissive' || !LOADERS.has(variable.toUpperCase())) &&
      (security.env.level !== 'strict' || !STRICT_ONLY.has(variable.toUpperCase())) &&
      !security.env.denied.includes(variable) &&
      (security.env.mode === 'denylist' || security.env.allowed.includes(variable));
    if (isAllowed) env[variable] = value;
    else problems.push(`The MCP server ${name} does not get the variable ${variable}: its security rules forbid it.`);
  }
  return { env, problems };
}
