import { validateConfigFile } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';

interface Output {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** `--validate FILE`: everything that is wrong with a config; exit code 1 for errors, with --strict for warnings too. */
export async function validate(
  path: string,
  { strict, json }: { strict: boolean; json: boolean },
  cwd: string,
  { stdout, stderr }: Output,
): Promise<ExitCode> {
  const { problems, json: report } = await validateConfigFile(path, { strict, cwd });
  if (json) stdout.write(`${safeJson(JSON.stringify(report, null, 2))}\n`);
  else {
    for (const problem of problems) stderr.write(`${formatProblem(problem)}\n`);
    const name = oneLine(path);
    const counts = `${report.error_count} errors, ${report.warning_count} warnings`;
    stdout.write(
      problems.length === 0 ? `${name}: valid\n` : `${name}: ${report.valid ? 'valid' : 'not valid'}, ${counts}\n`,
    );
  }
  return report.valid && !(strict && report.warning_count > 0) ? EXIT.ok : EXIT.config;
}

/** `--show-schema`: the JSON Schema of configs. */
export async function printSchema({ stdout }: Pick<Output, 'stdout'>): Promise<ExitCode> {
  const { showSchema } = await import('../config/json-schema.ts');
  stdout.write(`${JSON.stringify(showSchema(), null, 2)}\n`);
  return EXIT.ok;
}
