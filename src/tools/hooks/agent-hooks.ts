import { hookName, type HookNeed } from '../../config/hook-needs.ts';
import type { HookPoint, HookReport } from '../../events/hook-report.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ApprovalRequest } from '../asks.ts';
import { accessOf } from '../files/file-desk.ts';
import { namesOf } from '../permissions/call-use.ts';
import { fitsText } from '../permissions/glob.ts';
import type { CallingTurn, ToolContext, ToolResult } from '../tool.ts';
import type { BeforeWord, CheckedCall, HookLeave, ToolHooks } from '../tool-rules.ts';
import { runHook, type HookPlace } from './hook-program.ts';
import { readWord, sentence, SILENCE, type HookWord } from './hook-word.ts';

/** What hooks are told about where they are asked. */
export interface HookSubject {
  /** Id of the run. */
  run: string;
  runDir: string;
  /** As in the config. */
  agentId: string;
  /** As in the run. */
  alias: string;
  /** The agent's folder; null for an agent without one. */
  workspace: string | null;
}

/** What one question to hooks comes with. */
type Occasion = Pick<ToolContext, 'signal' | 'asks' | 'turn' | 'callId'>;

/** Longest output that a hook gets; the agent keeps all of it. */
const MAX_OUTPUT_CHARS = 200_000;
const MAX_NAME = 200;
const FAILED = 'A hook of the user’s failed';

/** The hooks of one agent. Nothing here rejects but for a log that cannot be written. */
export class AgentHooks implements ToolHooks {
  readonly #needs: readonly HookNeed[];
  readonly #subject: HookSubject;
  readonly #place: HookPlace;

  constructor(needs: readonly HookNeed[], subject: HookSubject, place: HookPlace) {
    this.#needs = needs;
    this.#subject = subject;
    this.#place = place;
  }

