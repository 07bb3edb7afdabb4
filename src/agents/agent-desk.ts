import { toolRefusal } from '../coordination/tool-refusal.ts';
import { agentOf } from '../coordination/views.ts';
import type { AgentDesk } from '../providers/agent-desk.ts';
import { NOBODY_THERE } from '../tools/asks.ts';
import { accessOf } from '../tools/files/file-desk.ts';
import { runToolCall } from '../tools/pipeline.ts';
import { holdRequest } from '../tools/planning.ts';
import type { ToolCall } from '../events/message.ts';
import type { CallingTurn, Tool, ToolContext, ToolResult } from '../tools/tool.ts';
import { readBytes, writeBytes } from '../workspace/file-access.ts';
import type { FileUse, Located } from '../workspace/path-policy.ts';
import { codeCaller } from './call-from-code.ts';
import { runOwnTool } from './run-own-tool.ts';
import { progressTeller } from './tell-progress.ts';
import { keepPictures } from './tool-pictures.ts';
import type { TurnContext } from './turn-context.ts';

/** Larger files are no text that an agent wants whole. */
const MAX_READ_BYTES = 10 * 1024 * 1024;

/**
 * What the run does for an agent with a tool loop of its own, in one of its turns. `turn` tells the turn as it is now;
 * `flush` puts on record what the agent has said so far, which comes before whatever it asks for.
 */
export function createAgentDesk(context: TurnContext, turn: () => CallingTurn, flush: () => void): AgentDesk {
  const { alias: agent, files, signal, asks, rules, clock } = context;
  const toolContext = (callId: string): ToolContext => ({
    signal,
    turn: turn(),
    callId,
    ...(asks ? { asks } : {}),
    onProgress: progressTeller(context, callId),
  });

  const locate = async (path: string, use: FileUse): Promise<Located> => {
    if (!files) throw new Error('This agent has no files.');
    const location = await files.locate(path, use, accessOf(turn()));
    if ('refused' in location) throw new Error(location.refused);
    return location.ok;
  };

  /** A write by the agent's own hand goes through the same rules as every tool: paths, planning, leave. */
  const writer = (path: string, text: string): Tool => ({
    spec: {
      name: 'write_text_file',
      description: '',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
    annotations: {
      readOnly: false,
      destructive: true,
      idempotent: true,
      openWorld: false,
      pathArguments: [{ name: 'path', use: 'write' }],
    },
    execute: async () => {
      await writeBytes(await locate(path, 'write'), Buffer.from(text, 'utf8'));
      return { output: '', isError: false };
    },
  });

  const runTool = async (call: ToolCall): Promise<ToolResult> => {
    const refusal = toolRefusal(context.state(), agentOf(context.state(), agent));
    if (refusal) return { output: refusal.message, isError: true };
    const data = { turn: context.turn, call };
    await context.record({ type: 'tool.started', agent, data });
    const startedAt = clock.now();
    const callTool = codeCaller(context, call.id, turn);
    const result = await runOwnTool(context, call, { ...toolContext(call.id), callTool });
    const durationMs = clock.now() - startedAt;
    const kept = await keepPictures(result, context);
    const finished = { turn: context.turn, callId: call.id, name: call.name, ...kept, durationMs };
    await context.record({ type: 'tool.finished', agent, data: finished });
    return result;
  };

  const starter = context.tools.find((tool) => tool.startedBy !== undefined);

  return {
    workspace: files?.workspace ?? null,
    readFile: async (path) => {
      const { bytes } = await readBytes(await locate(path, 'read'), MAX_READ_BYTES);
      return bytes.toString('utf8');
    },
    writeFile: async (path, text) => {
      if (!files) throw new Error('This agent has no files.');
      const result = await runToolCall(writer(path, text), { path }, rules, toolContext('write_text_file'));
      if (result.isError) throw new Error(result.output);
    },
    runTool,
    ...(starter && {
      startCommand: async ({ callId, line, folder }) => {
        const args = { command: line, ...(folder !== null && { work_dir: folder }) };
        const call = { id: callId, name: starter.spec.name, args, rawArgs: JSON.stringify(args) };
        const { output } = await runTool(call);
        const started = starter.startedBy?.(callId) ?? null;
        if (!started) throw new Error(output);
        return started;
      },
    }),
    approve: async (request, mode) => {
      flush();
      const held = await holdRequest(request, files?.workspace ?? null, toolContext(request.callId));
      if (held && !held.verdict.isAllowed) {
        const { detail: _, diff: _diff, ...call } = request;
        const denied = { isAllowed: false, scope: 'once' as const, reason: held.verdict.reason };
        await asks?.noteDecision({ ...call, ...denied, by: 'policy' });
        return denied;
      }
      const nobody = { isAllowed: false, scope: 'once' as const, reason: NOBODY_THERE };
      const ask = rules.approveRequest
        ? rules.approveRequest(request, asks, signal, { mode })
        : (asks?.approve(request, signal) ?? nobody);
      const decision = await ask;
      // Nobody here sees it end; that it began is enough for it never to be done twice.
      if (held && decision.isAllowed) await asks?.actions?.begin(held.key);
      return decision;
    },
    forbids: (request) => rules.forbidRequest?.(request) ?? Promise.resolve(null),
    noteDecision: (call) => asks?.noteDecision(call) ?? Promise.resolve(),
  };
}
