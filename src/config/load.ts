import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { checkConfig } from './check.ts';
import type { Environment } from './env.ts';
import type { JsonValue } from '../events/json.ts';
import type { Reference } from './expand.ts';
import type { Finding } from './finding.ts';
import { printable } from './printable.ts';
import type { KeyPath, Problem, ValidationReport } from './problem.ts';
import { formatLocation, sortProblems, toValidationReport } from './problem.ts';
import type { Config } from './schema/config.ts';
import type { Place, SourceDocument } from './source-document.ts';
import { readJson, readYaml } from './source-document.ts';

/** A config file as it was found: read and checked, with everything that is wrong with it. */
export interface LoadedConfig {
  /** Absolute. */
  path: string;
  /** The path as the user wrote it; stands in messages. */
  shownAs: string;
  /** For people: the file's name without its ending. */
  name: string;
  /** Null when there is an error among the problems, or where the form depends on a variable that is unset. */
  config: Config | null;
  /** The tree behind `config`. */
  value: JsonValue;
  /** In the order of the file. */
  problems: Problem[];
  /** Every `${VARIABLE}` in it. */
  references: Reference[];
  locate: (path: KeyPath, at?: 'key' | 'value') => Place | null;
}

/** Larger files are no configs. */
const MAX_BYTES = 2_000_000;

/** Reads and checks a file; `env` fills its `${VARIABLE}`s. Never throws: what is wrong is in `problems`. */
export async function loadConfig(path: string, options: { env: Environment; cwd: string }): Promise<LoadedConfig> {
  const absolute = resolve(options.cwd, path);
  const text = await readText(absolute);
  if (typeof text !== 'string') return empty(absolute, path, [text]);
  return loadConfigText(text, { path: absolute, shownAs: path, env: options.env });
}

/** As `loadConfig`, for a text; `path` decides by its ending how it is read. Never throws. */
export function loadConfigText(
  text: string,
  options: { path: string; shownAs?: string; env: Environment },
): LoadedConfig {
  const file = options.shownAs ?? options.path;
  const document = extname(options.path).toLowerCase() === '.json' ? readJson(text) : readYaml(text);
  const problems = document.problems.map((p): Problem => ({
    severity: p.severity,
    file,
    line: p.place?.line ?? null,
    column: p.place?.column ?? null,
    location: 'file',
    message: p.message,
    expected: null,
    suggestion: p.suggestion,
  }));
  if (document.value === undefined) return empty(options.path, file, problems);
  const { findings, config, value, references } = checkConfig(document.value, options.env, document.anchored);
  problems.push(...findings.map((finding) => toProblem(finding, file, document)));
  return {
    path: options.path,
    shownAs: file,
    name: nameOf(options.path),
    config,
    value,
    problems: sortProblems(problems),
    references,
    locate: document.locate,
  };
}

/**
 * What `--validate` does: MassGen's report, and the problems behind it. Variables are left out of account, so the
 * result is the same on every machine. Never throws.
 */
export async function validateConfigFile(
  path: string,
  options: { strict: boolean; cwd: string },
): Promise<{ problems: Problem[]; json: ValidationReport }> {
  const { problems } = await loadConfig(path, { env: {}, cwd: options.cwd });
  return { problems, json: toValidationReport(problems, options.strict) };
}

/** Gives a finding its place in the file. */
export function toProblem(finding: Finding, file: string, document: Pick<SourceDocument, 'locate'>): Problem {
  const place = document.locate(finding.path, finding.at ?? 'value');
  return {
    severity: finding.severity,
    file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    location: formatLocation(finding.path),
    message: finding.message,
    expected: finding.expected ?? null,
    suggestion: finding.suggestion ?? null,
  };
}

async function readText(path: string): Promise<string | Problem> {
  const extension = extname(path).toLowerCase();
  if (!['.yaml', '.yml', '.json'].includes(extension)) {
    return fileProblem(path, 'A config is a .yaml, .yml or .json file.', 'Give the file one of these endings.');
  }
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return fileProblem(path, `The file is too large for a config (${size} bytes).`, null);
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) return notUtf8(path, bytes);
    return new TextDecoder('utf-8').decode(bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return fileProblem(path, 'There is no such file.', 'Check the path.');
    if (code === 'EISDIR') return fileProblem(path, 'This is a folder.', 'Name a file in it.');
    return fileProblem(
      path,
      `The file cannot be read (${printable(code) || 'unknown error'}).`,
      'Check its permissions.',
    );
  }
}

/** With the first line in which something else stands; UTF-16, which Windows' shells write, has no such lines. */
function notUtf8(path: string, bytes: Buffer): Problem {
  const problem = fileProblem(path, 'The file is not written in UTF-8.', 'Save it as UTF-8.');
  const [first = 0, second = 0] = bytes;
  if (first >= 0xfe && second >= 0xfe) return { ...problem, message: 'The file is written in UTF-16, not in UTF-8.' };
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop))) return { ...problem, line, column: 1 };
    start = stop + 1;
  }
  return problem;
}

function fileProblem(file: string, message: string, suggestion: string | null): Problem {
  return { severity: 'error', file, line: null, column: null, location: 'file', message, expected: null, suggestion };
}

function empty(path: string, file: string, problems: Problem[]): LoadedConfig {
  return {
    path,
    shownAs: file,
    name: nameOf(path),
    config: null,
    value: null,
    problems: problems.map((p) => ({ ...p, file })),
    references: [],
    locate: () => null,
  };
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}
