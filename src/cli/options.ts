import { Command, InvalidArgumentError, Option } from 'commander';
import type { ApplyMode } from '../events/settings.ts';
import { addDisplayFlags } from './display-flags.ts';
import { parseFlags } from './parse-flags.ts';
import { positiveNumber } from './positive-number.ts';
import { addSteeringFlags } from './steering-flags.ts';

export { positiveNumber };

/** What the command line asked for. A flag that was not given is false or undefined. */
export interface CliOptions {
  /** `-` reads it from standard input. */
  question?: string;
  config?: string;
  model?: string;
  /** A GGUF file. */
  local?: string;
  backend?: string;
  systemMessage?: string;
  baseUrl?: string;
  demo: boolean;
  /** The kind of task, by whose evidence one of `arms` is picked. */
  learn?: string;
  /** What is picked from, with commas. */
  arms?: string;
  select: boolean;
  automation: boolean;
  /** `--no-display` and `--plain` make it false. */
  display: boolean;
  json: boolean;
  validate?: string;
  strict: boolean;
  showSchema: boolean;
  strictValidation: boolean;
  skipValidation: boolean;
  orchestratorTimeout?: number;
  seed?: number;
  speed?: number;
  theme?: string;
  ascii: boolean;
  reducedMotion: boolean;
  economy: boolean;
  debug: boolean;
  continue: boolean;
  /** Also the built-in rate limits. */
  rateLimit: boolean;
  sessionId?: string;
  /** Folder that other programs put commands into. */
  inboxDir?: string;
  /** What agents ask waits in files. */
  askFiles: boolean;
  askTimeout?: number;
  /** What takes the place of a person where nobody can be asked. */
  approve?: 'risk-based' | 'deny-all' | 'allow-all';
  /** Commands come as lines on standard input. */
  commands: boolean;
  listSessions: boolean;
  /** With --list-sessions: those of all folders. */
  all: boolean;
  /** Sets up a team. */
  init: boolean;
  /** Sets up keys. */
  setup: boolean;
  /** With --init: agents as `type` or `type:model`, with commas. */
  agents?: string;
  /** What becomes of the winner's changes of the user's files; as the config says, if left out. */
  apply?: ApplyMode;
  /** With --init and --setup: where to save. */
  save?: string;
  /** With --init and --setup: replaces what is there. */
  force: boolean;
  /** Accepted from MassGen's users; every run is logged. */
  logs: boolean;
  /** Accepted from MassGen's users; the schema is of all backends. */
  schemaBackend?: string;
  /** As `schemaBackend`. */
  withExamples: boolean;
  /** Lists MassGen's example configs. */
  listExamples: boolean;
  /** One of MassGen's example configs to print. */
  example?: string;
}

/** What comes of the arguments: options, or text that is printed before the command ends. */
export type ParsedArguments =
  | { type: 'options'; options: CliOptions }
  | { type: 'text'; text: string; exitCode: 0 | 1 };

/** A subcommand as the help text names it. */
interface CommandLine {
  name: string;
  summary: string;
}

/** Reads the arguments after the program's name. Never throws and prints nothing. */
export function parseArguments(
  argv: readonly string[],
  version: string,
  commands: readonly CommandLine[] = [],
): ParsedArguments {
  const program = buildProgram(version, commands);
  const parsed = parseFlags(program, argv);
  if (parsed.type === 'text') return parsed;
  const options = program.opts<Omit<CliOptions, 'question'> & Record<string, unknown>>();
  options.init ||= options['quickstart'] === true;
  const [question] = program.args;
  return { type: 'options', options: { ...options, ...(question === undefined ? {} : { question }) } };
}

