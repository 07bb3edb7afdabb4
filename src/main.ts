import { parseArguments } from './cli/options.ts';
import { reportError } from './cli/report-error.ts';
import { VERSION } from './cli/version.ts';
import { findSubcommand, SUBCOMMANDS } from './cli/subcommands.ts';
import { readEnvironment } from './platform/environment.ts';
import type { ExitCode } from './platform/errors.ts';

// A reader that goes away (`massgen … | head`) ends the output, not the program with a stack.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const argv = process.argv.slice(2);
try {
  process.exitCode = await main(argv);
} catch (error) {
  process.exitCode = await reportError(error, argv.includes('--debug'), process.stderr);
}

async function main([word, ...rest]: readonly string[]): Promise<ExitCode> {
  const subcommand = findSubcommand(word);
  if (subcommand)
    return (await subcommand.load()).run(rest, { environment: readEnvironment(), streams: process, version: VERSION });
  const parsed = parseArguments(argv, VERSION, SUBCOMMANDS);
  if (parsed.type === 'options') {
    const { runCommand } = await import('./cli/command.ts');
    return runCommand(parsed.options, readEnvironment(), process, VERSION);
  }
  (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
  return parsed.exitCode;
}

// Nothing may keep a finished command alive: an idle keep-alive socket, a standard input that nobody closes.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
);
process.exit();
