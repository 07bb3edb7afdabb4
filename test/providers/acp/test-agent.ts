/*
 * An ACP agent for tests, made with the SDK's agent side: `node test-agent.ts`. The last line of a prompt that begins
 * with `do:` is JSON: the steps that the agent takes. Without one it follows the team's protocol over MCP.
 */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';

type Step =
  | { say: string }
  | { think: string }
  | { plan: [string, 'pending' | 'in_progress' | 'completed'][] }
  | { tool: string; output: string; fails?: boolean; input?: object }
  | { ask: string; path?: string; kind?: acp.ToolKind }
  | { read: string }
  | { write: string; text: string }
  | { call: string; args: object }
  | { env: true }
  | { terminal: string; args?: string[]; limit?: number; kill?: true }
  | { cost: number }
  | { crash: string }
  | { silent: true }
  | { deaf: true }
  | { leaveBehind: string }
  | { pidTo: string };

const MODES = ['default', 'auto'].map((id) => ({ id, name: id }));
let mode = process.env['TEST_MODE'] ?? '';
const sessions = new Map<string, { server: acp.McpServer | undefined; prompts: number; stop: AbortController }>();
let isLoggedIn = process.env['TEST_NEEDS_LOGIN'] === undefined;

const introduction = (): acp.InitializeResponse => ({
  protocolVersion: process.env['TEST_VERSION'] === undefined ? acp.PROTOCOL_VERSION : 99,
  agentCapabilities: {
    loadSession: process.env['TEST_SESSIONS'] !== undefined,
    mcpCapabilities: { http: process.env['TEST_STDIO_ONLY'] === undefined },
    promptCapabilities: { image: true, embeddedContext: true },
  },
  authMethods: [{ id: 'gemini-api-key', name: 'A key' }],
});

const app = acp
  .agent({ name: 'test-agent' })
  .onRequest('initialize', async () => {
    if (process.env['TEST_PID_TO'] !== undefined) {
      writeFileSync(process.env['TEST_PID_TO'], String(process.pid));
      await new Promise(() => undefined);
    }
    return introduction();
  })
  .onRequest('authenticate', () => {
    isLoggedIn = true;
    return {};
  })
  .onRequest('session/new', ({ params }) => {
    if (!isLoggedIn) throw acp.RequestError.authRequired();
    const id = `session-${sessions.size + 1}`;
    sessions.set(id, { server: params.mcpServers[0], prompts: 0, stop: new AbortController() });
    if (process.env['TEST_SESSIONS'] !== undefined) writeFileSync(`${process.env['TEST_SESSIONS']}-${id}`, '');
    return { sessionId: id, ...(mode !== '' && { modes: { currentModeId: mode, availableModes: MODES } }) };
  })
  .onRequest('session/set_mode', ({ params }) => {
    mode = params.modeId;
    return {};
  })
  .onRequest('session/load', async ({ params, client }) => {
    if (!existsSync(`${process.env['TEST_SESSIONS']}-${params.sessionId}`)) throw acp.RequestError.resourceNotFound();
    const content = { type: 'text' as const, text: 'what was said before' };
    const update = { sessionUpdate: 'agent_message_chunk' as const, content };
    await client.notify('session/update', { sessionId: params.sessionId, update });
    sessions.set(params.sessionId, { server: params.mcpServers[0], prompts: 1, stop: new AbortController() });
    return {};
  })
  .onNotification('session/cancel', ({ params }) => sessions.get(params.sessionId)?.stop.abort())
  .onRequest('session/prompt', async ({ params, client }) => {
    const session = sessions.get(params.sessionId)!;
    session.prompts += 1;
    session.stop = new AbortController();
    const text = params.prompt.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const files = params.prompt.filter((part) => part.type !== 'text');
    const update = (data: acp.SessionUpdate): Promise<void> =>
      client.notify('session/update', { sessionId: params.sessionId, update: data });
    const say = (words: string): Promise<void> =>
      update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: words } });
    const line = text.split('\n').findLast((each) => each.startsWith('do:'));
    const steps = line ? (JSON.parse(line.slice(3)) as Step[]) : followProtocol(text);
    for (const step of steps) {
      if ('say' in step) await say(fill(step.say, text, params.sessionId, session.prompts, files));
      if ('think' in step)
        await update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: step.think } });
      if ('plan' in step) {
        const entries = step.plan.map(([content, status]) => ({ content, status, priority: 'medium' as const }));
        await update({ sessionUpdate: 'plan', entries });
      }
      if ('tool' in step) {
        const toolCallId = `call-${step.tool}`;
        const rawInput = step.input ?? {};
        await update({
          sessionUpdate: 'tool_call',
          toolCallId,
          title: step.tool,
          kind: 'read',
          status: 'pending',
          rawInput,
        });
        const status = step.fails ? ('failed' as const) : ('completed' as const);
        const content = [{ type: 'content' as const, content: { type: 'text' as const, text: step.output } }];
        await update({ sessionUpdate: 'tool_call_update', toolCallId, status, content });
      }
      if ('ask' in step) {
        const { outcome } = await client.request('session/request_permission', {
          sessionId: params.sessionId,
          toolCall: {
            toolCallId: 'asked',
            title: step.ask,
            kind: step.kind ?? 'edit',
            locations: step.path === undefined ? [] : [{ path: step.path }],
            content: [{ type: 'diff', path: step.path ?? 'a.txt', oldText: 'old', newText: 'new' }],
          },
          options: [
            { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
            { optionId: 'no', name: 'No', kind: 'reject_once' },
          ],
        });
        await say(`asked: ${outcome.outcome === 'selected' ? outcome.optionId : outcome.outcome}\n`);
      }
      if ('read' in step || 'write' in step) {
        const sessionId = params.sessionId;
        const done =
          'read' in step
            ? client.request('fs/read_text_file', { sessionId, path: step.read }).then(({ content }) => content)
            : client
                .request('fs/write_text_file', { sessionId, path: step.write, content: step.text })
                .then(() => 'ok');
        await say(
          await done.catch(
            (error: Error & { data?: unknown }) => `refused: ${JSON.stringify(error.data ?? error.message)}`,
          ),
        );
      }
      if ('terminal' in step) {
        const sessionId = params.sessionId;
        const { terminal: command, args, limit: outputByteLimit = null, kill } = step;
        const run = async (): Promise<unknown> => {
          const { terminalId } = await client.request('terminal/create', {
            sessionId,
            command,
            ...(args && { args }),
            outputByteLimit,
            env: [{ name: 'WORD', value: "it's" }],
          });
          const toolCallId = `in-${terminalId}`;
          const content = [{ type: 'terminal' as const, terminalId }];
          const title = [command, ...(args ?? [])].join(' ');
          await update({
            sessionUpdate: 'tool_call',
            toolCallId,
            title,
            kind: 'execute',
            status: 'in_progress',
            content,
          });
          if (kill) await client.request('terminal/kill', { sessionId, terminalId });
          const exit = await client.request('terminal/wait_for_exit', { sessionId, terminalId });
          const { output, truncated } = await client.request('terminal/output', { sessionId, terminalId });
          await client.request('terminal/release', { sessionId, terminalId });
          await update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' });
          return { exit, output, truncated };
        };
        const told = await run().catch((error: Error & { data?: unknown }) => ({
          refused: error.data ?? error.message,
        }));
        await say(JSON.stringify(told));
      }
      if ('call' in step) await say(`${await callTool(session.server, step.call, step.args)}\n`);
      if ('env' in step) await say(JSON.stringify(Object.keys(process.env).toSorted()));
      if ('cost' in step)
        await update({
          sessionUpdate: 'usage_update',
          used: 10,
          size: 100,
          cost: { amount: step.cost, currency: 'USD' },
        });
      if ('pidTo' in step) writeFileSync(step.pidTo, String(process.pid));
      if ('crash' in step) {
        process.stderr.write(`${step.crash}\n`);
        process.exit(3);
      }
      // It does not stop when it is told to.
      if ('deaf' in step) await new Promise(() => undefined);
      if ('leaveBehind' in step) {
        const { pid } = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
        writeFileSync(step.leaveBehind, String(pid));
      }
      if ('silent' in step) {
        await new Promise<void>((resolve) =>
          session.stop.signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        return { stopReason: 'cancelled' };
      }
    }
    return { stopReason: 'end_turn', _meta: { quota: { token_count: { input_tokens: 7, output_tokens: 3 } } } };
  });

