import { isAbsolute, relative } from 'node:path';
import type { Risk } from '../../events/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { pathsIn } from '../path-arguments.ts';
import type { PathUse, ToolAnnotations } from '../tool.ts';
import type { CheckedCall } from '../tool-rules.ts';

/** What a call is used on. */
export type UseTarget =
  | { kind: 'command'; text: string }
  /** `written` is what the model wrote; `places` where it really leads, as absolute path and from the workspace on. */
  | { kind: 'path'; written: string; places: string[]; use: PathUse }
  | { kind: 'text'; text: string };

/** A call as rules and people see it. */
export interface CallUse {
  tool: string;
  /** Every name that a rule may call the tool by. The last one is the bare name, without its server. */
  names: string[];
  action: string;
  target: string;
  targets: UseTarget[];
  risk: Risk;
  readOnly: boolean;
  openWorld: boolean;
  /** It changes nothing but what belongs to the agent, or was given to it to change. */
  isConfined: boolean;
}

/** Finds out where a path leads; null where that is not known. Never rejects. */
export type FindPlace = (path: string) => Promise<string | null>;

/** Arguments that hold commands, and names of tools that run them. Whatever server a tool is from, and whatever it is called. */
const COMMAND_ARGUMENT = /^(shell_?)?(commands?|cmd|cmdline|command_?line|script|bash|shell|argv)$/i;
const COMMAND_TOOL = /(^|_)(bash|shell|sh|exec|execute|terminal|run_command|execute_command|run_shell\w*)$/i;
const PATH_ARGUMENT =
  /^(\w+_)?(path|paths|file|files|filename|file_?path|dir|directory|folder|destination|dest|source)$/i;
const ADDRESS_ARGUMENT = /^(url|uri|href|link)$/i;

/** Describes a call. `findPlace` is for an agent with files. */
export async function describeUse(call: CheckedCall, workspace: string | null, findPlace: FindPlace): Promise<CallUse> {
  const { tool, annotations, args } = call;
  const { readOnly, openWorld } = annotations;
  const targets = await targetsOf(call, workspace, findPlace);
  const isForeign = tool.origin !== undefined;
  return {
    tool: tool.spec.name,
    names: namesOf(tool.spec.name, tool.origin),
    action: tool.spec.name,
    target: shownTarget(targets, args),
    targets,
    risk: riskOf(annotations, isForeign),
    readOnly,
    openWorld,
    isConfined: !openWorld && !isForeign,
  };
}

export function namesOf(name: string, origin?: { server: string; tool: string }): string[] {
  if (origin) return [name, `mcp__${origin.server}__${origin.tool}`, origin.tool];
  const bare = name.replace(/^(mcp__.+?__|custom_tool__)/, '');
  return bare === name ? [name] : [name, bare];
}

/** What a tool of somebody else says of itself lowers its risk only as far as it says that it just reads. */
export function riskOf({ readOnly, destructive, openWorld }: ToolAnnotations, isForeign: boolean): Risk {
  if (readOnly) return 'low';
  if (!openWorld && !isForeign) return destructive ? 'medium' : 'low';
  return destructive ? 'high' : 'medium';
}

async function targetsOf(
  { tool, annotations, args }: CheckedCall,
  workspace: string | null,
  findPlace: FindPlace,
): Promise<UseTarget[]> {
  const runsAnyText = COMMAND_TOOL.test(tool.spec.name) || COMMAND_TOOL.test(tool.origin?.tool ?? '');
  const commands = annotations.readOnly ? [] : commandsIn(args, runsAnyText);
  const declared = pathsIn(args, annotations.pathArguments);
  const use = annotations.readOnly ? 'read' : 'write';
  const guessed = annotations.pathArguments.some(({ isAddress }) => !isAddress)
    ? []
    : textsNamed(args, PATH_ARGUMENT).map((path) => ({ path, use }) as const);
  const paths = await Promise.all(
    (commands.length > 0 ? [] : [...declared, ...guessed]).map(async (named): Promise<UseTarget> => {
      const found = await findPlace(named.path);
      return { kind: 'path', written: named.path, places: placesOf(found ?? named.path, workspace), use: named.use };
    }),
  );
  const all = [...commands.map((text): UseTarget => ({ kind: 'command', text })), ...paths];
  if (all.length > 0) return all;
  const addresses = textsNamed(args, ADDRESS_ARGUMENT);
  const texts = addresses.length > 0 ? addresses : Object.keys(args).length > 0 ? [JSON.stringify(args)] : [];
  return texts.map((text) => ({ kind: 'text', text }));
}

function placesOf(path: string, workspace: string | null): string[] {
  if (workspace === null || !isAbsolute(path)) return [path];
  const inside = relative(workspace, path);
  return inside.startsWith('..') || isAbsolute(inside) ? [path] : [path, inside === '' ? '.' : inside];
}

/** Word for word what a person decides on. */
function shownTarget(targets: readonly UseTarget[], args: JsonObject): string {
  const commands = targets.flatMap((target) => (target.kind === 'command' ? [target.text] : []));
  if (commands.length > 0) return commands.join('\n');
  const paths = targets.flatMap((target) => (target.kind === 'path' ? [target.places[0] ?? target.written] : []));
  if (paths.length > 0) return paths.join('\n');
  const texts = targets.flatMap((target) => (target.kind === 'text' ? [target.text] : []));
  return texts.length > 0 ? texts.join('\n') : Object.keys(args).length > 0 ? JSON.stringify(args) : '';
}

/** A list of words is one command, as programs are started with it. */
function commandsIn(value: JsonValue, isAny: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => (typeof each === 'string' ? [] : commandsIn(each, isAny)));
  if (!isJsonObject(value)) return [];
  const names = Object.keys(value);
  const program = ['command', 'cmd', 'program'].map((name) => value[name]).find((each) => typeof each === 'string');
  const more = value['args'] ?? value['arguments'];
  if (program !== undefined && isWords(more)) {
    return [`${program} ${more.map(quoted).join(' ')}`];
  }
  return names.flatMap((name) => {
    const each = value[name] ?? null;
    const isCommand = isAny || COMMAND_ARGUMENT.test(name);
    if (typeof each === 'string') return isCommand && !/^(work_?dir|cwd)$/i.test(name) ? [each] : [];
    if (isWords(each)) return isCommand ? [each.map(quoted).join(' '), ...each.filter((word) => /\s/.test(word))] : [];
    return commandsIn(each, isAny);
  });
}

function isWords(value: JsonValue | undefined): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}

/** A word as it stands in a line for a shell. */
export function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function textsNamed(value: JsonValue, name: RegExp): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => textsNamed(each, name));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (!name.test(key)) return textsNamed(each, name);
    return typeof each === 'string'
      ? [each]
      : Array.isArray(each)
        ? each.filter((one) => typeof one === 'string')
        : textsNamed(each, name);
  });
}
