import { DEFAULT_PERMISSIONS, type PermissionNeeds } from '../../../src/config/permission-needs.ts';
import { isRule, parseRule } from '../../../src/config/permission-rule.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { ApprovalRequest, Asks, Decision, SettledCall } from '../../../src/tools/asks.ts';
import { PermissionDesk } from '../../../src/tools/permissions/permission-desk.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { UNKNOWN_TOOL, type Tool, type ToolAnnotations } from '../../../src/tools/tool.ts';
import { plainRules } from '../../../src/tools/tool-rules.ts';

export const HOME = '/home/ada';
export const WORKSPACE = '/runs/r1/workspaces/agent1';

export function fakeTool(name: string, more: Partial<ToolAnnotations> = {}, origin?: Tool['origin']): Tool {
  return {
    spec: { name, description: '', parameters: { type: 'object' } },
    annotations: { ...UNKNOWN_TOOL, ...more },
    ...(origin && { origin }),
    execute: () => Promise.resolve({ output: 'done', isError: false }),
  };
}

export const COMMAND = fakeTool('run_command', { openWorld: false });
export const HOST_COMMAND = fakeTool('run_command', { openWorld: true });
export const WRITE = fakeTool('write_file', { openWorld: false, pathArguments: [{ name: 'path', use: 'write' }] });
export const READ = fakeTool('read_file', {
  readOnly: true,
  destructive: false,
  openWorld: false,
  pathArguments: [{ name: 'path', use: 'read' }],
});
export const SEND = fakeTool('mcp__mail__send', {}, { server: 'mail', tool: 'send' });

export interface Setting {
  needs?: Partial<PermissionNeeds>;
  own?: string[];
  isAttended?: boolean;
  answer?: Decision;
  remembered?: (action: string, target: string) => Decision | null;
}

/** Makes one call through the pipeline. Tells whether it ran, what was asked, and what was written down. */
export async function tryCall(tool: Tool, args: JsonObject, setting: Setting = {}) {
  const { needs, own = [], isAttended = false, answer, remembered = () => null } = setting;
  const asked: ApprovalRequest[] = [];
  const noted: SettledCall[] = [];
  const asks: Asks = {
    isAttended,
    remembered,
    approve: async (request) => {
      asked.push(request);
      return answer ?? { isAllowed: false, scope: 'once', reason: 'No.' };
    },
    noteDecision: async (call) => void noted.push(call),
    ask: async () => [],
  };
  const desk = new PermissionDesk({
    needs: { ...DEFAULT_PERMISSIONS, ...needs },
    ownRules: async () => own.map((text) => parseRule(text)).filter(isRule),
    where: { home: HOME, workspace: WORKSPACE },
    findPlace: async (path) => (path.startsWith('/') ? path : `${WORKSPACE}/${path}`),
  });
  const rules = { ...plainRules(createRealClock()), approve: desk.approve.bind(desk) };
  const result = await runToolCall(tool, args, rules, { signal: new AbortController().signal, callId: 'c1', asks });
  return { ran: !result.isError, output: result.output, asked, noted };
}

/** The same, in one word. */
export async function verdictOf(
  tool: Tool,
  args: JsonObject,
  setting: Setting = {},
): Promise<'runs' | 'asks' | 'denied'> {
  const { ran, asked } = await tryCall(tool, args, { isAttended: true, ...setting });
  if (asked.length > 0) return 'asks';
  return ran ? 'runs' : 'denied';
}
