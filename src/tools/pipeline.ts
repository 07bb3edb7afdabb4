import type { JsonObject } from '../events/json.ts';
import { messageOf } from '../platform/errors.ts';
import { findArgumentFaults } from './check-arguments.ts';
import { capOutput } from './cap-output.ts';
import { pathsIn } from './path-arguments.ts';
import { holdBack } from './planning.ts';
import { UNKNOWN_TOOL, type Tool, type ToolContext, type ToolResult } from './tool.ts';
import type { CheckedCall, ToolRules, Verdict } from './tool-rules.ts';

/**
 * Runs one call of one tool. The only way to a tool, whoever made it and whatever model calls it: check the arguments,
 * fill in the presets (which win), let hooks deny or change it, check the paths, hold back what has to wait, ask for
 * leave, run with a time limit, let hooks look at the output, cut a long one. Never throws; a call that is refused or goes wrong is a result with `isError` that says why. A
 * rule that fails denies.
 */
export async function runToolCall(
  tool: Tool,
  given: JsonObject,
  rules: ToolRules,
  context: ToolContext,
): Promise<ToolResult> {
  try {
    const asked = checkedCall(tool, given, context);
    if (typeof asked === 'string') return held(`The arguments of ${tool.spec.name} are wrong: ${asked}`);
    const hooked = await throughHooks(asked, rules, context);
    if (typeof hooked === 'string') return held(`${tool.spec.name} was not run: ${hooked}`);
    const plan = await holdBack(hooked, context);
    if (plan && !plan.verdict.isAllowed) return held(`${tool.spec.name} was not run: ${plan.verdict.reason}`);
    const call = await findLeave(hooked, rules, context);
    if (typeof call === 'string') return held(`${tool.spec.name} was not run: ${call}`);
    const paths = pathsIn(call.args, call.annotations.pathArguments);
    if (context.callId !== undefined) await context.asks?.release?.(context.callId);
    if (plan) await context.asks?.actions?.begin(plan.key);
    const result = await runLimited(call, rules, context);
    if (plan) await context.asks?.actions?.end(plan.key, result.isError);
    if (!result.isError) for (const { path, use } of paths) await rules.notePath?.(call, path, use);
    const told = (await rules.hooks?.after(call, result, context)) ?? result;
    const note = call.isUsers
      ? `The user has changed this call before it ran. Its arguments: ${JSON.stringify(call.args)}\n\n`
      : '';
    return { ...told, output: await capOutput(`${note}${told.output}`, tool.spec.name, rules) };
  } catch (error) {
    return refusal(`${tool.spec.name} failed: ${messageOf(error)}`);
  }
}

/** A sentence where the arguments are wrong. */
function checkedCall(tool: Tool, given: JsonObject, { turn }: ToolContext): CheckedCall | string {
  const seen = withoutPresets(tool, given);
  const faults = findArgumentFaults(tool.spec.parameters, seen);
  if (faults.length > 0) return faults.join(' ');
  return { tool, annotations: tool.annotations ?? UNKNOWN_TOOL, args: { ...seen, ...tool.preset }, turn };
}

/** The call as it goes on after the hooks, checked like any other; a sentence where it does not. */
async function throughHooks(
  call: CheckedCall,
  { hooks }: ToolRules,
  context: ToolContext,
): Promise<CheckedCall | string> {
  if (!hooks) return call;
  const word = await hooks.before(call, context);
  if (!word.isAllowed) return word.reason;
  const next = word.args === null ? call : checkedCall(call.tool, word.args, context);
  if (typeof next === 'string') return `A hook has made its arguments wrong: ${next}`;
  return word.leave === null ? next : { ...next, hook: word.leave };
}

/** What the model sends for a preset argument does not count, not even as a fault. */
function withoutPresets(tool: Tool, given: JsonObject): JsonObject {
  if (!tool.preset) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(tool.preset ?? {}, name)));
}

/**
 * The call as it may run; a sentence where it may not. What the user makes of it goes through the hooks and every rule
 * like a call of the model; nobody is asked about it again, unless a hook has changed it once more.
 */
async function findLeave(call: CheckedCall, rules: ToolRules, context: ToolContext): Promise<CheckedCall | string> {
  for (const { path, use } of pathsIn(call.args, call.annotations.pathArguments)) {
    if (!rules.checkPath) break;
    const verdict = await verdictOf(rules.checkPath(path, use, call.turn, call.tool), 'The path could not be checked.');
    if (!verdict.isAllowed) return verdict.reason;
  }
  if (rules.plan) {
    const { plan } = rules;
    const verdict = await verdictOf((async () => plan(call))(), 'It could not be found out whether it has to wait.');
    if (!verdict.isAllowed) return verdict.reason;
  }
  if (!rules.approve) return call;
  const verdict = await verdictOf(rules.approve(call, context), 'Nobody could be asked for leave.');
  if (!verdict.isAllowed) return verdict.reason;
  if (!verdict.args) return call;
  const edited = checkedCall(call.tool, verdict.args, context);
  if (typeof edited === 'string') return `The user has made its arguments wrong: ${edited}`;
  const hooked = await throughHooks({ ...edited, isUsers: true }, rules, context);
  return typeof hooked === 'string' ? hooked : findLeave(hooked, rules, context);
}

function verdictOf(verdict: Promise<Verdict>, otherwise: string): Promise<Verdict> {
  return verdict.catch((): Verdict => ({ isAllowed: false, reason: otherwise }));
}

/** Ends with the tool, at its time limit, or when the turn is interrupted; the tool is told to stop in both cases. */
async function runLimited(call: CheckedCall, rules: ToolRules, context: ToolContext): Promise<ToolResult> {
  const { tool, args } = call;
  const timeoutMs = tool.timeoutMs ?? rules.timeoutMs;
  const stop = new AbortController();
  const early = Promise.withResolvers<ToolResult>();
  const onAbort = (): void => {
    early.resolve(refusal('Interrupted before it ended.'));
    stop.abort(context.signal.reason);
  };
  const cancelTimer = rules.clock.after(timeoutMs, () => {
    early.resolve(refusal(`${tool.spec.name} did not end within ${timeoutMs / 1000} seconds and was stopped.`));
    stop.abort(new Error('The tool took too long.'));
  });
  context.signal.addEventListener('abort', onAbort, { once: true });
  if (context.signal.aborted) onAbort();
  try {
    if (stop.signal.aborted) return await early.promise;
    const running = tool.execute(args, { ...context, signal: stop.signal });
    return await Promise.race([running, early.promise]);
  } finally {
    cancelTimer();
    context.signal.removeEventListener('abort', onAbort);
  }
}

/** Of a call that was not made. */
function held(output: string): ToolResult {
  return { output, isError: true, isHeld: true };
}

function refusal(output: string): ToolResult {
  return { output, isError: true };
}
