import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { launch } from '../../src/cli/launch.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { openThread, type SessionThread } from '../../src/sessions/session-thread.ts';
import { withFolder } from './command-process.ts';
import { launchRequest } from './launch-request.ts';

const TEAM = `
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, text: The answer. }] } }
`;

it('lists a run in its session before the first event, so that a crash right after it is found again', async () => {
  await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
    const thread = openThread({ store: createSessionStore(join(cwd, '.massgen')), id: 'talk', cwd, now: 1 });
    const logs: string[] = [];
    const watched: SessionThread = {
      ...thread,
      add: async (run) => {
        logs.push(await readFile(join(run.dir, 'run.jsonl'), 'utf8'));
        await thread.add(run);
      },
    };
    const { handle, files } = await launch(await launchRequest(cwd, watched), 'Why?');
    await handle.ended;
    await files.settled;
    expect(logs).toEqual(['']);
  });
});
