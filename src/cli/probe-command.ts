import { Command, InvalidArgumentError } from 'commander';
import { safeJson } from '../headless/safe-json.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import type { ModelEvent } from '../providers/provider.ts';
import { readFlags } from './read-flags.ts';
import { probeLine } from './probe-line.ts';
import { findTarget, type TargetFlags } from './probe-target.ts';
import { readToolFile } from './tool-file.ts';
import type { CommandContext } from './command-context.ts';
import { warner } from './warner.ts';

interface ProbeFlags extends TargetFlags {
  tools?: string;
  json: boolean;
}

/**
 * `massgen probe`: one request to one endpoint. Prints the stream's events as they come and then the whole reply as
 * one folded message; with `--json`, events as JSON lines and the message as the last line. Exit code 0 when the reply
 * finished, 2 when it failed, 4 when it was interrupted.
 */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = buildProgram();
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<ProbeFlags>();
  const text = program.args[0]?.trim() ?? '';
  if (text === '') throw new MassgenError('usage', 'There is nothing to send: give a text, e.g. massgen probe … "Hi".');
  const warn = warner(streams);
  const { backend, systemMessage } = await findTarget(flags, environment, warn);
  const tools = flags.tools === undefined ? [] : await readToolFile(flags.tools, environment.cwd);
  const { probe } = await import('../providers/probe/probe.ts');
  const controller = new AbortController();
  const stopListening = onInterrupt((_signal, isFirst) => {
    if (!isFirst) process.exit(EXIT.interrupted);
    controller.abort();
  });
  const show = (event: ModelEvent): void =>
    void streams.stdout.write(flags.json ? `${safeJson(JSON.stringify(event))}\n` : `${probeLine(event)}\n`);
  try {
    const request = { text, systemMessage, tools, signal: controller.signal, onEvent: show };
    const folded = await probe(backend, request, { clock: createRealClock() });
    streams.stdout.write(`${safeJson(JSON.stringify(folded, null, flags.json ? 0 : 2))}\n`);
    if (controller.signal.aborted) return EXIT.interrupted;
    return folded.error === null ? EXIT.ok : EXIT.execution;
  } finally {
    stopListening();
  }
}

function buildProgram(): Command {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  return new Command('massgen probe')
    .description('Sends one request to one endpoint and prints what it answers.')
    .usage('(--backend TYPE [--model NAME] | --config FILE [--agent ID]) [options] "text"')
    .argument('[text]', 'what to send')
    .option('--backend <type>', 'backend type, e.g. openai, or a protocol: responses, chat, messages, gemini')
    .option('-m, --model <name>', "model; with --config, instead of the agent's own")
    .option('--base-url <url>', 'address of the API')
    .option('--api-key-env <name>', 'variable that holds the key')
    .option('-c, --config <file>', 'take the backend from a config')
    .option('--agent <id>', 'which agent of the config')
    .option('--system-message <text>', 'system message')
    .option('--tools <file>', 'JSON file with tools to offer')
    .option('--header <name=value>', 'further HTTP header; may be repeated', collect)
    .option('--builtin <name>', "provider's own tool to switch on, e.g. web_search; may be repeated", collect)
    .option('--param <name=json>', 'further parameter of the request; may be repeated', collect)
    .option('--idle-timeout <seconds>', 'silence after which the reply counts as lost', positiveNumber)
    .option('--json', 'events as JSON lines, and the folded message as the last line', false)
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit codes: 0 the reply finished, 1 usage, 2 the request failed, 4 interrupted.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
