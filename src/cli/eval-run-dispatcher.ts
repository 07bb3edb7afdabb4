import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispatcher } from '../evaluation/dispatch/dispatcher.ts';
import type { Suite } from '../evaluation/suite/suite.ts';
import { createTrialRunner, type TrialSurroundings } from '../evaluation/trials/run-trial.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { randomHex } from '../platform/entropy.ts';
import { makeFolder } from '../platform/make-folder.ts';
import type { TypeLimit } from '../providers/limits/shared-limiter.ts';
import { limitText } from './type-limit.ts';
import { queueAddress, withoutQueue } from './queue-address.ts';

export interface DispatchFlags {
  dispatch: 'in-process' | 'child-process' | 'queue';
  /** True for `--queue` without an address. */
  queue?: string | true;
  limit: TypeLimit[];
}

export interface DispatchPlace {
  suite: Suite;
  surroundings: TrialSurroundings;
  /** The evaluation's folder. */
  folder: string;
  /** The shell's variables, for child processes. */
  variables: Record<string, string>;
  /** The same with those of files, for the queue's address. */
  env: Record<string, string>;
  onNotice: (text: string) => void;
}

/** Where the trials of this start are run. Rejects with a MassgenError when that is not possible. */
export async function createDispatcher(flags: DispatchFlags, place: DispatchPlace): Promise<Dispatcher> {
  const usesQueue = flags.queue !== undefined || flags.dispatch === 'queue';
  if (usesQueue) return createQueue(flags, place);
  const { suite, surroundings, variables } = place;
  const { createInProcessDispatcher } = await import('../evaluation/dispatch/in-process.ts');
  if (flags.dispatch === 'in-process')
    return createInProcessDispatcher(createTrialRunner(surroundings), suite.concurrency);
  const { runsDir, judge, rateLimit, cwd, clock, sharedLimits } = surroundings;
  const flagged = [
    ...(judge === null ? [] : ['--judge', judge]),
    ...(rateLimit ? ['--rate-limit'] : []),
    ...sharedLimits.limits.flatMap((limit) => ['--limit', limitText(limit)]),
  ];
  const args = ['worker', '--ipc', '--runs', runsDir, ...flagged];
  const entry = process.argv[1] ?? '';
  const { createChildProcessDispatcher } = await import('../evaluation/dispatch/child-process.ts');
  return createChildProcessDispatcher({
    fork: () => fork(entry, args, { cwd, env: withoutQueue(variables), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }),
    concurrency: suite.concurrency,
    clock,
    rates: sharedLimits.rates,
  });
}

async function createQueue(flags: DispatchFlags, place: DispatchPlace): Promise<Dispatcher> {
  const { suite, surroundings, folder, env, onNotice } = place;
  const { cwd, clock, version, rateLimit } = surroundings;
  const address = await queueAddress(typeof flags.queue === 'string' ? flags.queue : undefined, env);
  const [{ connectRedis }, { createQueueDispatcher }, { innerPathOf, referTo }] = await Promise.all([
    import('../evaluation/dispatch/queue/connect-redis.ts'),
    import('../evaluation/dispatch/queue/queue-dispatcher.ts'),
    import('../evaluation/dispatch/queue/config-reference.ts'),
  ]);
  const evaluation = await evaluationId(folder);
  const runs = `${innerPathOf(folder, cwd) ?? `.massgen/evals/${evaluation}`}/runs`;
  const judge = suite.judge === null ? null : await referTo(suite.judge, cwd);
  const byTeam = new Map(
    await Promise.all(
      suite.teams.map(async ({ name, config }) => {
        return [name, await referTo(config, cwd)] as const;
      }),
    ),
  );
  return createQueueDispatcher({
    connect: () => connectRedis(address),
    clock,
    concurrency: suite.concurrency,
    evaluation,
    jobOf: ({ key, team, item, seed }, session) => {
      const config = byTeam.get(team.name);
      if (!config) throw new Error(`the suite has no team ${team.name}`);
      const base = { v: 1 as const, evaluation, session, version, key, team: team.name, item, seed };
      return { ...base, config, judge, runs, rateLimit, limits: flags.limit };
    },
    onNotice,
  });
}

/** The same for all starts in this folder, another one once the folder was removed: its trials are to be run anew then. */
async function evaluationId(folder: string): Promise<string> {
  const path = join(folder, 'evaluation-id');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (/^[0-9a-f]{16}\n$/.test(known)) return known.trim();
  const id = randomHex(8);
  await makeFolder(folder);
  await writeFileAtomic(path, `${id}\n`);
  return id;
}
