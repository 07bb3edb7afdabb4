import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';

/** Tells the user what went wrong, and returns the exit code. A bug is told as one, with its stack on demand. */
export async function reportError(error: unknown, isDebug: boolean, stderr: NodeJS.WriteStream): Promise<ExitCode> {
  const { Chalk, supportsColorStderr } = await import('chalk');
  const chalk = new Chalk({ level: stderr.isTTY && supportsColorStderr ? supportsColorStderr.level : 0 });
  const { plainText } = await import('../headless/plain-text.ts');
  if (error instanceof MassgenError) {
    stderr.write(`${chalk.red('error:')} ${plainText(error.message)}\n`);
    if (isDebug && error.cause) stderr.write(`${plainText(describe(error.cause))}\n`);
    return error.exitCode;
  }
  stderr.write(
    `${chalk.red('This is a bug in massgen:')} ${plainText(isDebug ? describe(error) : messageOf(error))}\n`,
  );
  if (!isDebug) stderr.write('Run it again with --debug to see where.\n');
  return EXIT.execution;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