  async before(call: CheckedCall, context: ToolContext): Promise<BeforeWord> {
    const { tool } = call;
    const names = namesOf(tool.spec.name, tool.origin);
    const isPreset = (name: string): boolean => Object.hasOwn(tool.preset ?? {}, name);
    return this.#before(names, call.args, context, (args) =>
      Object.fromEntries(Object.entries(args).filter(([name]) => !isPreset(name))),
    );
  }

  /** The same for a use of a tool that the agent brings itself, whose arguments cannot be changed. */
  async beforeRequest(request: ApprovalRequest, occasion: Occasion): Promise<BeforeWord> {
    const { tool, action, target, detail, callId } = request;
    const input = { action, target, detail };
    const names = [...new Set([tool, action, ...namesOf(tool)])];
    const word = await this.#before(names, input, { ...occasion, callId }, (args) => args);
    return word.isAllowed && word.args !== null
      ? { isAllowed: false, reason: 'A hook would change its arguments, which cannot be done with a tool of its own.' }
      : word;
  }

  async #before(
    names: readonly string[],
    given: JsonObject,
    occasion: Occasion,
    shown: (args: JsonObject) => JsonObject,
  ): Promise<BeforeWord> {
    let args: JsonObject | null = null;
    let leave: HookLeave | null = null;
    for (const need of this.#at('pre_tool', names)) {
      const [name = ''] = names;
      const asked = { hook_type: 'PreToolUse', tool_name: name, tool_input: args ?? given };
      const { word, failure, report } = await this.#ask(need, asked, occasion);
      const about = { ...report, tool: name };
      const isDenied = failure === null ? word.decision === 'deny' : need.onError === 'deny';
      if (isDenied) {
        const reason =
          failure === null ? word.reason || 'A hook of the user’s says no.' : `${FAILED}, so it was not done.`;
        await this.#tell(occasion, failure === null ? { ...about, outcome: 'denied' } : about);
        return { isAllowed: false, reason };
      }
      if (word.args !== null) {
        args = word.args;
        // What was allowed before was something else.
        if (leave?.says === 'allow') leave = null;
      }
      const says = word.decision === 'ask' ? 'ask' : word.decision === 'allow' ? 'allow' : null;
      if (says === 'ask' || (says === 'allow' && leave === null)) leave = { says, reason: word.reason };
      const changed = word.args === null ? {} : { args: shown(word.args) };
      const said = says === 'ask' ? 'asked' : says === 'allow' ? 'allowed' : 'passed';
      const outcome = failure === null ? (word.args === null ? said : 'changed') : 'failed';
      await this.#tell(occasion, { ...about, outcome, ...changed });
    }
    return { isAllowed: true, leave, args };
  }

  async after(call: CheckedCall, result: ToolResult, context: ToolContext): Promise<ToolResult> {
    const { tool, args } = call;
    let told = result;
    for (const need of this.#at('post_tool', namesOf(tool.spec.name, tool.origin))) {
      const output = told.output.slice(0, MAX_OUTPUT_CHARS).toWellFormed();
      const asked = { hook_type: 'PostToolUse', tool_name: tool.spec.name, tool_input: args, tool_output: output };
      const { word, failure, report } = await this.#ask(need, { ...asked, is_error: told.isError }, context);
      const about = { ...report, tool: tool.spec.name };
      const isDenied = failure === null ? word.decision === 'deny' : need.onError === 'deny';
      if (isDenied) {
        const why = failure === null ? word.reason || 'A hook of the user’s withholds it.' : `${FAILED}.`;
        told = { output: `The tool has run, and what it gave back is withheld: ${why}`, isError: true };
        await this.#tell(context, failure === null ? { ...about, outcome: 'denied' } : about);
        continue;
      }
      const isChanged = failure === null && (word.output !== null || word.added !== null);
      if (isChanged) {
        const texts = [word.output ?? told.output, word.added].filter((text) => text !== null && text !== '');
        // What is written anew goes without the pictures of what it was.
        const { pictures, ...bare } = told;
        told = { ...bare, output: texts.join('\n'), ...(word.output === null && pictures && { pictures }) };
      }
      await this.#tell(context, isChanged ? { ...about, outcome: 'changed' } : about);
    }
    return told;
  }

  /** Why an answer or a vote does not count, for its agent; null where it does. */
  async refuse(point: 'answer' | 'vote', about: JsonObject, occasion: Occasion): Promise<string | null> {
    for (const need of this.#at(point, null)) {
      const { word, failure, report } = await this.#ask(need, about, occasion);
      const isRefused = failure === null ? word.decision === 'deny' : need.onError === 'deny';
      const outcome = failure === null && isRefused ? 'denied' : report.outcome;
      await this.#tell(occasion, { ...report, outcome });
      if (!isRefused) continue;
      return failure === null ? word.reason || `A hook of the user’s refuses this ${point}.` : `${FAILED}.`;
    }
    return null;
  }

  #at(point: HookPoint, names: readonly string[] | null): HookNeed[] {
    const fits = (pattern: string): boolean =>
      names?.some((name) => fitsText(pattern.toLowerCase(), name.toLowerCase())) ?? true;
    return this.#needs.filter((need) => need.point === point && need.matchers.some(fits));
  }

  async #ask(
    need: HookNeed,
    about: JsonObject,
    { signal, turn, callId: id }: Occasion,
  ): Promise<{ word: HookWord; failure: string | null; report: HookReport }> {
    const { clock } = this.#place;
    const callId = id ?? null;
    const startedAt = clock.now();
    const event = { ...this.#eventOf(need, turn, startedAt), call_id: callId, ...about };
    const heard = await runHook(need, event, this.#place, { signal, access: accessOf(turn) });
    const word = wordOf(need, heard);
    const durationMs = clock.now() - startedAt;
    const hook = hookName(need).slice(0, MAX_NAME);
    const base: Pick<HookReport, 'point' | 'hook' | 'callId' | 'tool' | 'durationMs'> = {
      point: need.point,
      hook,
      callId,
      tool: null,
      durationMs,
    };
    if (typeof word === 'string') {
      const rest = need.onError === 'deny' ? 'so it stands for a no' : 'and what it was asked about goes on without it';
      const report: HookReport = { ...base, outcome: 'failed', reason: `${word} It failed, ${rest}.` };
      return { word: SILENCE, failure: word, report };
    }
    return { word, failure: null, report: { ...base, outcome: 'passed', reason: word.reason } };
  }

  #eventOf({ point }: HookNeed, turn: CallingTurn | undefined, at: number): JsonObject {
    const { run, runDir, agentId, alias, workspace } = this.#subject;
    return {
      hook: point,
      run,
      run_dir: runDir,
      agent_id: agentId,
      agent: alias,
      workspace,
      phase: turn?.kind ?? null,
      timestamp: new Date(at).toISOString(),
    };
  }

  async #tell({ asks, signal }: Occasion, report: HookReport): Promise<void> {
    // Of a turn that was interrupted only its end is written down.
    if (!signal.aborted) await asks?.noteHook?.(report);
  }
}

/** A sentence where the hook has failed. */
function wordOf(need: HookNeed, heard: Awaited<ReturnType<typeof runHook>>): HookWord | string {
  switch (heard.type) {
    case 'failed':
      return heard.reason;
    case 'refused':
      return { ...SILENCE, decision: 'deny', reason: heard.reason };
    case 'said': {
      const word = readWord(heard.word);
      if (typeof word === 'string') return sentence(word);
      const isMeant = need.point === 'pre_tool' || word.decision !== 'ask';
      return isMeant ? word : sentence('its "decision" is "ask", which only a hook before a tool may say.');
    }
  }
}
