import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunTrial } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { SharedRates } from '../../../src/providers/limits/shared-rates.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { recordOf } from '../report/records.ts';

/** What a trial of the contract does; its question is this word. */
export type Behaviour = 'answer' | 'book' | 'answer-late' | 'reject' | 'hang' | 'die-once' | 'die-always';

export function trialsThat(...behaviours: Behaviour[]): Trial[] {
  return trialsIn('.', ...behaviours);
}

/** Trials that leave their marks in a folder of their own, below that of who runs them. */
export function trialsIn(folder: string, ...behaviours: Behaviour[]): Trial[] {
  return behaviours.map((question, index) => ({
    key: `team/case-${index}/1`,
    team: { name: 'team', config: join(folder, 'team.yaml') },
    item: { id: `case-${index}`, kind: 'own', question, check: { type: 'exact', expected: ['yes'] } },
    seed: 1,
  }));
}

/** A window with room for two requests, of which there is one for each folder of trials. */
const TWO = { spanMs: 600_000, limit: 2, weight: 1, maxWaitMs: null };

/**
 * Runs trials of the contract. `folder` remembers across processes who has died already and what was begun, and of a trial
 * that books a place with `rates`, whether it had to wait.
 */
export function contractRunner(folder: string, rates: SharedRates): RunTrial {
  return async ({ key, team, item, seed }, signal) => {
    const own = join(folder, dirname(team.config));
    mkdirSync(own, { recursive: true });
    const mark = join(own, item.id);
    const isFirst = !existsSync(mark);
    writeFileSync(mark, String(process.pid));
    switch (item.question as Behaviour) {
      case 'answer':
        break;
      case 'book': {
        const place = await rates.book([{ window: own, ...TWO }]);
        writeFileSync(mark, 'waitMs' in place && place.waitMs === 0 ? 'goes' : 'waits');
        break;
      }
      case 'answer-late':
        await sleep(30);
        break;
      case 'reject':
        throw new Error('This trial cannot be run.');
      case 'hang':
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
        break;
      case 'die-once':
        if (isFirst) process.kill(process.pid, 'SIGKILL');
        break;
      case 'die-always':
        process.kill(process.pid, 'SIGKILL');
    }
    return recordOf({ key, team: team.name, item: item.id, seed, isRight: true });
  };
}
