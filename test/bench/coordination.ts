import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFencedAnswers } from '../../src/coordination/fence.ts';
import type { ToolNeeds } from '../../src/config/tool-needs.ts';
import { startRun } from '../../src/engine/start-run.ts';
import type { Message } from '../../src/events/message.ts';
import { seededRandom, type Random } from '../../src/events/random.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { createRealClock, type Clock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import type { ModelRequest, Provider } from '../../src/providers/provider.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { scriptedAgent } from '../engine/scripted-agent.ts';
import type { Figure } from './measure.ts';

/** Requests and KB of messages that MassGen 0.1.12 was measured with, for the same kind of agents. */
const ORIGINAL: Record<number, { requests: number; kilobytes: number }> = {
  1: { requests: 3, kilobytes: 7 },
  3: { requests: 14, kilobytes: 62 },
  5: { requests: 23, kilobytes: 138 },
  8: { requests: 42, kilobytes: 357 },
  10: { requests: 53, kilobytes: 538 },
};
const SEEDS = 20;
const SEEDS_WITH_TOOLS = 5;
/** Characters of an answer: about as many as the original's growth per agent comes from. */
const ANSWER_CHARS = 700;
const FOLDER: ToolNeeds = {
  hasWorkspace: true,
  asksForReading: true,
  contextPaths: [],
  mcpServers: [],
  commands: null,
};
const QUESTION = 'Explain in a few paragraphs how a rope bridge stays up, and what breaks first.';

/** What one run sent. */
interface Traffic {
  requests: number;
  /** Of messages. */
  bytes: number;
  /** Bytes of requests, tools and messages, that are not their agent's first. */
  later: number;
  /** Of these, what is the same as the beginning of the agent's request before. */
  shared: number;
}

/**
 * How much a team says to its models: agents answer, refine once with probability one half, and vote.
 *
 * A known prefix is what a request has in common with its agent's request before, so that the cache of a provider serves
 * it. How large its share can be follows from what everybody has to read. With n agents, answers of a bytes, b bytes
 * of tools, system prompt and question, and the share r of agents that refine, an agent's second request is b + n·a,
 * of which b is known, and its third b + (1 + r)·n·a, of which b + n·a is known: in all (2b + n·a) / (2b + (2 + r)·n·a),
 * which falls to 1 / (2 + r), here 40 %, as the team grows. It is above 60 % as long as b is more than 5/8 n·a.
 * Agents without any tool (b is about 2 KB, a 0.75) get there with three; with the tools of a folder, which most have,
 * ten do. Answers could only be shared between readers if all read them in one order, and nobody is to be favoured by it.
 */
export async function benchCoordination(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, original] of Object.entries(ORIGINAL)) {
    const agents = Number(name);
    const runs: Traffic[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1)
      runs.push(await runTeam(join(folder, `n${agents}-${seed}`), agents, seed));
    const most = Math.max(...runs.map((run) => run.requests));
    const kilobytes = sum(runs, 'bytes') / SEEDS / 1000;
    figures.push(
      {
        name: `${agents} agents: most requests of ${SEEDS} runs`,
        value: most,
        unit: '',
        limit: agents === 1 ? 1 : 3 * agents + 2,
        note: `mean ${(sum(runs, 'requests') / SEEDS).toFixed(1)}, original ${original.requests}`,
      },
      {
        name: `${agents} agents: messages sent, mean`,
        value: kilobytes,
        unit: 'KB',
        limit: agents >= 5 ? original.kilobytes / 2 : null,
        note: `original ${original.kilobytes} KB`,
      },
    );
    if (agents === 1) continue;
    figures.push(unknownShare(`${agents} agents, no tools`, runs));
    const withTools: Traffic[] = [];
    for (let seed = 1; seed <= SEEDS_WITH_TOOLS; seed += 1)
      withTools.push(await runTeam(join(folder, `t${agents}-${seed}`), agents, seed, true));
    figures.push(unknownShare(`${agents} agents, tools of a folder`, withTools));
  }
  return figures;
}

function unknownShare(who: string, runs: readonly Traffic[]): Figure {
  const unknown = 100 - (100 * sum(runs, 'shared')) / sum(runs, 'later');
  const note = `cacheable ${(100 - unknown).toFixed(0)} %`;
  return { name: `${who}: not a known prefix`, value: unknown, unit: '%', limit: 40, note };
}

