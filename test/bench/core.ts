import { performance } from 'node:perf_hooks';
import { foldEvents } from '../../src/coordination/apply.ts';
import { startRun } from '../../src/engine/start-run.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { scriptedAgent } from '../engine/scripted-agent.ts';
import { medianOf, type Figure } from './measure.ts';

const EVENTS = 100_000;
const TOKENS = 20_000;

/** The pure core and the engine around it, without any network. */
export async function benchCore(folder: string): Promise<Figure[]> {
  const events = aLongLog();
  const foldMs = await medianOf(5, () => {
    const startedAt = performance.now();
    foldEvents(events);
    return performance.now() - startedAt;
  });
  const bareMs = await medianOf(5, bareStream);
  const engineMs = await medianOf(5, () => engineStream(folder));
  return [
    { name: `fold ${EVENTS.toLocaleString('en')} events`, value: foldMs, unit: 'ms', limit: 500 },
    {
      name: 'engine per streamed token (log on disk included)',
      value: ((engineMs - bareMs) / TOKENS) * 1000,
      unit: 'µs',
      limit: 20,
    },
  ];
}

/** Nine deltas for every decision, as a real log has them, from eight agents. */
function aLongLog(): RunEvent[] {
  const agents = Array.from({ length: 8 }, (_, i) => ({
    alias: `agent${i + 1}`,
    id: `m${i}`,
    type: 'openai',
    model: 'm',
    isModel: true,
  }));
  const drafts: EventDraft[] = [
    {
      type: 'run.started',
      data: { question: 'q', team: 't', agents, settings: DEFAULT_SETTINGS, seed: 1, version: '0' },
    },
    ...agents.map(({ alias }): EventDraft => ({
      type: 'turn.started',
      agent: alias,
      data: { turn: `${alias}-turn1`, kind: 'draft', view: [] },
    })),
  ];
  for (let i = 0; drafts.length < EVENTS; i += 1) {
    const { alias: agent = '' } = agents[i % agents.length] ?? {};
    const request = `r${i}`;
    const turn = `${agent}-turn1`;
    drafts.push({ type: 'request.started', agent, data: { turn, request, tools: [] } });
    for (let d = 0; d < 18; d += 1)
      drafts.push({ type: 'text.appended', agent, data: { request, text: 'some words of an answer ' } });
    const message = { role: 'assistant' as const, text: 'some words', calls: [] };
    drafts.push({
      type: 'request.finished',
      agent,
      data: { turn, request, message, stopReason: 'end', usage: NO_USAGE, costUsd: 0.001, durationMs: 5 },
    });
  }
  return drafts.map(
    (draft, i) => ({ v: 1, seq: i + 1, at: i, run: 'bench', attempt: 1, epoch: 1, ...draft }) as RunEvent,
  );
}

function tokenProvider(): Provider {
  return {
    model: 'bench',
    costUsd: () => 0,
    async *stream() {
      for (let i = 0; i < TOKENS; i += 1) yield { type: 'text', text: 'token ' };
      yield {
        type: 'finished',
        message: { role: 'assistant', text: 'token '.repeat(TOKENS), calls: [] },
        stopReason: 'end',
        usage: NO_USAGE,
      };
    },
  };
}

/** The same stream with nobody behind it: what is left after subtracting it is the engine's own. */
async function bareStream(): Promise<number> {
  const startedAt = performance.now();
  let characters = 0;
  const request = {
    messages: [],
    tools: [],
    toolChoice: 'auto' as const,
    purpose: 'solo' as const,
    signal: new AbortController().signal,
  };
  for await (const event of tokenProvider().stream(request)) if (event.type === 'text') characters += event.text.length;
  if (characters === 0) throw new Error('nothing was streamed');
  return performance.now() - startedAt;
}

async function engineStream(folder: string): Promise<number> {
  const clock = createRealClock();
  const log = await createRunLog({
    runsDir: folder,
    clock,
    redact: createRedactor({ secrets: ['a-secret-that-is-not-there'] }),
  });
  const startedAt = performance.now();
  const handle = startRun({
    question: 'q',
    team: 'bench',
    agents: [scriptedAgent('only', [])],
    settings: DEFAULT_SETTINGS,
    seed: 1,
    version: '0',
    log,
    clock,
    createProvider: async () => tokenProvider(),
    toolsOf: () => [],
  });
  await handle.ended;
  return performance.now() - startedAt;
}