/**
 * `{prompt}` is what the agent was told, `{files}` what came beside, `{session}` its session and `{count}` the number of
 * prompts in it.
 */
function fill(words: string, prompt: string, session: string, count: number, files: object[]): string {
  return words
    .replace('{prompt}', prompt)
    .replace('{files}', JSON.stringify(files))
    .replace('{session}', session)
    .replace('{count}', String(count))
    .replaceAll('{mode}', mode)
    .replaceAll('{tag}', /<(massgen-\w+)>/.exec(prompt)?.[1] ?? '');
}

function followProtocol(text: string): Step[] {
  if (text.includes('Present it to the user')) return [{ say: 'The presented answer.' }];
  if (text.includes('<answer ')) return [{ call: 'vote', args: { agent_id: 'agent1', reason: 'It is right.' } }];
  return [
    { think: 'I look into it.' },
    { tool: 'Read notes', output: 'notes' },
    { call: 'new_answer', args: { content: 'The answer of acp.' } },
  ];
}

/** Calls a tool of the MCP server that the session was given, with the MCP SDK's client. */
async function callTool(server: acp.McpServer | undefined, name: string, args: object): Promise<string> {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const client = new Client({ name: 'test-agent', version: '1' });
  await client.connect((await transportOf(server!)) as Parameters<typeof client.connect>[0]);
  const { tools } = await client.listTools();
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
  await client.close();
  return `${tools.map((tool) => tool.name).join(' ')}: ${(result.content as { text: string }[])[0]?.text}`;
}

async function transportOf(server: acp.McpServer): Promise<object> {
  if ('command' in server) {
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    const env = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
    return new StdioClientTransport({ command: server.command, args: server.args, env });
  }
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const headers = Object.fromEntries(server.headers.map(({ name, value }) => [name, value]));
  return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } });
}

app.connect(
  acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
);
