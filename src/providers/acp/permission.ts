import type { PermissionOption, RequestPermissionRequest, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { PermissionMode } from '../../config/external-agent.ts';
import type { Risk } from '../../events/event.ts';
import type { ApprovalRequest } from '../../tools/asks.ts';
import type { AgentDesk } from '../agent-desk.ts';
import { isInside } from '../external/is-inside.ts';
import { arrayAt, stringAt } from '../wire/json-fields.ts';
import { diffText } from './updates.ts';

/** How much harm each kind of use may do. */
const RISKS: ReadonlyMap<string, Risk> = new Map([
  ['read', 'low'],
  ['search', 'low'],
  ['think', 'low'],
  ['fetch', 'medium'],
  ['edit', 'medium'],
  ['move', 'medium'],
  ['switch_mode', 'medium'],
]);
const EDITS: ReadonlySet<string> = new Set(['edit', 'delete', 'move']);

/**
 * Answers an agent that asks for leave: by the rules of the run, then by its mode, then by whoever decides over the run,
 * and by nobody's word not at all. Leave is for one use only, whatever else the agent offers: of the next one it asks
 * again, so that no rule is passed by.
 */
export async function decidePermission(
  { toolCall, options }: RequestPermissionRequest,
  mode: PermissionMode,
  desk: AgentDesk | undefined,
): Promise<RequestPermissionResponse> {
  const request = requestOf(toolCall);
  const paths = toolCall.locations?.map(({ path }) => path) ?? [];
  for (const path of paths.slice(1)) {
    const reason = await desk?.forbids({ ...request, target: path });
    if (typeof reason !== 'string') continue;
    const { detail: _, diff: _diff, ...call } = request;
    await desk?.noteDecision({ ...call, target: path, isAllowed: false, scope: 'once', reason, by: 'policy' });
    return choose(options, false, false);
  }
  const ruled = await decideByMode(mode, request.action, paths, desk?.workspace);
  const word = ruled === null ? undefined : { isAllowed: ruled, reason: `The agent's permission_mode is ${mode}.` };
  const decision = await desk?.approve(request, word).catch(() => undefined);
  return choose(options, decision?.isAllowed ?? false, false);
}

/** Null where the mode says nothing of it. */
async function decideByMode(
  mode: PermissionMode,
  action: string,
  paths: readonly string[],
  workspace: string | null | undefined,
): Promise<boolean | null> {
  if (mode === 'bypassPermissions') return true;
  const isHarmless = RISKS.get(action) === 'low';
  if (mode === 'plan') return isHarmless;
  if (mode !== 'acceptEdits' || typeof workspace !== 'string' || paths.length === 0) return null;
  if (!isHarmless && !EDITS.has(action)) return null;
  const inside = await Promise.all(paths.map((path) => isInside(path, workspace)));
  return inside.every(Boolean) ? true : null;
}

function requestOf(call: RequestPermissionRequest['toolCall']): ApprovalRequest {
  const action = call.kind ?? 'other';
  const diffs = (call.content ?? []).flatMap((part) =>
    part.type === 'diff' ? [diffText(part.path, part.oldText ?? '', part.newText)] : [],
  );
  const input = call.rawInput === undefined || call.rawInput === null ? '' : JSON.stringify(call.rawInput);
  const target = (action === 'execute' ? commandOf(call) : call.locations?.[0]?.path) ?? call.title ?? '';
  return {
    callId: call.toolCallId,
    tool: call.name ?? action,
    action,
    target,
    risk: RISKS.get(action) ?? 'high',
    detail: [call.title === target ? '' : call.title, input].filter(Boolean).join('\n'),
    diff: diffs.length > 0 ? diffs.join('\n') : null,
  };
}

/** The text by which a command is ruled on, wherever it runs; undefined where its title is all that is told of it. */
function commandOf({ rawInput, title }: RequestPermissionRequest['toolCall']): string | undefined {
  const words = arrayAt(rawInput, 'command').map(String);
  const [, option, script] = words;
  if (words.length === 3 && /^-l?c$/.test(option ?? '')) return script;
  if (words.length > 0) return words.join(' ');
  return stringAt(rawInput, 'command') ?? title?.replace(/^`(.*)`$/s, '$1');
}

/** The option that fits; without one, the agent is told that the question was cancelled, which it takes as a no. */
function choose(options: readonly PermissionOption[], isAllowed: boolean, lasts: boolean): RequestPermissionResponse {
  const once = isAllowed ? 'allow_once' : 'reject_once';
  const always = isAllowed ? 'allow_always' : 'reject_always';
  const wanted = lasts ? [always, once] : isAllowed ? [once] : [once, always];
  for (const kind of wanted) {
    const option = options.find((each) => each.kind === kind);
    if (option) return { outcome: { outcome: 'selected', optionId: option.optionId } };
  }
  return { outcome: { outcome: 'cancelled' } };
}

/** The option that says yes, for calls of the run's own tools, which have rules of their own. */
export function allowOwn(options: readonly PermissionOption[]): RequestPermissionResponse {
  return choose(options, true, true);
}
