import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClaudeCodeSpec } from '../../../src/config/external-agent.ts';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { ApprovalRequest } from '../../../src/tools/asks.ts';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import { decideUse, denyUse } from '../../../src/providers/claude-code/decide-use.ts';
import { createClaudeCodeProvider } from '../../../src/providers/claude-code/provider.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../../src/providers/provider.ts';
import { collect, testBackend, testRequest } from '../backend.ts';
import { writeFakeSdk } from './fake-sdk.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'massgen-claude-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function provider(): Promise<Provider> {
  await writeFakeSdk(folder);
  return bare();
}

function bare(): Promise<Provider> {
  const external: ClaudeCodeSpec = {
    kind: 'claude-code',
    folders: [folder],
    env: { PATH: '/bin', ANTHROPIC_API_KEY: 'some-key-0123456789' },
    model: null,
    permissionMode: 'acceptEdits',
    allowedTools: [],
    disallowedTools: ['Bash(rm*)'],
    maxThinkingTokens: 8_000,
  };
  const backend = testBackend({ type: 'claude_code', protocol: 'claude-code', external });
  return createClaudeCodeProvider(backend, { clock: createRealClock() });
}

const DONE = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  result: 'It is done.',
  stop_reason: 'end_turn',
  total_cost_usd: 0.25,
  usage: { input_tokens: 5, output_tokens: 7, cache_read_input_tokens: 90, cache_creation_input_tokens: 5 },
};

function asking(steps: object[], part: Partial<ModelRequest> = {}): ModelRequest {
  return testRequest({ messages: [{ role: 'user', text: `Hello\ndo:${JSON.stringify(steps)}` }], ...part });
}

async function seen(): Promise<{ prompt: string; options: Record<string, unknown> }[]> {
  const path = join(folder, 'node_modules/@anthropic-ai/claude-agent-sdk/sdk.mjs');
  return ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { seen: [] }).seen;
}

