import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import { runCommandLine, withFolder } from './command-process.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback([{ text: 'Seen.' }]);
});
afterEach(async () => server.close());

it('files go along with any question of a session, and stay with the conversation', async () => {
  const team = `
session_id: talk
agents:
  - { id: a, backend: { type: chatcompletion, model: m, base_url: "${server.url}/v1" } }
`;
  const files = { 'team.yaml': team, 'first.md': 'The first file.', 'second.md': 'The second file.' };
  await withFolder(files, async (cwd) => {
    const ask = (question: string): Promise<unknown> => runCommandLine(['--config', 'team.yaml', question], { cwd });
    await ask('What is in @first.md?');
    await rm(join(cwd, 'first.md'));
    await ask('And in @second.md?');
    await ask('Which is longer?');
    const told = server.requests.map(({ body }) => {
      const text = JSON.stringify(body.messages);
      return [text.includes('The first file.'), text.includes('The second file.')];
    });
    expect(told).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
    const runs = join(cwd, '.massgen', 'runs');
    const logs = await Promise.all((await readdir(runs)).toSorted().map((run) => readAll(join(runs, run))));
    const names = logs.map(([first]) =>
      first?.type === 'run.started' ? first.data.inputs?.map(({ name }) => name) : [],
    );
    expect(names).toEqual([['first.md'], ['first.md', 'second.md'], ['first.md', 'second.md']]);
  });
});
