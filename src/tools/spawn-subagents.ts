import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import type { RunOutcome } from '../events/event.ts';
import type { Tool, ToolAnnotations, ToolResult } from './tool.ts';

export const SPAWN_SUBAGENTS = 'spawn_subagents';

/** What came of one part; `status` is `working` for one that goes on. */
export interface PartResult {
  subagent: string;
  status: 'working' | RunOutcome;
  /** Its answer; empty where there is none. */
  text: string;
  /** Why there is none, or not the whole one. */
  reason: string;
  /** Folder with its files that the agent can read; null where there are none. */
  files: string | null;
}

/** What one subagent is to do, in the role of that name; absent is none. */
export interface PartTask {
  task: string;
  kind?: string;
}

/** Who has the parts done. */
export interface PartDesk {
  /**
   * Has one subagent work on each task, or goes on with those that this call had begun before a crash. Resolves with
   * why none was started, or with their names; `isDetached` as it was when they were begun.
   */
  start(
    callId: string,
    tasks: readonly PartTask[],
    isDetached: boolean,
  ): Promise<{ refused: string } | { names: string[]; isDetached: boolean }>;
  /** Resolves when all of them are done, or the signal is aborted; all of the agent's if no names are given. */
  wait(names: readonly string[] | null, signal: AbortSignal): Promise<PartResult[]>;
  /** Stops them; resolves when they have stopped. */
  stop(names: readonly string[] | null): Promise<PartResult[]>;
}

/** Longest call: the parts have time limits of their own. */
const NO_LIMIT_MS = 2_147_483_647;
const MAX_TASK_CHARS = 20_000;
/** Each part's text in a result; the whole of a long one is in the part's own log. */
const MAX_TEXT_CHARS = 20_000;

const ANNOTATIONS: ToolAnnotations = {
  readOnly: true,
  destructive: false,
  idempotent: true,
  openWorld: false,
  pathArguments: [],
};

const NAMES: JsonObject = {
  type: 'array',
  items: { type: 'string' },
  description: 'Names of the subagents; all that you have started if left out.',
};

/** The roles that a subagent may be given. */
function kindArgument(kinds: Readonly<Record<string, string>>): Record<string, JsonObject> {
  const names = Object.keys(kinds);
  if (names.length === 0) return {};
  const lines = Object.entries(kinds).map(([name, text]) => (text === '' ? name : `${name}: ${text.slice(0, 200)}`));
  const description = `Its role, if one of these fits; none if left out.\n${lines.join('\n')}`;
  return { subagent_type: { type: 'string', enum: names, description } };
}

/** The tools with which an agent has others work on parts for it. They are not offered to those. */
export function subagentTools(desk: PartDesk, maxAtOnce: number, kinds: Readonly<Record<string, string>> = {}): Tool[] {
  return [
    {
      spec: {
        name: SPAWN_SUBAGENTS,
        description: `Have parts of your work done by subagents: each works on one task alone, knows nothing but the text of its task, can read your workspace, has one of its own, and gives back one answer. Up to ${maxAtOnce} work at the same time. Use it for parts that do not depend on each other.`,
        parameters: {
          type: 'object',
          properties: {
            tasks: {
              type: 'array',
              minItems: 1,
              description: 'One for each subagent.',
              items: {
                type: 'object',
                properties: {
                  task: { type: 'string', description: 'What is to be done, complete on its own.' },
                  ...kindArgument(kinds),
                },
                required: ['task'],
                additionalProperties: false,
              },
            },
            background: {
              type: 'boolean',
              description:
                'True: go on at once; their answers are told to you while you work, or by wait_for_subagents. Those not done when you hand in are stopped. False if left out: wait for all answers.',
            },
          },
          required: ['tasks'],
          additionalProperties: false,
        },
      },
      annotations: ANNOTATIONS,
      timeoutMs: NO_LIMIT_MS,
      goesOn: true,
      execute: (args, { callId = '', signal }) => spawn(desk, args, callId, signal),
    },
    {
      spec: {
        name: 'wait_for_subagents',
        description: 'Wait until subagents that you have started in the background are done, and get their answers.',
        parameters: { type: 'object', properties: { subagents: NAMES }, additionalProperties: false },
      },
      annotations: ANNOTATIONS,
      timeoutMs: NO_LIMIT_MS,
      goesOn: true,
      execute: async (args, { signal }) => told('done', await desk.wait(namesIn(args['subagents']), signal)),
    },
    {
      spec: {
        name: 'stop_subagents',
        description: 'Stop subagents that you no longer need.',
        parameters: { type: 'object', properties: { subagents: NAMES }, additionalProperties: false },
      },
      annotations: ANNOTATIONS,
      timeoutMs: NO_LIMIT_MS,
      goesOn: true,
      execute: async (args) => told('stopped', await desk.stop(namesIn(args['subagents']))),
    },
  ];
}

async function spawn(desk: PartDesk, args: JsonObject, callId: string, signal: AbortSignal): Promise<ToolResult> {
  const tasks = tasksIn(args['tasks']);
  if (tasks.length === 0) return refused('There is no task.');
  if (tasks.some(({ task }) => task === '')) return refused('A task is empty.');
  if (tasks.some(({ task }) => task.length > MAX_TASK_CHARS)) {
    return refused(
      `A task has more than ${MAX_TASK_CHARS} characters; put what it needs into a file of your workspace.`,
    );
  }
  const begun = await desk.start(callId, tasks, args['background'] === true);
  if ('refused' in begun) return refused(begun.refused);
  if (!begun.isDetached) return told('done', await desk.wait(begun.names, signal));
  const note = 'They work now. Go on; what they come to is told to you.';
  return { output: JSON.stringify({ status: 'started', note, subagents: begun.names }), isError: false };
}

function tasksIn(value: JsonValue | undefined): PartTask[] {
  const list = Array.isArray(value) ? value.filter(isJsonObject) : [];
  return list.map(({ task, subagent_type: kind }) => ({
    task: typeof task === 'string' ? task.trim() : '',
    ...(typeof kind === 'string' && { kind }),
  }));
}

function namesIn(value: JsonValue | undefined): string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.filter((each) => typeof each === 'string');
}

function refused(reason: string): ToolResult {
  return { output: `${reason} No subagent was started.`, isError: true };
}

/** What they say stands in JSON strings, so that it cannot pass for anything else. */
function told(status: string, results: readonly PartResult[]): ToolResult {
  const subagents = results.map(({ subagent, status: outcome, text, reason, files }) => ({
    subagent,
    outcome,
    ...(text !== '' && { answer: cut(text) }),
    ...(reason !== '' && { reason }),
    ...(files !== null && { files }),
  }));
  return { output: JSON.stringify({ status, subagents }), isError: false };
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_CHARS ? text : `${text.slice(0, MAX_TEXT_CHARS).toWellFormed()} … (cut)`;
}
