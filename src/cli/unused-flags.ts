import type { CliOptions } from './options.ts';

/** What is said of flags that were given and do nothing here, a sentence each. */
export function unusedFlags(options: CliOptions): string[] {
  const isQuick = [options.model, options.backend, options.learn].some((given) => given !== undefined);
  const isSetup = options.init || options.setup;
  const notes: [given: boolean, note: string][] = [
    [
      options.systemMessage !== undefined && !isQuick && options.local === undefined,
      '--system-message has no effect: it belongs to --model, and a config has system_message of its own.',
    ],
    [
      options.baseUrl !== undefined && !isQuick,
      '--base-url has no effect: it belongs to --model, and a config has base_url of its own.',
    ],
    [!options.logs, '--no-logs has no effect: every run is logged, in .massgen/runs.'],
    [
      options.schemaBackend !== undefined || options.withExamples,
      '--schema-backend and --with-examples have no effect: the schema is of all backends.',
    ],
    [
      options.strict && options.validate === undefined,
      '--strict has no effect without --validate; --strict-validation keeps a config with warnings from starting.',
    ],
    [options.all && !options.listSessions, '--all has no effect without --list-sessions.'],
    [
      !isSetup && (options.agents !== undefined || options.save !== undefined || options.force),
      '--agents, --save and --force have no effect without --init or --setup.',
    ],
  ];
  return notes.filter(([given]) => given).map(([, note]) => note);
}
