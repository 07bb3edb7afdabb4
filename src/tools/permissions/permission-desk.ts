import type { PermissionNeeds } from '../../config/permission-needs.ts';
import { isRule, parseRule, type PermissionRule } from '../../config/permission-rule.ts';
import { NOBODY_THERE, type ApprovalRequest, type Asks, type Decision, type ModeWord } from '../asks.ts';
import type { Risk } from '../../events/event.ts';
import type { ToolContext } from '../tool.ts';
import type { CheckedCall, RequestWords, Verdict } from '../tool-rules.ts';
import { describeUse, namesOf, type CallUse, type FindPlace, type UseTarget } from './call-use.ts';
import { judgeUse, type Judgement, type RuleBook } from './judge-use.ts';
import { raise, RiskOpinions } from './risk-opinions.ts';
import type { Surroundings } from './protected-places.ts';

export interface PermissionDeskOptions {
  needs: PermissionNeeds;
  /** The user's own rules, read anew for every call: a dialog of another run may have added one. */
  ownRules: () => Promise<readonly PermissionRule[]>;
  where: Surroundings;
  findPlace: FindPlace;
}

/** Longest text of a call that a dialog shows besides its target. */
const MAX_DETAIL = 20_000;

/** Decides over the calls of one agent, and has every decision written down. */
export class PermissionDesk {
  readonly #options: PermissionDeskOptions;
  readonly #rules: readonly PermissionRule[];
  readonly #risks = new RiskOpinions();

  constructor(options: PermissionDeskOptions) {
    this.#options = options;
    this.#rules = options.needs.rules.map((text) => parseRule(text)).filter(isRule);
  }

  /** See `ToolRules.approve`. Rejects when a decision cannot be written down. */
  async approve(call: CheckedCall, context: ToolContext): Promise<Verdict> {
    const { where, findPlace } = this.#options;
    const use = await describeUse(call, where.workspace, findPlace);
    const callId = context.callId ?? '';
    const detail = detailOf(call, use);
    const place = call.isUsers ? null : editablePlace(call, use);
    const about = {
      callId,
      detail,
      diff: null,
      preview: () => previewOf(call, context),
      input: JSON.stringify(call.args),
      hook: call.hook,
      isUsers: call.isUsers,
      ...(place !== null && EDITABLE),
    };
    const decision = await this.#decide(use, about, context.asks, context.signal);
    if (!decision.isAllowed) return { isAllowed: false, reason: decision.reason };
    if (decision.edited === undefined || place === null) return { isAllowed: true };
    return { isAllowed: true, args: { ...call.args, [place]: decision.edited } };
  }

  /** The same for a use of a tool that the agent brings itself. */
  async approveRequest(
    request: ApprovalRequest,
    asks: Asks | undefined,
    signal: AbortSignal,
    said: RequestWords = {},
  ): Promise<Decision> {
    const { where } = this.#options;
    return this.#decide(
      useOfRequest(request, where.workspace),
      { ...request, ...said, input: request.detail },
      asks,
      signal,
      request,
    );
  }

  /** See `ToolRules.forbidRequest`. */
  async forbidRequest(request: ApprovalRequest): Promise<string | null> {
    const { needs, ownRules, where } = this.#options;
    const book: RuleBook = { needs, rules: this.#rules, own: await ownRules(), remembered: () => null };
    const judged = judgeUse(useOfRequest(request, where.workspace), book, where);
    return judged.verdict === 'deny' && judged.by === 'rule' ? judged.reason : null;
  }

  async #decide(
    use: CallUse,
    about: Pick<ApprovalRequest, 'callId' | 'detail' | 'diff' | 'editable'> &
      RequestWords & { isUsers?: true | undefined; preview?: () => Promise<string | null>; input: string },
    asks: Asks | undefined,
    signal: AbortSignal,
    named: Pick<ApprovalRequest, 'action' | 'target'> = use,
  ): Promise<Decision> {
    const { needs, ownRules, where } = this.#options;
    const remembered: RuleBook['remembered'] = (action, target) => asks?.remembered?.(action, target) ?? null;
    const book: RuleBook = { needs, rules: this.#rules, own: await ownRules(), remembered, hook: about.hook };
    const byRules = judgeUse(use, book, where);
    const { tool } = use;
    const isJudged =
      byRules.verdict === 'ask' ? about.isUsers !== true : byRules.verdict === 'allow' && !byRules.isUsers;
    const opinion = isJudged && !use.readOnly ? await this.#risks.ask(use, about, asks, signal) : null;
    const { risk, judged } = raise(use.risk, byRules, opinion);
    const call = { callId: about.callId, tool, action: named.action, target: named.target, risk };
    const ruled = about.mode ? judgedByMode(judged, about.mode) : null;
    if (ruled) {
      await asks?.noteDecision({ ...call, ...ruled, by: 'policy' });
      return ruled;
    }
    // What an agent's own program asks about is asked for a reason; nothing in the config gives it leave.
    if (judged.verdict === 'ask' && named !== use) Object.assign(judged, { isByRule: true });
    if (judged.verdict === 'ask' && about.isUsers) return { isAllowed: true, scope: 'once', reason: '' };
    const before = judged.verdict === 'ask' ? asks?.decidedBefore?.(call) : null;
    if (before) return before;
    if (judged.verdict === 'ask' && asks?.isAttended === true) {
      const { editable } = about;
      const diff = about.diff ?? (await about.preview?.()) ?? null;
      // A diff says what the arguments do.
      const own = about.preview && diff !== null ? '' : about.detail;
      const detail = [opinion && `By a model the risk is ${opinion.risk ?? 'unknown'}: ${opinion.reason}`, own]
        .filter(Boolean)
        .join('\n');
      return asks.approve({ ...call, detail, diff, ...(editable && { editable }) }, signal);
    }
    const settled = judged.verdict === 'ask' ? unattended(judged, risk, needs) : settledBy(judged);
    const { by, ...decision } = settled;
    // After an opinion there is always a decision in the log, so that a crash between the two is told from one after both.
    if (by !== null || opinion) await asks?.noteDecision({ ...call, ...decision, by: by ?? 'policy' });
    return decision;
  }
}

