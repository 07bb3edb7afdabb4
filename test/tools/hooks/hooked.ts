import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DEFAULT_PERMISSIONS } from '../../../src/config/permission-needs.ts';
import { hooksOf } from '../../../src/config/read-hooks.ts';
import { configSchema } from '../../../src/config/schema/config.ts';
import type { HookReport } from '../../../src/events/hook-report.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { ApprovalRequest, Asks, SettledCall } from '../../../src/tools/asks.ts';
import { withHooks } from '../../../src/tools/hooks/with-hooks.ts';
import { PermissionDesk } from '../../../src/tools/permissions/permission-desk.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { plainHost, type ToolHost } from '../../../src/tools/tool-host.ts';
import { UNKNOWN_TOOL, type Tool, type ToolResult } from '../../../src/tools/tool.ts';

/** A folder for hooks, with these files in it; removed when the test is over. */
export async function folderWith(files: Record<string, string> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'massgen-hooked-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

export interface Hooked {
  host: ToolHost;
  asks: Asks;
  reports: HookReport[];
  asked: ApprovalRequest[];
  settled: SettledCall[];
  /** Arguments of the calls that the tool itself has got. */
  ran: JsonObject[];
  call: (args: JsonObject, signal?: AbortSignal) => Promise<ToolResult>;
}

export interface HookedOptions {
  files?: Record<string, string>;
  rules?: string[];
  isAttended?: boolean;
  tool?: Partial<Tool>;
  variables?: Record<string, string>;
}

/** One tool, `send`, with the hooks of a config around it, and the permission rules that every agent has. */
export async function hooked(hooks: JsonObject, options: HookedOptions = {}): Promise<Hooked> {
  const cwd = await folderWith(options.files);
  const config = configSchema.parse({ agents: [{ id: 'ada', backend: { type: 'demo' } }], hooks });
  const [agent] = config.agents ?? [];
  const { hooks: needs = [] } = agent ? hooksOf(agent, config) : {};
  const ran: JsonObject[] = [];
  const tool: Tool = {
    spec: { name: 'send', description: '', parameters: { type: 'object', properties: { to: { type: 'string' } } } },
    annotations: { ...UNKNOWN_TOOL },
    execute: async (args) => {
      ran.push(args);
      return { output: 'sent', isError: false };
    },
    ...options.tool,
  };
  const clock = createRealClock();
  const desk = new PermissionDesk({
    needs: { ...DEFAULT_PERMISSIONS, rules: options.rules ?? [] },
    ownRules: async () => [],
    where: { home: '/home/ada', workspace: null },
    findPlace: async () => null,
  });
  const plain = plainHost([tool], clock);
  const withRules: ToolHost = {
    ...plain,
    rules: {
      ...plain.rules,
      approve: (call, context) => desk.approve(call, context),
      approveRequest: (request, asks, signal, said) => desk.approveRequest(request, asks, signal, said),
    },
  };
  const host = withHooks(withRules, {
    needs,
    subject: { run: 'run-1', runDir: cwd, agentId: 'ada', alias: 'agent1' },
    clock,
    cwd,
    variables: { PATH: process.env['PATH'] ?? '', ...options.variables },
    isUnprotected: false,
  });
  onTestFinished(() => host.dispose());
  const found: Pick<Hooked, 'reports' | 'asked' | 'settled'> = { reports: [], asked: [], settled: [] };
  const asks: Asks = {
    isAttended: options.isAttended ?? false,
    approve: async (request) => {
      found.asked.push(request);
      return { isAllowed: false, scope: 'once', reason: 'The user says no.' };
    },
    noteDecision: async (call) => void found.settled.push(call),
    noteHook: async (report) => void found.reports.push(report),
    ask: async () => [],
  };
  const call = (args: JsonObject, signal = new AbortController().signal): Promise<ToolResult> =>
    runToolCall(tool, args, host.rules, { signal, callId: 'c1', asks, turn: { kind: 'draft', view: [] } });
  return { host, asks, ran, call, ...found };
}

/** A command that writes this as its answer. */
export function saying(word: JsonObject): JsonObject {
  return { command: ['printf', '%s', JSON.stringify(word)] };
}
