import { Option, type Command } from 'commander';

/** Adds the flags for how the app looks and what is printed without it, in the order of the help. */
export function addDisplayFlags(program: Command, jsonText: string): Command {
  return program
    .option('--no-display', 'plain lines instead of the app')
    .addOption(
      new Option('--plain', 'the same, for screen readers: lines only, each change once').implies({ display: false }),
    )
    .option('--automation', 'LOG_DIR, STATUS, WINNER … lines for programs', false)
    .option('--json', jsonText, false)
    .option(
      '--theme <name>',
      'colours of the app: auto, dark, light, high-contrast, mono, terminal-16, or one of yours',
    )
    .option('--economy', 'send as little as possible, for slow links', false)
    .option('--ascii', "no characters beyond ASCII in the app's frame", false)
    .option('--reduced-motion', 'no animation', false)
    .option('--debug', 'print where an unexpected error came from', false);
}
