import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureRun } from './measure-run.ts';
import { installOriginal, ORIGINAL_VERSION } from './original.ts';
import { comparisonTable, type Comparison } from './table.ts';
import type { Side } from './side.ts';

const ENTRY = fileURLToPath(new URL('../../../dist/massgen.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../docs/comparison.md', import.meta.url));
const RAW = fileURLToPath(new URL('../../../docs/comparison.json', import.meta.url));

/**
 * `npm run bench -- original [--agents 1,3,5,10] [--runs 3] [--write]`: this program beside MassGen itself, on the same
 * model server, with the same configs, in turns. Run `npm run build` first. Without Python it says that it was skipped.
 */
export async function benchAgainstOriginal(folder: string, argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    // `npm run bench -- original -- --write` is meant the same.
    args: argv.filter((word) => word !== '--'),
    options: {
      agents: { type: 'string', default: '1,3,5,10' },
      runs: { type: 'string', default: '3' },
      write: { type: 'boolean', default: false },
    },
  });
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  if (!existsSync(ENTRY)) return tell(`Skipped: ${ENTRY} is not there. Run "npm run build" first.`);
  if (process.platform !== 'linux')
    return tell('Skipped: processor time and memory are read from /proc, on Linux only.');
  const original = await installOriginal(tell);
  if (typeof original === 'string') return tell(`Skipped: ${original}`);
  const ours: Side = { name: 'this program', command: [process.execPath, ENTRY], version: '' };

  let count = 0;
  const measure = (side: Side, agents: number): ReturnType<typeof measureRun> =>
    measureRun(side, agents, join(folder, `original-${(count += 1)}`));
  const loads = [loadavg()[0] ?? 0];
  const startedAt = performance.now();
  const minutes = (): string => `${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`;
  tell(`Measuring ${values.agents} agents, ${values.runs} runs each: about five minutes where nothing else runs.`);
  if ((loads[0] ?? 0) > cpus().length / 2)
    tell(`The load is ${loads[0]?.toFixed(1)}: times will be longer than on a quiet machine.`);
  tell('Warming up …');
  for (const side of [ours, original]) await measure(side, 1);
  const comparisons: Comparison[] = [];
  for (const agents of values.agents.split(',').map(Number)) {
    const comparison: Comparison = { agents, ours: [], original: [] };
    for (let run = 0; run < Number(values.runs); run += 1) {
      comparison.ours.push(await measure(ours, agents));
      comparison.original.push(await measure(original, agents));
      const both = JSON.stringify([comparison.ours.at(-1), comparison.original.at(-1)]);
      tell(`${agents} agents, run ${run + 1}, after ${minutes()}: ${both}`);
    }
    comparisons.push(comparison);
    loads.push(loadavg()[0] ?? 0);
  }
  const [least, most] = [Math.min(...loads), Math.max(...loads)].map((load) => load.toFixed(1));
  const conditions = `Measured with ${cpus().length} processor cores at a load of ${least} to ${most}, each ${values.runs === '1' ? 'once' : `${values.runs} times`}.`;
  const table = `${conditions}\n\n${comparisonTable(comparisons)}`;
  process.stdout.write(table);
  tell(`It took ${minutes()}.`);
  if (!values.write) return;
  const page = await readFile(PAGE, 'utf8');
  const [head = ''] = page.split('<!-- measured -->');
  await writeFile(PAGE, `${head}<!-- measured -->\n\n${table}`);
  await writeFile(
    RAW,
    `${JSON.stringify({ original: ORIGINAL_VERSION, node: process.version, conditions, comparisons }, null, 1)}\n`,
  );
}
