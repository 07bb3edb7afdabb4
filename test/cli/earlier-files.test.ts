import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AgentFiles } from '../../src/workspace/agent-files.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `
session_id: talk
agents:
  - id: a
    backend:
      type: scripted
      cwd: work
      script:
        turns:
          - { request: 1, tool_calls: [{ name: write_file, args: { path: plan.md, content: The plan. } }] }
          - { request: 2, text: Done. }
`;

it('the files of the last answer are there for the next turn of the session, to be read only', async () => {
  await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
    for (const question of ['One?', 'Two?'])
      expect(await runCommandLine(['--config', 'team.yaml', question], { cwd })).toMatchObject({ code: 0 });
    const runs = join(cwd, '.massgen', 'runs');
    const [first = '', second = ''] = (await readdir(runs)).toSorted();
    const earlier = join(runs, first, 'snapshots', 'agent1.1');
    expect(await readFile(join(earlier, 'plan.md'), 'utf8')).toBe('The plan.');
    const [firstLog, secondLog] = await Promise.all(
      [first, second].map((run) => readFile(join(runs, run, 'run.jsonl'), 'utf8')),
    );
    const sentence = `The files that came with the last answer of the conversation are in ${earlier}/. You may read them only.`;
    expect([firstLog?.includes('last answer of the conversation'), secondLog?.includes(sentence)]).toEqual([
      false,
      true,
    ]);
  });
});

it('are nothing that an agent could write to, and nothing where they are gone', async () => {
  await withFolder({}, async (folder) => {
    await mkdir(join(folder, 'old'));
    await writeFile(join(folder, 'old', 'plan.md'), '');
    const runDir = join(folder, 'runs', 'now');
    await mkdir(runDir, { recursive: true });
    const options = { runDir, alias: 'agent1', contexts: [], earlier: join(folder, 'old') };
    const files = await AgentFiles.create(options);
    const access = { mayWriteContext: true, labels: [] };
    const path = join(files.earlier ?? '', 'plan.md');
    const uses = await Promise.all(
      (['read', 'write', 'delete'] as const).map((use) => files.locate(path, use, access)),
    );
    expect(uses.map((location) => 'ok' in location)).toEqual([true, false, false]);
    expect((await AgentFiles.create({ ...options, earlier: join(folder, 'gone') })).earlier).toBeNull();
  });
});
