import { readFile } from 'node:fs/promises';
import { loadEnv } from '../config/env.ts';
import { findExample, listExamples, type ExamplePlaces } from '../config/massgen-examples.ts';
import { oneLine, plainText } from '../headless/plain-text.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import type { Streams } from './streams.ts';

/** `--list-examples` and `--example NAME`. Throws a MassgenError where MassGen's examples are not on this machine. */
export async function showExamples(
  name: string | undefined,
  environment: Environment,
  { stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>,
): Promise<ExitCode> {
  const places = await examplePlaces(environment);
  if (name !== undefined) {
    stdout.write(plainText(await readFile(await findExample(name, places), 'utf8')));
    return EXIT.ok;
  }
  const { folder, examples } = await listExamples(places);
  stdout.write(examples.map((example) => `@examples/${oneLine(example.name)}\n`).join(''));
  stderr.write(
    `${examples.length} examples of MassGen in ${oneLine(folder)}. ` +
      'Run one with --config @examples/NAME; --example NAME prints it.\n',
  );
  return EXIT.ok;
}

async function examplePlaces({ cwd, home, variables }: Environment): Promise<ExamplePlaces> {
  const { env } = await loadEnv({ cwd, home, env: variables });
  return { cwd, home, env };
}