function sum(runs: readonly Traffic[], field: keyof Traffic): number {
  return runs.reduce((total, run) => total + run[field], 0);
}

async function runTeam(runsDir: string, agents: number, seed: number, hasTools = false): Promise<Traffic> {
  const clock = createPacedClock({ startAt: 0, speed: Infinity, real: createRealClock() });
  await mkdir(runsDir, { recursive: true });
  const log = await createRunLog({ runsDir, clock, redact: createRedactor({ secrets: [] }) });
  const traffic: Traffic = { requests: 0, bytes: 0, later: 0, shared: 0 };
  const handle = startRun({
    question: QUESTION,
    team: 'bench',
    agents: Array.from({ length: agents }, (_, index) => scriptedAgent(`member${index + 1}`, [])),
    settings: DEFAULT_SETTINGS,
    seed,
    version: '0',
    log,
    clock,
    createProvider: async ({ id }) => refiner(clock, seededRandom(`${seed}/${id}`), traffic),
    toolsOf: (_, alias) =>
      hasTools
        ? createToolHost({ needs: FOLDER, alias, runDir: log.dir, cwd: runsDir, clock, version: '0', extraTools: [] })
        : [],
  });
  await handle.ended;
  return traffic;
}

/** Answers, hands in a better answer with probability one half when it first judges, and votes from then on. */
function refiner(clock: Clock, random: Random, traffic: Traffic): Provider {
  let before = '';
  let answers = 0;
  let isUndecided = true;
  let calls = 0;
  const reply = (
    request: ModelRequest,
  ): { name: string; args: { content: string } | Record<string, string> } | null => {
    if (request.purpose === 'solo' || request.purpose === 'present') return null;
    const mayRefine = request.purpose === 'judge' && isUndecided;
    if (request.purpose === 'judge') isUndecided = false;
    if (request.purpose === 'draft' || (mayRefine && random.next() < 0.5)) {
      answers += 1;
      return { name: 'new_answer', args: { content: text(random, answers) } };
    }
    const [first] = readFencedAnswers(lastText(request.messages));
    return { name: 'vote', args: { agent_id: first?.alias ?? '', reason: 'It is the clearest.' } };
  };
  return {
    model: 'refiner',
    costUsd: () => 0,
    async *stream(request) {
      const sent = JSON.stringify(request.messages.map(onTheWire)).slice(0, -1);
      traffic.bytes += Buffer.byteLength(sent);
      // Providers cache tools first, then messages.
      const whole = JSON.stringify(request.tools) + sent;
      count(traffic, whole, before);
      before = whole;
      const call = reply(request);
      await clock.sleep(1_000 + random.int(9_000), request.signal).catch(() => undefined);
      const made = call
        ? [{ id: `call-${(calls += 1)}`, name: call.name, args: { ...call.args }, rawArgs: JSON.stringify(call.args) }]
        : [];
      const message = { role: 'assistant' as const, text: call ? '' : text(random, 0), calls: made };
      yield { type: 'finished', message, stopReason: call ? 'tool-calls' : 'end', usage: NO_USAGE };
    },
  };
}

/** A message as the Chat Completions protocol sends it. */
function onTheWire(message: Message): object {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text };
    case 'assistant': {
      const calls = message.calls.map(({ id, name, rawArgs }) => ({
        id,
        type: 'function',
        function: { name, arguments: rawArgs },
      }));
      return { role: 'assistant', content: message.text, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.output };
  }
}

function count(traffic: Traffic, sent: string, before: string): void {
  traffic.requests += 1;
  if (before === '') return;
  let same = 0;
  while (same < sent.length && sent[same] === before[same]) same += 1;
  traffic.later += Buffer.byteLength(sent);
  traffic.shared += Buffer.byteLength(sent.slice(0, same));
}

function lastText(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last && 'text' in last ? last.text : '';
}

function text(random: Random, version: number): string {
  const words = [
    'rope',
    'cable',
    'tension',
    'anchor',
    'deck',
    'load',
    'sag',
    'wind',
    'knot',
    'fibre',
    'tower',
    'shear',
  ];
  let out = `Version ${version}.`;
  while (out.length < ANSWER_CHARS) out += ` ${random.pick(words)}`;
  return out;
}
