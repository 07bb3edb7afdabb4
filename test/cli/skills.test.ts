import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `agents:
  - id: solo
    backend:
      type: scripted
      script: { turns: [{ when: solo, tool_calls: [{ name: read_skill, args: { name: review } }] }, { text: Done. }] }
orchestrator:
  coordination: { use_skills: true }
`;

it('an agent reads a skill of the project', async () => {
  await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
    const folder = join(cwd, '.agent', 'skills', 'review');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'SKILL.md'), '---\nname: review\ndescription: How to.\n---\nLook twice.\n');
    const { code, stdout } = await runCommandLine(['--config', 'team.yaml', '--json', 'Why?'], { cwd });
    const finished = stdout.split('\n').find((line) => line.includes('"tool.finished"')) ?? '';
    expect({ code, finished }).toEqual({ code: 0, finished: expect.stringContaining('Look twice.') as string });
  });
});
