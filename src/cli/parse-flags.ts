import { CommanderError, Help, type Command, type Option } from 'commander';

export type Parsed = { type: 'ok' } | { type: 'text'; text: string; exitCode: 0 | 1 };

/** Lets commander read the arguments without letting it print or end the process: help and errors come back as text. */
export function parseFlags(program: Command, argv: readonly string[]): Parsed {
  let text = '';
  const write = (chunk: string): void => void (text += chunk);
  try {
    program
      .configureHelp({ optionDescription })
      .exitOverride()
      .configureOutput({ writeOut: write, writeErr: write })
      .parse([...argv], { from: 'user' });
    return { type: 'ok' };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [first] = program.registeredArguments;
    if (error.code === 'commander.excessArguments' && first?.name() === 'question')
      text += 'A question of several words stands in quotes.\n';
    return { type: 'text', text, exitCode: error.exitCode === 0 ? 0 : 1 };
  }
}

/** That a switch is off until it is given goes without saying. */
function optionDescription(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option);
}
