import { isAbsolute } from 'node:path';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { pathsIn } from '../path-arguments.ts';
import { DEFAULT_TOOL_TIMEOUT_MS } from '../tool-rules.ts';
import type { PathArgument, Tool, ToolAnnotations, ToolContext, ToolResult } from '../tool.ts';
import { pathArgumentsOf } from './path-names.ts';
import { plainJson } from './plain-json.ts';
import type { ShelfTool } from './server-shelf.ts';
import { mcpToolName } from './tool-names.ts';

const MAX_DESCRIPTION = 4_000;

/** Whether the config wants a tool; `name` is the server's own. Configs may name it as models do, with its server, too. */
export function isWanted(
  { name: server, allowedTools, excludedTools }: Pick<McpServerNeed, 'name' | 'allowedTools' | 'excludedTools'>,
  name: string,
): boolean {
  const forms = [name, mcpToolName(server, name), `mcp__${server}__${name}`];
  const isIn = (names: readonly string[]): boolean => forms.some((form) => names.includes(form));
  return (allowedTools === null || isIn(allowedTools)) && !isIn(excludedTools);
}

type Run = (args: JsonObject, context: ToolContext, annotations: ToolAnnotations) => Promise<ToolResult>;

/** A tool of a server as the agent has it; `run` calls it. */
export function serverTool(need: McpServerNeed, listed: ListedTool, run: Run): Tool {
  const { $schema: _, ...parameters } = plainJson(listed.inputSchema);
  const annotations = annotationsOf(listed, parameters, need.transport.type === 'stdio');
  const { description = '' } = listed;
  const spec = {
    description: description.slice(0, MAX_DESCRIPTION).toWellFormed(),
    parameters: { ...parameters, type: 'object' },
    ...(need.isLoose === true && { strict: false as const }),
  };
  return toolOf(need, listed.name, spec, annotations, async (args, context) => {
    const fault = need.isShared === true ? pathFault(args, annotations.pathArguments) : null;
    return fault === null ? run(args, context, annotations) : { output: fault, isError: true };
  });
}

/** A tool that reaches what a server has beside its tools, likewise. */
export function shelfToolOf(need: McpServerNeed, { name, description, parameters }: ShelfTool, run: Run): Tool {
  const annotations = { readOnly: true, destructive: false, idempotent: true, openWorld: true, pathArguments: [] };
  return toolOf(need, name, { description, parameters }, annotations, (args, context) =>
    run(args, context, annotations),
  );
}

function toolOf(
  { name: server, isDeferred, timeoutMs }: McpServerNeed,
  tool: string,
  spec: Omit<ToolSpec, 'name'>,
  annotations: ToolAnnotations,
  execute: Tool['execute'],
): Tool {
  return {
    spec: {
      name: mcpToolName(server, tool),
      ...spec,
      ...(isDeferred === true && { isDeferred: true as const }),
      isForCode: true,
    },
    origin: { server, tool },
    annotations,
    timeoutMs: timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
    execute,
  };
}

/** A tool as its server tells it. */
export interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: object;
  annotations?:
    | {
        readOnlyHint?: boolean | undefined;
        destructiveHint?: boolean | undefined;
        idempotentHint?: boolean | undefined;
        openWorldHint?: boolean | undefined;
      }
    | undefined;
}

/** What a server does not say counts as the worse case, as the protocol has it. */
function annotationsOf({ name, annotations }: ListedTool, parameters: JsonObject, isLocal: boolean): ToolAnnotations {
  const readOnly = annotations?.readOnlyHint ?? false;
  return {
    readOnly,
    destructive: !readOnly && (annotations?.destructiveHint ?? true),
    idempotent: annotations?.idempotentHint ?? false,
    openWorld: annotations?.openWorldHint ?? true,
    pathArguments: isLocal ? pathArgumentsOf(name, parameters, readOnly) : [],
  };
}

/** A shared server does not know whose folder a relative path would start in. */
function pathFault(args: JsonObject, named: readonly PathArgument[]): string | null {
  const relative = pathsIn(args, named).find(({ path }) => !isAbsolute(path));
  return relative ? `Write the path in full: ${JSON.stringify(relative.path)} does not begin with a slash.` : null;
}
