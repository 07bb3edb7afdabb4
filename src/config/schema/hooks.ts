import * as z from 'zod';
import { flag, opt, positive, text, textMap } from './key.ts';

/** What is run, and how long it may take. */
const program = {
  command: opt(
    z.union([text.min(1), z.array(text).min(1)]),
    'Program to run: a line for `/bin/sh`, or a list of words. It reads JSON and may write JSON: see hooks.md.',
  ),
  module: opt(text.min(1), 'File with a function to call, in JavaScript, TypeScript or Python.'),
  function: opt(text.min(1), 'Name of the function in `module`; `hook`, or what is exported by default, if left out.'),
  handler: opt(text, 'Function in Python by its import path, such as `my_hooks.check`; MassGen’s way of naming one.'),
  type: opt(z.enum(['python']), 'Accepted; a `handler` always is.', 'inert'),
  timeout: opt(positive, 'Seconds that it may take; 30 if left out.'),
  env: opt(textMap, 'Variables that it gets; no others of yours reach it but `PATH`, `HOME` and the like.'),
};

/** What becomes of what was asked about when the hook itself fails. */
const policy = {
  on_error: opt(
    z.enum(['allow', 'deny']),
    'What a hook that fails stands for; `deny` for `pre_tool` and `allow` for all others if left out.',
  ),
  fail_closed: opt(flag, 'MassGen’s word for `on_error`: true is `deny`, false `allow`.'),
  where: opt(
    z.enum(['host', 'agent']),
    'Runs on your machine, in the folder where massgen was started (`host`, if left out), or where the agent’s commands run, in its workspace (`agent`).',
  ),
};

const tools = {
  matcher: opt(text.min(1), 'Globs over names of tools, with `|` between them; all tools if left out.'),
};

const toolHook = checked(z.object({ ...program, ...policy, ...tools }));
const handInHook = checked(z.object({ ...program, ...policy }));
const endHook = checked(z.object(program));

interface Written {
  command?: unknown;
  module?: unknown;
  handler?: unknown;
  function?: unknown;
  env?: unknown;
  where?: unknown;
}

function checked<T extends z.ZodType<Written>>(schema: T): T {
  return schema.superRefine((hook, context) => {
    const named = [hook.command, hook.module, hook.handler].filter((each) => each !== undefined);
    const problem = (message: string): void => context.addIssue({ code: 'custom', message });
    if (named.length !== 1) problem('A hook has exactly one of "command", "module" and "handler".');
    else if (hook.function !== undefined && hook.module === undefined) problem('"function" belongs to a "module".');
    else if (typeof hook.handler === 'string' && !/^\w+(\.\w+)+$/.test(hook.handler))
      problem('A "handler" is a module and a function in it, such as my_hooks.check.');
    else if (hook.where === 'agent' && hook.env !== undefined)
      problem('"env" is for hooks on your own machine: an agent could see it where its commands run.');
  });
}

function listOf<T extends z.ZodType>(entry: T): z.ZodUnion<[z.ZodArray<T>, z.ZodType]> {
  const replacing = z.object({
    override: opt(flag, 'True puts these hooks in the place of those of the whole team.'),
    hooks: opt(z.array(entry), 'The hooks.'),
  });
  return z.union([z.array(entry), replacing]);
}

const agentPoints = {
  pre_tool: opt(listOf(toolHook), 'Before a tool is called: they may allow, deny or ask, and change the arguments.'),
  post_tool: opt(
    listOf(toolHook),
    'After a tool was called: they may replace its output, or add to it. Keys of `hooks.pre_tool`.',
  ),
  answer: opt(listOf(handInHook), 'When an agent hands in an answer: they may refuse it.'),
  vote: opt(listOf(handInHook), 'When an agent votes: they may refuse it. Keys of `hooks.answer`.'),
  PreToolUse: opt(listOf(toolHook), 'MassGen’s name of `pre_tool`.'),
  PostToolUse: opt(listOf(toolHook), 'MassGen’s name of `post_tool`.'),
};

/** Programs of the user's that are asked, or told, when something happens to an agent. */
export const agentHooks = z.object(agentPoints);

/** The same for all agents, and what is told of the run as a whole. */
export const hooks = z.object({
  ...agentPoints,
  run_end: opt(z.array(endHook), 'When the run has ended: they are told, and change nothing.'),
});

export type AgentHooksConfig = z.output<typeof agentHooks>;
export type HookConfig = z.output<typeof toolHook>;
