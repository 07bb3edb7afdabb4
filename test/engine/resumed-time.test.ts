import { expect, test } from 'vitest';
import type { TeamSpec } from '../../src/config/team.ts';
import { launchTeam, resumeTeam } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { scriptedAgent } from './scripted-agent.ts';

const TEN_MINUTES = 600_000;

const TEAM: TeamSpec = {
  name: 'team',
  agents: [
    scriptedAgent('solo', [
      { request: 1, delay_ms: TEN_MINUTES, tool_calls: [{ name: 'calculator', args: { expression: '6 * 7' } }] },
      { request: 2, delay_ms: TEN_MINUTES, text: 'Done.' },
    ]),
  ],
  settings: DEFAULT_SETTINGS,
  unsupported: [],
};

test('time goes on where it was, although built-in agents were ahead of the clock on the wall', async () => {
  const runsDir = await temporaryFolder();
  const launch = { team: TEAM, seed: 1, speed: Infinity, runsDir, variables: {}, version: '0.0.0' };
  const first = await launchTeam(launch, 'What is it?');
  first.handle.subscribe((event) => {
    if (event.type === 'tool.finished') first.handle.send({ type: 'cancel', by: 'user' });
  });
  await first.handle.ended;
  const second = await resumeTeam(launch, first.handle.dir, { cwd: runsDir, speed: Infinity });
  const events: RunEvent[] = [];
  second.handle.subscribe((event) => events.push(event));
  await second.handle.ended;
  const resumed = events.findIndex(({ type }) => type === 'run.resumed');
  const at = (index: number): number => events.at(index)?.at ?? 0;
  expect([at(resumed) - at(resumed - 1), at(-1) - at(resumed)]).toEqual([0, TEN_MINUTES]);
});
