import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { launchTeam } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { scriptedAgent } from './scripted-agent.ts';
import { ofType } from './scripted-run.ts';

/** What an agent of a model that nobody serves is told first; its call fails after that. */
async function firstWords(usesProjectNotes: boolean): Promise<string[]> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'AGENTS.md'), 'Use tabs. The password is hunter2-hunter2.');
  const { backend, ...agent } = scriptedAgent('solo', []);
  const { handle } = await launchTeam(
    {
      team: {
        name: 'team',
        agents: [
          { ...agent, backend: { ...backend, protocol: 'chat', baseUrl: 'http://127.0.0.1:9/v1', options: {} } },
        ],
        settings: { ...DEFAULT_SETTINGS, timeoutMs: 1 },
        unsupported: [],
        usesProjectNotes,
      },
      seed: 1,
      speed: 1,
      runsDir: join(cwd, 'runs'),
      variables: { THE_PASSWORD: 'hunter2-hunter2' },
      version: '0.0.0',
      cwd,
    },
    'What?',
  );
  const events: RunEvent[] = [];
  handle.subscribe((event) => events.push(event));
  await handle.ended;
  return ofType(events, 'context.added').flatMap(({ data }) => data.messages.map(({ text }) => text));
}

it('tells agents what AGENTS.md of the folder says, without secrets', async () => {
  const [system = '', question] = await firstWords(true);
  expect([system.includes('Use tabs.'), system.includes('hunter2'), question]).toEqual([true, false, 'What?']);
});

it('tells them nothing of it where that is switched off', async () => {
  expect(await firstWords(false)).toEqual(['What?']);
});