/** Null where nobody knows it before, or the call will fail by itself. */
async function previewOf({ tool, args }: CheckedCall, context: ToolContext): Promise<string | null> {
  return (await tool.preview?.(args, context).catch(() => null)) ?? null;
}

const EDITABLE = { editable: true } as const;

/** The argument that holds the whole of the one command that is decided on; null where there is no such thing. */
function editablePlace({ args, tool }: CheckedCall, { targets, target }: CallUse): string | null {
  const [only, ...more] = targets;
  if (only?.kind !== 'command' || more.length > 0) return null;
  const places = Object.keys(args).filter((name) => args[name] === target && !Object.hasOwn(tool.preset ?? {}, name));
  return places.length === 1 ? (places[0] ?? null) : null;
}

/** A mode forbids what rules would let pass, and allows what nobody but the usual caution asks about. */
function judgedByMode(judged: Judgement, { isAllowed, reason }: ModeWord): Decision | null {
  if (judged.verdict === 'deny') return null;
  if (isAllowed && !(judged.verdict === 'ask' && !judged.isByRule)) return null;
  return { isAllowed, reason, scope: 'once' };
}

type Settled = Decision & { by: 'rule' | 'policy' | 'hook' | null };

function settledBy({ verdict, by, reason, scope }: Exclude<Judgement, { verdict: 'ask' }>): Settled {
  return { isAllowed: verdict === 'allow', by, reason, scope };
}

/** Nobody is there to ask. */
function unattended(judged: Extract<Judgement, { verdict: 'ask' }>, risk: Risk, needs: PermissionNeeds): Settled {
  const once = { by: 'policy' as const, scope: 'once' as const };
  switch (needs.unattended) {
    case 'allow-all':
      return { ...once, isAllowed: true, reason: 'Nobody is there who could be asked, and all is allowed then.' };
    case 'deny-all':
      return { ...once, isAllowed: false, reason: `${NOBODY_THERE} ${judged.reason}` };
    case 'risk-based': {
      const isAllowed = risk !== 'high';
      const what = `its risk is ${risk}, so it is ${isAllowed ? 'allowed' : 'denied'}`;
      return { ...once, isAllowed, reason: `${NOBODY_THERE} ${judged.reason} By the tool’s own word ${what}.` };
    }
    case null:
      return judged.isByRule
        ? { ...once, isAllowed: false, reason: `${NOBODY_THERE} ${judged.reason}`.trim() }
        : {
            ...once,
            isAllowed: true,
            reason: 'Nobody is there who could be asked, and the config gives the agent this tool.',
          };
  }
}

function useOfRequest({ tool, action, target, risk }: ApprovalRequest, workspace: string | null): CallUse {
  const isCommand = /^(bash|execute|shell|terminal)$/i.test(action);
  const isFile = /^(read|edit|write|delete|move|multiedit|notebookedit)$/i.test(action);
  const use = /^read$/i.test(action) ? 'read' : /^(delete|move)$/i.test(action) ? 'delete' : 'write';
  const places =
    workspace !== null && target.startsWith(`${workspace}/`) ? [target, target.slice(workspace.length + 1)] : [target];
  const targets: UseTarget[] =
    target === ''
      ? []
      : [
          isCommand
            ? { kind: 'command', text: target }
            : isFile
              ? { kind: 'path', written: target, places, use }
              : { kind: 'text', text: target },
        ];
  const names = [...new Set([tool, action, ...namesOf(tool)])];
  const readOnly = risk === 'low';
  const openWorld = /fetch|websearch/i.test(action);
  // It was asked for because its maker thinks that somebody should decide.
  return {
    tool,
    names: [...names, action],
    action,
    target,
    targets,
    risk: readOnly ? 'medium' : risk,
    readOnly,
    openWorld,
    isConfined: false,
  };
}

function detailOf({ args }: CheckedCall, { target }: CallUse): string {
  const text = JSON.stringify(args, null, 2);
  const [only, ...more] = Object.values(args);
  const isSaid = more.length === 0 && (only === undefined || only === target);
  if (isSaid || JSON.stringify(args) === target) return '';
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL).toWellFormed()}…` : text;
}
