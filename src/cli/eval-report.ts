import { Command, Option } from 'commander';
import { loadSuite } from '../evaluation/suite/load-suite.ts';
import { trialsOf } from '../evaluation/suite/suite.ts';
import { inOrder, ResultsFile } from '../evaluation/trials/results-file.ts';
import { markdownReport } from '../evaluation/report/markdown-report.ts';
import { reportSuite, type SuiteReport } from '../evaluation/report/report-suite.ts';
import { htmlReport } from '../headless/evaluation/html-report.ts';
import { textReport } from '../headless/evaluation/text-report.ts';
import { createOutput } from '../headless/output.ts';
import { plainText } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { textWidth } from '../tui/text/width.ts';
import type { CommandContext } from './command-context.ts';
import { evalFolder, resultsPath } from './eval-folder.ts';
import { readFlags } from './read-flags.ts';

const FORMATS = {
  text: (report: SuiteReport, columns: number): string => textReport(report, columns, textWidth),
  html: (report: SuiteReport): string => htmlReport(report),
  md: (report: SuiteReport): string => `${plainText(markdownReport(report))}\n`,
  json: (report: SuiteReport): string => `${safeJson(JSON.stringify(report, null, 2))}\n`,
} as const;

/** Of text that goes to no terminal. */
const PIPE_COLUMNS = 200;

/** `massgen eval report`: what the results of a suite mean. */
export async function reportEvaluation(
  argv: readonly string[],
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen eval report')
    .description('Tell what the results of a suite mean: shares with intervals, paired tests, what was lost and why.')
    .argument('<suite>', 'the suite, a YAML file')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('-o, --out <folder>', 'where the results are; .massgen/evals/… if left out')
    .addOption(new Option('-f, --format <format>', 'how it is written').choices(Object.keys(FORMATS)).default('text'));
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { out: folder, format } = program.opts<{ out?: string; format: keyof typeof FORMATS }>();
  const suite = await loadSuite(program.args[0] ?? '', environment.cwd);
  const path = resultsPath(evalFolder(suite, environment.cwd, folder));
  const records = inOrder(trialsOf(suite), await new ResultsFile(path).read());
  if (records.length === 0) {
    throw new MassgenError('no-results', `There is no result of this suite in ${path}. Run "massgen eval run" first.`);
  }
  const output = createOutput(streams.stdout);
  output.write(FORMATS[format](reportSuite(suite.name, records), environment.terminal.columns ?? PIPE_COLUMNS));
  await output.flush();
  return EXIT.ok;
}
