import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf } from '../../src/coordination/views.ts';
import { launchTeam } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { ofType } from './scripted-run.ts';

const MASSGEN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

/** An agent that starts runs by a command, as a model would that was told of it. */
const outer = (calls: number, more = ''): string => `
agents:
  - id: boss
    ${more}
    backend:
      type: scripted
      enable_mcp_command_line: true
      command_line_execution_mode: host
      script:
        turns:
${Array.from(
  { length: calls },
  (_, index) => `          - request: ${index + 1}
            usage: { input: 10, output: 0 }
            tool_calls:
              - name: run_command
                args: { command: '${process.execPath} ${MASSGEN} --config ../../../../../child.yaml --automation --speed max Q', timeout: 60 }
`,
).join('')}          - { text: Done., usage: { input: 10, output: 0 }, repeat: true }
`;

const CHILD = `
agents:
  - id: child
    backend:
      type: scripted
      script: { turns: [{ text: The part., usage: { input: 70, output: 30 }, cost_usd: 0.25, repeat: true }] }
`;

async function play(config: string): Promise<{ events: RunEvent[]; children: RunEvent[][] }> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'team.yaml'), config);
  await writeFile(join(cwd, 'child.yaml'), CHILD);
  const variables = { PATH: process.env['PATH'], HOME: cwd };
  const team = resolveTeam(await loadConfig(join(cwd, 'team.yaml'), { env: {}, cwd }), { env: {} });
  const runsDir = join(cwd, '.massgen', 'runs');
  const { handle } = await launchTeam(
    { team, seed: 1, speed: Infinity, runsDir, variables, version: '0', cwd },
    'Have it done.',
  );
  const events: RunEvent[] = [];
  handle.subscribe((event) => events.push(event));
  await handle.ended;
  const dirs = ofType(events, 'nested.counted').map(({ data }) => data.dir);
  return { events, children: await Promise.all(dirs.map((dir) => readAll(dir))) };
}

describe('a run that an agent starts by a tool', { timeout: 240_000 }, () => {
  test('is paid for by the agent, and is in the figures of the run', async () => {
    const { events } = await play(outer(2));
    const state = foldEvents(events);
    // Three calls of its own, and one in each of two runs.
    const usage = { input: 3 * 10 + 2 * 70, output: 2 * 30, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
    expect([state?.usage, state?.cost.usd, state && agentsOf(state).map((agent) => agent.usage)]).toEqual([
      usage,
      0.5,
      [usage],
    ]);
    expect(state?.phases.nested?.cost.usd).toBe(0.5);
  });

  test('has what its agent has left, and the agent is out once it has used more', async () => {
    const { events, children } = await play(outer(3, 'limits: { tokens: 150 }'));
    const limits = children.map(([first]) => (first?.type === 'run.started' ? first.data.settings.limits.tokens : 0));
    expect(limits).toEqual([140, 30]);
    expect(ofType(events, 'budget.reached').map(({ agent, data }) => [agent, data.resource, data.used])).toEqual([
      ['agent1', 'tokens', 220],
    ]);
  });
});