describe('Claude Code by its Agent SDK', () => {
  it('tells its thoughts, tools, plan and words, and what it has used and cost', async () => {
    const delta = (part: object): object => ({
      type: 'stream_event',
      event: { type: 'content_block_delta', delta: part },
    });
    const todos = [
      { content: 'look', status: 'in_progress', activeForm: 'looking' },
      { content: 'say', status: 'constructor', activeForm: 'saying' },
    ];
    const steps = [
      delta({ type: 'thinking_delta', thinking: 'hm' }),
      delta({ type: 'text_delta', text: 'I look.' }),
      { type: 'assistant', message: { content: [{ type: 'text', text: 'I look.' }] } },
      {
        type: 'assistant',
        message: { content: [{ type: 'tool_use', id: 'u1', name: 'TodoWrite', input: { todos } }] },
      },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 'u1', content: 'ok' }] } },
      { type: 'assistant', message: { content: [{ type: 'text', text: 'It is done.' }] } },
      DONE,
    ];
    const events: ModelEvent[] = await collect(await provider(), asking(steps));
    expect(events.map((event) => (event.type === 'own-result' ? { ...event, durationMs: 0 } : event))).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'I look.' },
      {
        type: 'plan',
        tasks: [
          { id: 'step1', title: 'look', status: 'active', dependsOn: [] },
          { id: 'step2', title: 'say', status: 'pending', dependsOn: [] },
        ],
      },
      {
        type: 'own-tool',
        call: { id: 'own_1_1', name: 'TodoWrite', args: { todos }, rawArgs: JSON.stringify({ todos }) },
      },
      { type: 'own-result', callId: 'own_1_1', name: 'TodoWrite', output: 'ok', isError: false, durationMs: 0 },
      { type: 'text', text: 'It is done.' },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'It is done.', calls: [] },
        stopReason: 'end',
        usage: { input: 100, output: 7, cachedInput: 90, cacheWrite: 5, reasoning: 0 },
        sent: {
          stopReason: 'end_turn',
          usage: { input: 100, output: 7, cached: 90, cacheWrite: 5, reasoning: 0, total: 107 },
        },
        costUsd: 0.25,
      },
    ]);
  });

  it('is started with what the config says, and nothing of the user’s settings', async () => {
    await collect(await provider(), asking([DONE], { tools: workflowTools(['agent1'], 'plurality') }));
    const [call] = await seen();
    expect(call?.options).toMatchObject({
      env: { PATH: '/bin', ANTHROPIC_API_KEY: 'some-key-0123456789' },
      settingSources: [],
      // What the mode allows is allowed by the run, after its rules.
      permissionMode: 'default',
      disallowedTools: ['Bash(rm*)'],
      maxThinkingTokens: 8_000,
      mcpServers: { massgen: { type: 'http' } },
    });
  });

  it('goes on with its session and is told only what is new', async () => {
    const agent = await provider();
    const first = asking([DONE]);
    await collect(agent, first);
    const next = { role: 'user' as const, text: `And now?\ndo:${JSON.stringify([DONE])}` };
    const reply = { role: 'assistant' as const, text: 'It is done.', calls: [] };
    await collect(agent, testRequest({ messages: [...first.messages, reply, next] }));
    const calls = await seen();
    expect(calls.map(({ prompt, options }) => [prompt, options['resume']])).toEqual([
      [first.messages[0]?.role === 'user' && first.messages[0].text, undefined],
      [next.text, 'session-1'],
    ]);
  });

  it('has a copy answer what it is asked beside its turns, and goes on in its own session', async () => {
    const agent = await provider();
    const first = asking([DONE]);
    await collect(agent, first);
    await collect(agent, asking([DONE], { purpose: 'reply' }));
    const next = { role: 'user' as const, text: `And now?\ndo:${JSON.stringify([DONE])}` };
    const reply = { role: 'assistant' as const, text: 'It is done.', calls: [] };
    await collect(agent, testRequest({ messages: [...first.messages, reply, next] }));
    expect((await seen()).map(({ options }) => options['resume'])).toEqual([undefined, undefined, 'session-1']);
  });

  it('is not given leave where nobody is there', async () => {
    const events = await collect(await provider(), asking([{ ask: 'ls' }, { ...DONE, result: '' }]));
    const denied = { behavior: 'deny', message: 'Nobody is there who could be asked.' };
    expect(events[0]).toEqual({ type: 'text', text: JSON.stringify(denied) });
  });

  it('may use the tools of the run', async () => {
    expect(await decideUse('mcp__massgen__vote', { agent_id: 'agent1' }, undefined, 'default')).toEqual({
      behavior: 'allow',
      updatedInput: { agent_id: 'agent1' },
    });
  });

  it.each([
    ['default', 'Write', '/w/a.txt', null],
    ['acceptEdits', 'Write', '/w/a.txt', true],
    ['acceptEdits', 'Write', '/w/../a.txt', null],
    ['acceptEdits', 'Bash', '/w/a.txt', null],
    ['bypassPermissions', 'Bash', '', true],
  ] as const)('has a mode %s that says of %s on "%s": %s', async (mode, tool, file_path, isAllowed) => {
    const words: unknown[] = [];
    const desk = {
      workspace: '/w',
      approve: async (_: unknown, word?: { isAllowed: boolean }) => {
        words.push(word?.isAllowed ?? null);
        return { isAllowed: false, scope: 'once', reason: 'A rule denies it.' };
      },
    } as unknown as AgentDesk;
    const denied = { behavior: 'deny', message: 'A rule denies it.' };
    expect(await decideUse(tool, { file_path }, desk, mode)).toEqual(denied);
    expect(words).toEqual([isAllowed]);
  });

  it('shows what an edit would change', async () => {
    const asked: ApprovalRequest[] = [];
    const desk = {
      workspace: '/w',
      approve: async (request: ApprovalRequest) => {
        asked.push(request);
        return { isAllowed: false, scope: 'once', reason: '' };
      },
    } as unknown as AgentDesk;
    await decideUse('Edit', { file_path: '/a.txt', old_string: 'one', new_string: 'two' }, desk, 'default');
    await decideUse('Write', { file_path: '/a.txt', content: 'new' }, desk, 'default');
    expect(asked.map(({ diff }) => diff)).toEqual([
      '--- /a.txt\n+++ /a.txt\n@@ line 1 @@\n-one\n+two',
      '--- /a.txt\n+++ /a.txt\n@@ line 1 @@\n+new',
    ]);
  });

  it('cannot use a tool that a rule denies, though it would not ask about it', async () => {
    const desk = { workspace: '/w', forbids: async () => 'A rule denies it.' } as unknown as AgentDesk;
    expect(await denyUse({ tool_name: 'Read', tool_input: { file_path: '/k' } }, desk)).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'A rule denies it.',
      },
    });
    expect(await denyUse({ tool_name: 'mcp__massgen__vote', tool_input: {} }, desk)).toEqual({});
  });

  it('has failed with its own words', async () => {
    const result = { ...DONE, is_error: true, result: 'Invalid API key · Please run /login' };
    expect((await collect(await provider(), asking([result]))).at(-1)).toMatchObject({
      type: 'failed',
      error: { kind: 'auth', message: 'Claude Code failed: Invalid API key · Please run /login' },
      // What it has used is paid all the same.
      usage: { input: 100, output: 7 },
      costUsd: 0.25,
    });
  });

  it.each([
    [429, 'Request rejected', 'rate-limit'],
    [529, 'Overloaded', 'overloaded'],
    [400, 'max_tokens: too large', 'bad-request'],
    [400, 'Your credit balance is too low', 'quota'],
    [400, 'Prompt is too long', 'context-length'],
  ])('knows what a refused request with status %s and the words "%s" means', async (status, words, kind) => {
    const said = `API Error: ${words}`;
    const message = { model: '<synthetic>', content: [{ type: 'text', text: said }] };
    const result = {
      ...DONE,
      is_error: true,
      result: said,
      api_error_status: status,
      model_usage_since_last_result: {},
    };
    const events = await collect(await provider(), asking([{ type: 'assistant', message }, result]));
    expect(events).toEqual([
      {
        type: 'failed',
        error: { kind, message: `Claude Code failed: ${said}` },
        usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
        costUsd: 0,
      },
    ]);
  });

  it('has failed at once when its key is refused, which it would try for minutes', async () => {
    const retry = { type: 'system', subtype: 'api_retry', attempt: 1, retry_delay_ms: 576 };
    const refused = { ...retry, error_status: 401, error: 'authentication_failed' };
    const events = await collect(await provider(), asking([refused, DONE]));
    const error = { kind: 'auth', message: 'Claude Code failed: its key or login was refused (HTTP 401).' };
    expect(events).toMatchObject([{ type: 'failed', error }]);
    const [call] = await seen();
    expect(call?.options).toMatchObject({ abortController: { signal: { aborted: true } } });
  });

  it('tells that it tries again by itself', async () => {
    const retry = { type: 'system', subtype: 'api_retry', attempt: 1, retry_delay_ms: 4_373, error: 'overloaded' };
    const events = await collect(await provider(), asking([{ ...retry, error_status: 529 }, DONE]));
    expect(events[0]).toEqual({
      type: 'reasoning',
      text: 'Its request failed (overloaded, HTTP 529); it tries again in 5 s.\n',
    });
  });

  it('counts what its subagents and other models have used too, and nothing that earlier calls of its session did', async () => {
    const counts = {
      inputTokens: 70,
      outputTokens: 20,
      cacheReadInputTokens: 30,
      cacheCreationInputTokens: 4,
      thinkingTokens: 3,
      costUSD: 0.25,
    };
    // It may tell of a result, and of another one when a task in its background is done.
    const [first, second] = [{ large: counts, small: counts }, { large: counts }].map((models) => ({
      ...DONE,
      total_cost_usd: 9,
      model_usage_since_last_result: models,
    }));
    expect((await collect(await provider(), asking([first ?? {}, second ?? {}]))).at(-1)).toMatchObject({
      usage: { input: 312, output: 60, cachedInput: 90, cacheWrite: 12, reasoning: 9 },
      costUsd: 0.75,
    });
  });

  it('does not take the words of a subagent for its own', async () => {
    const of = { parent_tool_use_id: 'u1' };
    const delta = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Sub' } };
    const steps = [
      { type: 'stream_event', event: delta, ...of },
      { type: 'assistant', message: { content: [{ type: 'text', text: 'Subagent words.' }] }, ...of },
      { type: 'assistant', message: { content: [{ type: 'text', text: 'It is done.' }] } },
      DONE,
    ];
    expect((await collect(await provider(), asking(steps))).slice(0, -1)).toEqual([
      { type: 'reasoning', text: 'Subagent words.\n' },
      { type: 'text', text: 'It is done.' },
    ]);
  });

  it('stops when the call is interrupted', async () => {
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    const steps = [{ type: 'assistant', message: { content: [{ type: 'text', text: 'Begun.' }] } }, { wait: true }];
    for await (const event of (await provider()).stream(asking(steps, { signal: stop.signal }))) {
      events.push(event);
      stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { kind: 'aborted' } });
  });

  it('says how to install the SDK', async () => {
    await expect(bare()).rejects.toThrow('Install it: npm install @anthropic-ai/claude-agent-sdk');
  });
});