function buildProgram(version: string, subcommands: readonly CommandLine[]): Command {
  const program = new Command('massgen')
    .description("Several LLM agents work on one question, see each other's answers, vote, and the winner presents.")
    .usage('[options] [question]')
    .argument('[question]', 'what to ask; "-" reads it from standard input; without it the app opens')
    .version(version, '-V, --version')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .showSuggestionAfterError();
  program
    .optionsGroup('Team:')
    .option('-c, --config <file>', 'team to run: a YAML or JSON file, or the name of one in ~/.config/massgen/agents')
    .option('-m, --model <name>', 'ask one model')
    .option('--local <file>', 'ask a model in a GGUF file, run in this process by node-llama-cpp')
    .option('--backend <type>', 'backend type of --model, e.g. openai, claude, gemini, ollama')
    .option('--base-url <url>', 'address of the API for --model')
    .option('--system-message <text>', 'system message for --model')
    .option('--select', 'choose a team in the app', false)
    .option('--demo', 'run the built-in demo team; no model is called', false)
    .option('--learn <kind>', 'pick one of --arms by what is known of this kind of task, and learn from the run')
    .option('--arms <list>', 'with --learn: configs, or model:NAME, size:N, personas:WAY, with commas');
  addDisplayFlags(
    program.optionsGroup('Output:'),
    'events as JSON lines; with --validate, the report as JSON',
  ).addOption(new Option('--no-logs').hideHelp());
  program
    .optionsGroup('Run:')
    .option(
      '--continue',
      'go on with the latest session: with a run that was cut off, or with a further question',
      false,
    )
    .option('--session-id <id>', 'go on with this session, or begin it')
    .option('--list-sessions', 'list the sessions of this folder, and leave; with --all, of every folder', false)
    .option('--orchestrator-timeout <seconds>', 'time limit of a run', positiveNumber)
    .addOption(
      new Option(
        '--apply <mode>',
        'with write_mode: whether the changes of your files are written, if you are not there to look at them',
      ).choices(['ask', 'auto', 'never']),
    )
    .option('--rate-limit', 'keep to the built-in limits of requests per minute and day too', false)
    .option('--seed <number>', 'make everything that is left to chance repeatable', wholeNumber)
    .option('--speed <factor>', 'pace of built-in agents: a factor, or "max"', speed);
  addSteeringFlags(program.optionsGroup('Programs that step in:'));
  program
    .optionsGroup('Configs:')
    .option('--validate <file>', 'check a config and print everything that is wrong with it')
    .option('--strict', 'with --validate: warnings are errors', false)
    .option('--strict-validation', 'do not start with a config that has warnings', false)
    .option('--skip-validation', "do not print a config's warnings", false)
    .option('--list-examples', "list MassGen's example configs, where MassGen is on this machine", false)
    .option('--example <name>', 'print one of them; --config @examples/NAME runs it')
    .option('--show-schema', 'print the JSON Schema of configs, for editors', false)
    .addOption(new Option('--schema-backend <type>').hideHelp())
    .addOption(new Option('--with-examples').hideHelp().default(false))
    .addOption(new Option('--all').hideHelp().default(false));
  program
    .optionsGroup('Set-up:')
    .option('--init', 'set up keys and a team in the app, then ask; opens by itself where nothing is set up', false)
    .option('--setup', 'set up keys in the app; without a terminal: NAME=key lines from standard input', false)
    .option('--quickstart', 'the same as --init', false)
    .option('--agents <list>', 'with --init, without the app: agents as type or type:model, e.g. openai,claude')
    .option('--save <place>', 'with --init: project, user, or a file; with --setup: user or project')
    .option('--force', 'with --init and --setup: replace what is there', false);
  const commands = subcommands.map(({ name, summary }) => `  massgen ${name.padEnd(9)} ${summary}\n`).join('');
  program.addHelpText(
    'after',
    `${commands && `\nCommands (each with its own --help):\n${commands}`}
Exit codes: 0 answered, 1 config or usage, 2 every agent failed, 3 time limit, 4 interrupted.

Examples:
  massgen                                        open the app
  massgen --demo                                 watch the built-in team solve a number puzzle
  massgen --model gpt-6-luna "What is a monad?"  ask one model
  massgen --config team.yaml "Review this plan"  ask a team
  massgen --config team.yaml --json "…" | jq .   for programs`,
  );
  return program;
}

/** Reads a whole number from 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

/** Reads a pace: a factor above 0, or `max`. */
export function speed(text: string): number {
  if (text === 'max') return Infinity;
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0, or "max".');
  return value;
}
