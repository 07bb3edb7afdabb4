import { runCommand } from './cli/command.ts';
import { parseArguments } from './cli/options.ts';
import { reportError } from './cli/report-error.ts';
import { VERSION } from './cli/version.ts';
import { readEnvironment } from './platform/environment.ts';

// A reader that goes away (`massgen … | head`) ends the output, not the program with a stack.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const parsed = parseArguments(process.argv.slice(2), VERSION);
if (parsed.type === 'text') {
  (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
  process.exitCode = parsed.exitCode;
} else {
  try {
    process.exitCode = await runCommand(parsed.options, readEnvironment(), process, VERSION);
  } catch (error) {
    process.exitCode = await reportError(error, parsed.options.debug, process.stderr);
  }
}
// Nothing may keep a finished command alive: an idle keep-alive socket, a standard input that nobody closes.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
);
process.exit();
