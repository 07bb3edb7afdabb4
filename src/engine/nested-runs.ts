import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import type { NestedRun, RunState } from '../coordination/state.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import { NO_COST, NO_USAGE, type Cost, type Usage } from '../events/usage.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { safeFileName } from '../platform/paths.ts';
import { logPath } from '../runlog/files.ts';
import { readAll } from '../runlog/read-run-log.ts';

/** In a run's folder: one file for each run that its agents started, with that run's folder in it. */
const CHILDREN = 'children';

/** A run that an agent of another one has started by a tool. */
export interface ChildRun {
  /** Absolute. */
  dir: string;
  /** Whose tool it was; null where that is not known. */
  agent: Alias | null;
}

/** Lets the run in `parent` know of one inside of it. Never rejects: the folder may be read-only here. */
export async function noteChild(parent: string, run: { id: string } & ChildRun): Promise<void> {
  const folder = join(parent, CHILDREN);
  const text = JSON.stringify({ dir: run.dir, ...(run.agent !== null && { agent: run.agent }) });
  await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => writeFileAtomic(join(folder, `${safeFileName(run.id)}.json`), `${text}\n`))
    .catch(() => undefined);
}

/** The runs inside of the one in `dir`. Never rejects; what cannot be read is left out. */
export async function childrenOf(dir: string): Promise<ChildRun[]> {
  const names = await readdir(join(dir, CHILDREN)).catch((): string[] => []);
  const read = await Promise.all(
    names.map(async (name): Promise<ChildRun | null> => {
      try {
        const value: unknown = JSON.parse(await readFile(join(dir, CHILDREN, name), 'utf8'));
        if (typeof value !== 'object' || value === null || !('dir' in value) || typeof value.dir !== 'string')
          return null;
        return { dir: value.dir, agent: 'agent' in value && typeof value.agent === 'string' ? value.agent : null };
      } catch {
        return null;
      }
    }),
  );
  return read.filter((child) => child !== null);
}

/** The run in that folder as its log has it; null where it cannot be read. */
export function stateOf(dir: string): Promise<RunState | null> {
  return readAll(dir).then(foldEvents, () => null);
}

export interface NestedOptions {
  /** The folder of the run that counts. */
  runDir: string;
  state: () => RunState;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
}

/**
 * Has an agent pay for what runs have used that its tools have started, and that is not counted yet. A log is read again
 * only once it has grown, and nothing is counted twice, whoever asks at the same time. Rejects as `record` does.
 */
export function createNestedCount({ runDir, state, record }: NestedOptions): (alias: Alias) => Promise<void> {
  const sizes = new Map<string, number>();
  let before: Promise<unknown> = Promise.resolve();
  const count = async (alias: Alias): Promise<void> => {
    for (const { dir, agent } of await childrenOf(runDir)) {
      if ((agent ?? alias) !== alias) continue;
      const size = await stat(logPath(dir)).then(
        (found) => found.size,
        () => 0,
      );
      const child = sizes.get(dir) === size ? null : await stateOf(dir);
      if (!child) continue;
      sizes.set(dir, size);
      const known = state().nested.find((each) => each.dir === dir);
      const more = increaseOf(child, known);
      if (more) await record({ type: 'nested.counted', agent: alias, data: { run: child.run, dir, ...more } });
    }
  };
  return (alias) => {
    const counted = before.then(() => count(alias));
    before = counted.catch(() => undefined);
    return counted;
  };
}

/** Null where nothing was used since it was counted. */
function increaseOf(
  { usage, cost }: { usage: Usage; cost: Cost },
  counted: NestedRun | undefined,
): { usage: Usage; costUsd: number; isWhole: boolean } | null {
  const { usage: before, cost: paid } = counted ?? { usage: NO_USAGE, cost: NO_COST };
  const more: Usage = {
    input: usage.input - before.input,
    output: usage.output - before.output,
    cachedInput: usage.cachedInput - before.cachedInput,
    cacheWrite: usage.cacheWrite - before.cacheWrite,
    reasoning: usage.reasoning - before.reasoning,
  };
  const isNothing = more.input + more.output <= 0 && cost.usd <= paid.usd && cost.isComplete === paid.isComplete;
  return isNothing ? null : { usage: more, costUsd: Math.max(0, cost.usd - paid.usd), isWhole: cost.isComplete };
}
