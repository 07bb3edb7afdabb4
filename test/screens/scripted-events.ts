import type { AgentInfo, EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';

/** A run written by hand: what N agents did, as events with places and times. Same arguments, same events. */
export interface Script {
  events: RunEvent[];
}

export const START = 1_700_000_000_000;

const IDS = [
  'claude',
  'gpt',
  'gemini',
  'grok',
  'qwen',
  'deepseek',
  'mistral',
  'llama',
  'kimi',
  'nova',
  'command',
  'phi',
  'yi',
  'glm',
  'haiku',
  'solar',
];

const TEXTS = [
  'Two requests that see an expired token both call POST /token; the second call revokes the refresh token that the first one just received. I will put the refresh behind one shared promise and keep the old token until the new one is verified.\n\n1. One promise per account.\n2. Keep the old access token until the new one works.\n3. On `invalid_grant`, read the store once more before failing.\n',
  'Checking whether the token store is shared between workers. cluster.fork() copies memory, so a mutex must live in the store and not in the module.\n\nReading src/store/redis.ts to see whether SET NX is there.\n',
  '日本語の確認: トークンの更新は一つだけ。 The width of wide characters must not move the borders 🚀👩‍💻🇩🇪 é.\n\nNext I look at the retry loop.\n',
  'The failing case holds the lock across the retry, so the second caller waits for ever. Move the retry out of the lock and add a test with fifty parallel calls.\n',
];

export const FINAL = `# Fix for the parallel refresh race

Two requests that see an expired token **both** call \`POST /token\`; the second call revokes the refresh token that the first one *just received*.

## Change

1. Single-flight the refresh: one promise per account, kept in the shared store (\`SET NX\`, 10 s).
2. Keep the old access token until the new one is verified.
3. On \`invalid_grant\`, re-read the store once before failing.
   - only once
   - then give up with the [error guide](https://example.org/errors)

\`\`\`ts
export function refreshToken(id: string): Promise<Token> {
  const live = inflight.get(id);
  if (live) return live;
  const p = doRefresh(id).finally(() => inflight.delete(id));
  inflight.set(id, p);
  return p;
}
\`\`\`

| case | before | after |
| --- | --- | --- |
| one call | 1 POST | 1 POST |
| fifty parallel calls | 50 POST | 1 POST |

> Nothing else changes for callers.
`;

export interface ScriptOptions {
  agents: number;
  isModel?: boolean;
  /** How far the run goes. */
  until?: 'drafting' | 'judging' | 'finished';
  question?: string;
}

export function agentInfos(count: number, isModel = true): AgentInfo[] {
  return Array.from({ length: count }, (_, i) => ({
    alias: `agent${i + 1}`,
    id: IDS[i % IDS.length] ?? 'agent',
    type: isModel ? 'openai' : 'demo',
    model: isModel ? `${IDS[i % IDS.length]}-large-2` : 'demo',
    isModel,
  }));
}

/** Gives drafts their places and times. */
export class EventWriter {
  readonly events: RunEvent[] = [];
  #at = START;

  wait(ms: number): void {
    this.#at += ms;
  }

  add<T extends EventDraft['type']>(type: T, data: Extract<EventDraft, { type: T }>['data'], agent?: string): void {
    this.events.push({
      v: 1,
      seq: this.events.length + 1,
      at: this.#at,
      run: 'run-0001',
      attempt: 1,
      epoch: 1,
      type,
      data,
      ...(agent === undefined ? {} : { agent }),
    } as RunEvent);
  }
}

export function scriptedRun({
  agents: count,
  isModel = true,
  until = 'finished',
  question,
}: ScriptOptions): RunEvent[] {
  const out = new EventWriter();
  const agents = agentInfos(count, isModel);
  out.add('run.started', {
    question: question ?? 'Fix the token refresh race and prove it with a test',
    team: 'four models',
    agents,
    settings: DEFAULT_SETTINGS,
    seed: 7,
    version: '0.1.0',
  });
  for (const { alias } of agents) {
    out.wait(20);
    out.add('turn.started', { turn: `${alias}-t1`, kind: count === 1 ? 'solo' : 'draft', view: [] }, alias);
    out.add('request.started', { turn: `${alias}-t1`, request: `${alias}-r1`, tools: ['new_answer'] }, alias);
  }
  for (const [i, { alias }] of agents.entries()) {
    out.add(
      'reasoning.appended',
      { request: `${alias}-r1`, text: 'The user wants a fix.\nI should look at the store first.\n' },
      alias,
    );
    const text = TEXTS[i % TEXTS.length] ?? '';
    for (let at = 0; at < text.length; at += 40) {
      out.wait(30);
      out.add('text.appended', { request: `${alias}-r1`, text: text.slice(at, at + 40) }, alias);
    }
  }
  if (count > 1) {
    out.add(
      'tool.started',
      { turn: 'agent2-t1', call: { id: 'c1', name: 'read_file', args: { path: 'src/store/redis.ts' }, rawArgs: '' } },
      'agent2',
    );
    out.wait(400);
    out.add(
      'tool.finished',
      {
        turn: 'agent2-t1',
        callId: 'c1',
        name: 'read_file',
        output: 'import { createClient } from "redis";\n'.repeat(12),
        isError: false,
        durationMs: 400,
      },
      'agent2',
    );
    out.add(
      'tool.started',
      {
        turn: 'agent2-t1',
        call: { id: 'c2', name: 'bash', args: { command: 'npm test -- auth', timeout: 60 }, rawArgs: '' },
      },
      'agent2',
    );
  }
  if (count > 3) {
    out.add(
      'request.failed',
      {
        turn: 'agent4-t1',
        request: 'agent4-r1',
        error: { kind: 'rate-limit', message: 'Too many requests', status: 429 },
        usage: zero(),
        costUsd: null,
        retryInMs: 8000,
      },
      'agent4',
    );
  }
  if (until === 'drafting') return out.events;
  finishDrafts(out, agents, isModel);
  if (count === 1) return finish(out, 'agent1.1', 'only-answer');
  for (const { alias } of agents) judge(out, alias, count);
  if (until === 'judging') return out.events;
  for (const [i, { alias }] of agents.entries()) {
    if (alias === 'agent3') continue;
    out.wait(700);
    const choice = i === 3 ? 'agent1.1' : 'agent2.1';
    vote(
      out,
      alias,
      choice,
      agents.map((agent) => `${agent.alias}.1`),
      isModel,
    );
  }
  out.add('turn.finished', { turn: 'agent3-t2', outcome: 'abstained' }, 'agent3');
  out.add('agent.abstained', { reason: 'it neither answered nor voted in 3 tries' }, 'agent3');
  return finish(out, 'agent2.1', 'copeland');
}

function finishDrafts(out: EventWriter, agents: AgentInfo[], isModel: boolean): void {
  for (const [i, { alias }] of agents.entries()) {
    out.wait(900);
    const turn = `${alias}-t1`;
    if (alias === 'agent2') {
      out.add(
        'tool.finished',
        {
          turn,
          callId: 'c2',
          name: 'bash',
          output: "14 passed, 1 failed: 'parallel refresh'\nexit 1\n",
          isError: true,
          durationMs: 4100,
        },
        alias,
      );
    }
    out.add(
      'request.finished',
      {
        turn,
        request: `${alias}-r1`,
        message: { role: 'assistant', text: TEXTS[i % TEXTS.length] ?? '', calls: [] },
        stopReason: 'tool-calls',
        usage: { ...zero(), input: 1200 + i * 31, output: 340 + i * 7 },
        costUsd: isModel ? 0.011 : null,
        durationMs: 3000,
      },
      alias,
    );
    out.add(
      'answer.submitted',
      {
        turn,
        label: `${alias}.1`,
        text: `Guard the refresh with one shared promise (plan ${i + 1}).`,
        source: 'tool',
        isCut: false,
        callId: `a${i}`,
      },
      alias,
    );
    out.add('turn.finished', { turn, outcome: 'answered' }, alias);
  }
}

function judge(out: EventWriter, alias: string, count: number): void {
  const view = Array.from({ length: count }, (_, i) => `agent${i + 1}.1`);
  out.add('turn.started', { turn: `${alias}-t2`, kind: 'judge', view }, alias);
  out.add('request.started', { turn: `${alias}-t2`, request: `${alias}-r2`, tools: ['vote', 'new_answer'] }, alias);
  out.add(
    'text.appended',
    { request: `${alias}-r2`, text: 'agent2.1 keeps the retry outside the lock and ships a regression test.' },
    alias,
  );
}

function vote(out: EventWriter, alias: string, choice: string, view: string[], isModel: boolean): void {
  const turn = `${alias}-t2`;
  out.add(
    'request.finished',
    {
      turn,
      request: `${alias}-r2`,
      message: {
        role: 'assistant',
        text: 'agent2.1 keeps the retry outside the lock and ships a regression test.',
        calls: [],
      },
      stopReason: 'tool-calls',
      usage: { ...zero(), input: 2100, output: 120 },
      costUsd: isModel ? 0.009 : null,
      durationMs: 900,
    },
    alias,
  );
  out.add(
    'ballot.cast',
    {
      turn,
      ballot: `${alias}-b1`,
      choice,
      ranking: [choice],
      reason: 'It is the only answer that keeps the retry outside the lock and ships a regression test.',
      view,
      callId: 'v',
    },
    alias,
  );
  out.add('turn.finished', { turn, outcome: 'voted' }, alias);
}

function finish(out: EventWriter, label: string, rule: 'copeland' | 'only-answer'): RunEvent[] {
  const author = label.split('.')[0] ?? '';
  out.wait(50);
  out.add('winner.chosen', {
    label,
    rule,
    scores: [],
    tie: null,
    ballots: 3,
    reason: rule === 'copeland' ? 'It beats every other answer in pairwise comparison.' : 'No other agent answered.',
  });
  out.add('turn.started', { turn: `${author}-t3`, kind: 'present', view: [label] }, author);
  out.add('request.started', { turn: `${author}-t3`, request: `${author}-r3`, tools: [] }, author);
  for (let at = 0; at < FINAL.length; at += 60) {
    out.wait(40);
    out.add('text.appended', { request: `${author}-r3`, text: FINAL.slice(at, at + 60) }, author);
  }
  out.add('turn.finished', { turn: `${author}-t3`, outcome: 'presented' }, author);
  out.add('answer.presented', { text: FINAL, source: 'presenter', mode: 'present', notice: null });
  out.add('run.finished', { outcome: 'answered', reason: 'the winner presented the final answer' });
  return out.events;
}

function zero(): { input: number; output: number; cachedInput: number; cacheWrite: number; reasoning: number } {
  return { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
}
