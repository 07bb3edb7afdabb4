import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunTrial } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { recordOf } from '../report/records.ts';

/** What a trial of the contract does; its question is this word. */
export type Behaviour = 'answer' | 'answer-late' | 'reject' | 'hang' | 'die-once' | 'die-always';

export function trialsThat(...behaviours: Behaviour[]): Trial[] {
  return behaviours.map((question, index) => ({
    key: `team/case-${index}/1`,
    team: { name: 'team', config: 'team.yaml' },
    item: { id: `case-${index}`, kind: 'own', question, check: { type: 'exact', expected: ['yes'] } },
    seed: 1,
  }));
}

/** Runs trials of the contract. `folder` remembers across processes who has died already and what was begun. */
export function contractRunner(folder: string): RunTrial {
  return async ({ key, team, item, seed }, signal) => {
    const mark = join(folder, item.id);
    const isFirst = !existsSync(mark);
    writeFileSync(mark, String(process.pid));
    switch (item.question as Behaviour) {
      case 'answer':
        break;
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
