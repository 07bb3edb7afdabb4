import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TeamSpec } from '../../src/config/team.ts';
import { launchTeam, resumeTeam, type TeamLaunch } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { Command, RunHandle } from '../../src/events/run-handle.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { scriptedAgent } from './scripted-agent.ts';
import { ofType } from './scripted-run.ts';

const TEAM: TeamSpec = {
  name: 'team',
  agents: [
    {
      ...scriptedAgent('solo', [
        { tool_calls: [{ name: 'write_file', args: { path: 'new.txt', content: 'new\n' } }] },
        { text: 'Done.' },
      ]),
      tools: {
        hasWorkspace: true,
        asksForReading: false,
        contextPaths: [],
        mcpServers: [],
        commands: null,
      },
    },
  ],
  settings: { ...DEFAULT_SETTINGS, applyChanges: 'ask' },
  copies: {
    mode: 'isolated',
    drift: 'skip',
    baseBranch: null,
    includesUncommitted: true,
    copyFiles: [],
    setupScript: null,
  },
  unsupported: [],
};

/** Says something whenever changes wait for a review; resolves with what the run told. */
async function tellAtReview(handle: RunHandle, command: Command): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  let isLive = false;
  handle.subscribe((event) => {
    events.push(event);
    if (isLive && (event.type === 'changes.proposed' || event.type === 'run.resumed')) handle.send(command);
  });
  isLive = true;
  const before = events.at(-1)?.type;
  if (before === 'run.resumed' || before === 'changes.proposed') handle.send(command);
  await handle.ended;
  return events;
}

/** A run that was cancelled while its changes waited for a review, and gone on with; resolves with its events and its file. */
async function resumedInReview(isAttended: boolean, command: Command): Promise<{ events: RunEvent[]; file: string }> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'old.txt'), 'old\n');
  const launch: TeamLaunch = {
    team: TEAM,
    seed: 1,
    speed: Infinity,
    runsDir: join(cwd, '.massgen', 'runs'),
    variables: { PATH: process.env['PATH'] },
    version: '0.0.0',
    cwd,
    isAttended: true,
  };
  const first = await launchTeam(launch, 'Fix it.');
  await tellAtReview(first.handle, { type: 'cancel', by: 'user' });
  const second = await resumeTeam({ ...launch, isAttended }, first.handle.dir, { cwd, speed: Infinity });
  const events = await tellAtReview(second.handle, command);
  return { events, file: await readFile(join(cwd, 'new.txt'), 'utf8').catch(() => 'not there') };
}

test('a review that was cut off waits again, and what is accepted is written', async () => {
  const { events, file } = await resumedInReview(true, { type: 'review', paths: ['new.txt'], comment: 'Good.' });
  expect(file).toBe('new\n');
  expect(ofType(events, 'changes.proposed')).toHaveLength(1);
  expect(ofType(events, 'changes.applied').map(({ data }) => data.paths)).toEqual([['new.txt']]);
  expect(ofType(events, 'run.finished').map(({ data }) => data.outcome)).toEqual(['cancelled', 'answered']);
});

test('it is declined where nobody is there any more', async () => {
  const { events, file } = await resumedInReview(false, { type: 'review', paths: ['new.txt'], comment: 'Late.' });
  expect(file).toBe('not there');
  expect(ofType(events, 'changes.decided').map(({ data: { paths, by } }) => ({ paths, by }))).toEqual([
    { paths: [], by: 'policy' },
  ]);
});
