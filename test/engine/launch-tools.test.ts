import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchTeam } from '../../src/engine/launch-team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { modulePath, stdioNeed } from '../tools/mcp/server-needs.ts';
import { scriptedAgent } from './scripted-agent.ts';

const EVERYTHING = modulePath('@modelcontextprotocol/server-everything/dist/index.js');

test('a team’s servers are ended with the run, and their keys do not get into its log', async () => {
  const runsDir = await temporaryFolder();
  const need = stdioNeed(EVERYTHING, {
    name: 'every',
    env: { SERVICE_TOKEN: 'token-5f3a-very-secret', PLAIN: 'plain' },
  });
  const agent = scriptedAgent('solo', [{ tool_calls: [{ name: 'mcp__every__get-env', args: {} }] }, { text: 'Done.' }]);
  const { handle } = await launchTeam(
    {
      team: {
        name: 'team',
        agents: [
          {
            ...agent,
            tools: { hasWorkspace: false, asksForReading: true, contextPaths: [], mcpServers: [need], commands: null },
          },
        ],
        settings: DEFAULT_SETTINGS,
        unsupported: [],
      },
      seed: 1,
      speed: Infinity,
      runsDir,
      variables: {},
      version: '0.0.0',
    },
    'What?',
  );
  await handle.ended;
  const log = await readFile(join(handle.dir, 'run.jsonl'), 'utf8');
  expect([log.includes('PLAIN'), log.includes('SERVICE_TOKEN'), log.includes('very-secret')]).toEqual([
    true,
    true,
    false,
  ]);
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '');
  const left = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(left.filter((command) => command.includes('server-everything'))).toEqual([]);
});
