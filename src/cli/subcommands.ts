import type { ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';

/** One word after `massgen`. Its file is loaded only when it is called; `run` throws a MassgenError for what is not possible. */
export interface Subcommand {
  name: string;
  /** One line for `massgen --help`. */
  summary: string;
  load(): Promise<{ run(argv: readonly string[], context: CommandContext): Promise<ExitCode> }>;
}

/** In the order of `massgen --help`. A question that is just one of these words needs another word. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'resume',
    summary: 'go on with a run that was cut off or cancelled',
    load: () => import('./resume-command.ts'),
  },
  {
    name: 'runs',
    summary: 'list the runs of this folder',
    load: () => import('./runs-command.ts'),
  },
  {
    name: 'replay',
    summary: 'play a run again from its log',
    load: () => import('./replay-command.ts'),
  },
  {
    name: 'sessions',
    summary: 'list, rename and delete sessions',
    load: () => import('./sessions-command.ts'),
  },
  {
    name: 'export',
    summary: 'write a run or a session as Markdown, a web page or JSON',
    load: () => import('./export-command.ts'),
  },
  {
    name: 'fork',
    summary: 'branch off a run or a session',
    load: () => import('./fork-command.ts'),
  },
  {
    name: 'inspect',
    summary: 'show what happened in a run: answers, ballots, figures',
    load: () => import('./inspect-command.ts'),
  },
  {
    name: 'apply',
    summary: 'write what the chosen answer of a run has changed into your folder',
    load: () => import('./apply-command.ts'),
  },
  {
    name: 'undo',
    summary: 'bring back what was in your folder before',
    load: () => import('./undo-command.ts'),
  },
  {
    name: 'audit',
    summary: 'show every call of a tool in a run: who decided, why, and what ran',
    load: () => import('./audit-command.ts'),
  },
  {
    name: 'probe',
    summary: 'send one request to one endpoint and print what it answers',
    load: () => import('./probe-command.ts'),
  },
  {
    name: 'models',
    summary: 'list the models known by name, with limits and prices',
    load: () => import('./models-command.ts'),
  },
  {
    name: 'doctor',
    summary: 'check what is needed and what is found on this machine',
    load: () => import('./doctor-command.ts'),
  },
  {
    name: 'serve',
    summary: 'offer teams as models over HTTP, for programs that speak the OpenAI API',
    load: () => import('./serve-command.ts'),
  },
  {
    name: 'eval',
    summary: 'find out whether a team helps: ask teams many questions and compare them',
    load: () => import('./eval-command.ts'),
  },
  {
    name: 'worker',
    summary: 'run trials of evaluations that wait in a queue, for "massgen eval run --queue"',
    load: () => import('./worker-command.ts'),
  },
  {
    name: 'record',
    summary: 'record a question in the app with VHS: a film, pictures and the screens as text',
    load: () => import('./record-command.ts'),
  },
  {
    name: 'learn',
    summary: 'what evaluations, people and votes say of teams and models, and what to choose by it',
    load: () => import('./learn-command.ts'),
  },
  {
    name: 'mcp',
    summary: 'find, add, try and log in at MCP servers, and offer a team as one',
    load: () => import('./mcp-command.ts'),
  },
  {
    name: 'reset-terminal',
    summary: 'give back a terminal that a killed app has left unusable',
    load: () => import('./reset-terminal-command.ts'),
  },
];

export function findSubcommand(word: string | undefined): Subcommand | undefined {
  return SUBCOMMANDS.find((command) => command.name === word);
}
