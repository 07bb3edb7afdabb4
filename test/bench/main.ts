import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchCore } from './core.ts';
import { print } from './measure.ts';

/** `npm run bench [-- core | coordination | startup | terminal | providers | populations | queue | code-tools]`: measures, prints each figure beside its limit. Without a name: everything. */
const wanted = process.argv[2];
const folder = await mkdtemp(join(tmpdir(), 'massgen-bench-'));
try {
  if (wanted === undefined || wanted === 'core') print(await benchCore(folder));
  if (wanted === undefined || wanted === 'coordination')
    print(await (await import('./coordination.ts')).benchCoordination(folder));
  if (wanted === undefined || wanted === 'startup') print(await (await import('./startup.ts')).benchStartup(folder));
  if (wanted === undefined || wanted === 'terminal') {
    const { benchTerminal } = await import('./terminal.ts');
    for await (const figures of benchTerminal(folder)) print(figures);
  }
  if (wanted === undefined || wanted === 'populations') {
    const { benchPopulations } = await import('./populations.ts');
    for await (const figures of benchPopulations(process.argv.slice(3))) print(figures);
  }
  // Named only: it installs MassGen and takes minutes.
  if (wanted === 'original')
    await (await import('./against-original/bench.ts')).benchAgainstOriginal(folder, process.argv.slice(3));
  if (wanted === undefined || wanted === 'providers') print(await (await import('./providers.ts')).benchProviders());
  if (wanted === undefined || wanted === 'queue') print(await (await import('./queue.ts')).benchQueue(folder));
  if (wanted === undefined || wanted === 'code-tools')
    print(await (await import('./code-tools.ts')).benchCodeTools(folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}
