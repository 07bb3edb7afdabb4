import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import { limitText } from '../coordination/budget.ts';
import type { RunState } from '../coordination/state.ts';
import { elapsedMs } from '../coordination/views.ts';
import type { BudgetResource } from '../events/event.ts';
import type { CoordinationSettings, Limits } from '../events/settings.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { MassgenError } from '../platform/errors.ts';
import { safeFileName } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';

/** The folder of the run whose agent started this process; set where that run has limits. */
export const PARENT_VARIABLE = 'MASSGEN_PARENT_RUN';

/** In a run's folder: one file for each run that its agents started, with that run's folder in it. */
const CHILDREN = 'children';
/** Deeper runs are refused anyway. */
const MAX_LEVELS = 4;

interface Used {
  usd: number;
  tokens: number;
}

/**
 * The settings of a run with what the run that started it has left as limits: its own use, and that of all runs that its
 * agents have started, are taken off. Rejects with a MassgenError when nothing is left, or the other run cannot be read.
 */
export async function withinParent(
  settings: CoordinationSettings,
  parent: string | undefined,
  now: number,
): Promise<CoordinationSettings> {
  if (parent === undefined || parent === '') return settings;
  const state = await stateOf(parent);
  if (!state) {
    const message = `The run that started this one (${PARENT_VARIABLE}=${parent}) cannot be read, so what it has left is not known. Answer without starting a run.`;
    throw new MassgenError('parent-unknown', message);
  }
  const { limits } = state.settings;
  const used = await usedIn(parent, state, MAX_LEVELS);
  const left = {
    usd: leftOf('usd', limits.usd, used.usd),
    tokens: leftOf('tokens', limits.tokens, used.tokens),
    seconds: leftOf('seconds', limits.seconds, elapsedMs(state, Math.max(now, state.updatedAt)) / 1000),
  };
  const own = settings.limits;
  return {
    ...settings,
    limits: {
      ...own,
      usd: lower(own.usd, left.usd),
      tokens: lower(own.tokens, left.tokens),
      seconds: lower(own.seconds, left.seconds),
    },
  };
}

/** Lets the parent's further children know of this one. Never rejects: the parent's folder may be read-only here. */
export async function tellParent(parent: string | undefined, run: { id: string; dir: string }): Promise<void> {
  if (parent === undefined || parent === '') return;
  const folder = join(parent, CHILDREN);
  await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => writeFileAtomic(join(folder, `${safeFileName(run.id)}.json`), `${JSON.stringify({ dir: run.dir })}\n`))
    .catch(() => undefined);
}

/** What processes that agents of the run start have to know; nothing where there are no limits to keep. */
export function parentVariables(limits: Limits, runDir: string): Record<string, string> {
  const isLimited = limits.usd !== null || limits.tokens !== null || limits.seconds !== null;
  return isLimited ? { [PARENT_VARIABLE]: runDir } : {};
}

function leftOf(resource: BudgetResource, limit: number | null, used: number): number | null {
  if (limit === null) return null;
  if (used < limit) return limit - used;
  const spent = limitText({ resource, limit, used });
  const message = `The budget of ${spent} of the run that started this one is used up. Answer without starting a run.`;
  throw new MassgenError('budget-used', message);
}

function lower(own: number | null, left: number | null): number | null {
  return own === null || left === null ? (own ?? left) : Math.min(own, left);
}

/** What the run and all that its agents have started used so far. Runs that cannot be read count as nothing. */
async function usedIn(dir: string, state: RunState, levels: number): Promise<Used> {
  let usd = state.cost.usd;
  let tokens = state.usage.input + state.usage.output;
  for (const child of levels > 0 ? await childrenOf(dir) : []) {
    const childState = await stateOf(child);
    if (!childState) continue;
    const used = await usedIn(child, childState, levels - 1);
    usd += used.usd;
    tokens += used.tokens;
  }
  return { usd, tokens };
}

async function childrenOf(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, CHILDREN)).catch(() => []);
  const dirs = await Promise.all(
    names.map(async (name) => {
      try {
        const value: unknown = JSON.parse(await readFile(join(dir, CHILDREN, name), 'utf8'));
        return typeof value === 'object' && value !== null && 'dir' in value ? value.dir : null;
      } catch {
        return null;
      }
    }),
  );
  return dirs.filter((each) => typeof each === 'string');
}

function stateOf(dir: string): Promise<RunState | null> {
  return readAll(dir).then(foldEvents, () => null);
}
