import type { ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { runWord, type Word } from './word-command.ts';

const WORDS: Readonly<Record<string, Word>> = {
  search: {
    summary: 'look for servers in the MCP registry and at Smithery',
    load: async () => (await import('./mcp-install.ts')).search,
  },
  add: {
    summary: 'put a server of a registry into a config, after showing what it will run',
    load: async () => (await import('./mcp-install.ts')).add,
  },
  remove: { summary: 'take a server out of a config', load: async () => (await import('./mcp-install.ts')).remove },
  list: { summary: 'the servers of a config', load: async () => (await import('./mcp-servers.ts')).list },
  test: {
    summary: 'start a server of a config and show its tools',
    load: async () => (await import('./mcp-servers.ts')).test,
  },
  login: {
    summary: 'log in at a server of a config that asks for it',
    load: async () => (await import('./mcp-login.ts')).login,
  },
  serve: {
    summary: 'offer a team as an MCP server (ask_team)',
    load: async () => (await import('./mcp-serve.ts')).serve,
  },
};

/** `massgen mcp`: finds, adds, tries and logs in at MCP servers, and offers a team as one. */
export function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  return runWord('mcp', WORDS, argv, context);
}
