import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchTeam } from '../../src/engine/launch-team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { scriptedAgent } from './scripted-agent.ts';

test('the user’s own rules are for agents too whose config says nothing of tools', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, '.massgen'));
  await writeFile(join(home, '.massgen', 'permissions.yaml'), 'rules:\n  - deny calculator\n');
  const agent = scriptedAgent('solo', [
    { tool_calls: [{ name: 'calculator', args: { expression: '6 * 7' } }] },
    { text: 'Done.' },
  ]);
  const { handle } = await launchTeam(
    {
      team: { name: 'team', agents: [agent], settings: DEFAULT_SETTINGS, unsupported: [] },
      seed: 1,
      speed: Infinity,
      runsDir: join(home, 'runs'),
      home,
      variables: {},
      version: '0.0.0',
    },
    'What?',
  );
  await handle.ended;
  const log = await readFile(join(handle.dir, 'run.jsonl'), 'utf8');
  expect(log).toContain('calculator was not run: The rule \\"deny calculator\\" says so.');
});
