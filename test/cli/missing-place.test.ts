import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `agents:
  - id: solo
    backend: { type: scripted, script: [{ text: "Done." }] }
orchestrator:
  context_paths: [{ path: no/such/place, permission: read }]
`;

test('a context path that is not there is a wrong config, and nothing is run', async () => {
  await withFolder({ 'team.yaml': TEAM }, async (cwd) => {
    const { code, stderr } = await runCommandLine(['--config', 'team.yaml', 'Why?'], { cwd });
    expect({ code, stderr, hasRun: existsSync(join(cwd, '.massgen')) }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `error: The context path ${join(cwd, 'no/such/place')} does not exist or cannot be read.`,
      ) as string,
      hasRun: false,
    });
  });
});
