import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentSpec } from '../../src/config/team.ts';
import { resumeRun } from '../../src/engine/start-run.ts';
import { encodeEvent } from '../../src/events/codec.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { adoptRunLog } from '../../src/runlog/open-run-log.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { scriptedAgent, type Turn } from './scripted-agent.ts';

/** Puts what a killed process left behind on disk, and goes on with it in a new one. Resolves with all that is in the log. */
export async function resumeLeft(
  left: readonly RunEvent[],
  scripts: Record<string, Turn[]>,
  {
    torn = '',
    tools = [],
    wrap = (provider: Provider): Provider => provider,
  }: { torn?: string; tools?: Tool[]; wrap?: (provider: Provider) => Provider } = {},
): Promise<RunEvent[]> {
  const runsDir = await mkdtemp(join(tmpdir(), 'massgen-resume-'));
  const dir = join(runsDir, 'run-1');
  try {
    await mkdir(dir);
    await writeFile(join(dir, 'run.jsonl'), left.map(encodeEvent).join('') + torn);
    const clock = createPacedClock({ startAt: left.at(-1)?.at ?? 0, speed: Infinity, real: createRealClock() });
    const { log, events } = await adoptRunLog(dir, { clock, redact: createRedactor({ secrets: [] }) });
    const agents = Object.entries(scripts).map(([id, turns]) => scriptedAgent(id, turns));
    const createProvider = async (agent: AgentSpec): Promise<Provider> =>
      wrap(await createScriptedProvider(agent.backend, { clock }));
    const handle = resumeRun({ agents, clock, log, createProvider, toolsOf: () => tools }, events);
    await handle.ended;
    return await readAll(dir);
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
}
