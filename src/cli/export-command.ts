import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { createOutput } from '../headless/output.ts';
import type { ExportedConversation, MissingTurn } from '../headless/report/export.ts';
import { safeJson } from '../headless/safe-json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { reportRun, type RunReport } from '../sessions/run-report.ts';
import type { CommandContext } from './command-context.ts';
import { sessionStoreOf } from './continue-session.ts';
import { findAnyRun } from './find-any-run.ts';
import { findSession } from './find-session.ts';
import { readFlags } from './read-flags.ts';

const FORMATS = ['md', 'html', 'json'] as const;

/** `massgen export <run|session>`: a run or a whole session as one document. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen export')
    .description('Write a run or a session as one document: Markdown, a web page that needs nothing else, or JSON.')
    .argument('[run|session]', 'its id, or the beginning of it; without it the latest run', 'latest')
    .addOption(new Option('-f, --format <format>', 'what to write').choices([...FORMATS]).default('md'))
    .option('-o, --output <file>', 'where to write it; without it to standard output')
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { format, output } = program.opts<{ format: (typeof FORMATS)[number]; output?: string }>();
  const text = await write(await collect(program.args[0] ?? 'latest', environment), format);
  if (output === undefined) {
    const out = createOutput(streams.stdout);
    out.write(text);
    await out.flush();
    out.check('the run is in its log');
    return EXIT.ok;
  }
  const path = resolve(environment.cwd, output);
  await writeFileAtomic(path, text).catch((cause: unknown) => {
    const message = `${path} could not be written. Check that its folder is there and that you may write to it.`;
    throw new MassgenError('export-failed', message, { exitCode: EXIT.execution, cause });
  });
  streams.stderr.write(`Written to ${path}\n`);
  return EXIT.ok;
}

async function collect(word: string, environment: Environment): Promise<ExportedConversation> {
  const session = word === 'latest' ? null : await findSession(sessionStoreOf(environment), word);
  if (!session) {
    const report = reportRun(await readAll(await findAnyRun(word, environment)));
    if (report) return { session: null, runs: [report] };
    throw new MassgenError('empty-run', `The run ${word} has no event, so there is nothing to export.`);
  }
  const runs: RunReport[] = [];
  const missing: MissingTurn[] = [];
  for (const [index, { run, dir }] of session.runs.entries()) {
    // A session goes on without the turns whose logs are gone; its page says where they were.
    const found = await readAll(dir).then(reportRun).catch(messageOf);
    if (typeof found === 'object' && found) runs.push(found);
    else missing.push({ turn: index + 1, run, reason: found ?? 'Its log has no event.' });
  }
  const { id, name, parent } = session;
  return { session: { id, name, ...(parent && { parent }) }, runs, ...(missing.length > 0 && { missing }) };
}

async function write(conversation: ExportedConversation, format: (typeof FORMATS)[number]): Promise<string> {
  switch (format) {
    case 'md':
      return (await import('../headless/report/export-markdown.ts')).exportMarkdown(conversation);
    case 'html':
      return (await import('../headless/report/export-html.ts')).exportHtml(conversation);
    case 'json':
      return `${safeJson(JSON.stringify({ v: 1, ...conversation }, null, 2))}\n`;
  }
}
