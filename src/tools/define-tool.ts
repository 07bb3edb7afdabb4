import type { JsonObject } from '../events/json.ts';
import type { PathArgument, Tool, ToolAnnotations, ToolContext } from './tool.ts';

/** Why a call could not be done, in a sentence for the model. Everything else that is thrown in a tool is a fault. */
export class ToolMistake extends Error {}

export interface ToolDefinition {
  name: string;
  description: string;
  properties: JsonObject;
  required: readonly string[];
  annotations?: Partial<Omit<ToolAnnotations, 'pathArguments'>>;
  pathArguments?: readonly PathArgument[];
  timeoutMs?: number;
  /** See Tool. */
  preview?(args: JsonObject, context: ToolContext): Promise<string>;
  /** The arguments fit `properties`. Throws a ToolMistake, or the system's error, for what cannot be done. */
  run(args: JsonObject, context: ToolContext): Promise<string>;
}

/** Makes a tool of this program's own: closed arguments, careful annotations, and failures as results. */
export function defineTool(definition: ToolDefinition): Tool {
  const { name, description, properties, required, timeoutMs } = definition;
  return {
    spec: {
      name,
      description,
      parameters: { type: 'object', properties, required: [...required], additionalProperties: false },
    },
    annotations: {
      readOnly: false,
      destructive: false,
      idempotent: false,
      openWorld: false,
      ...definition.annotations,
      pathArguments: definition.pathArguments ?? [],
    },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(definition.preview && {
      preview: (args, context) => definition.preview?.(args, context) ?? Promise.resolve(''),
    }),
    execute: async (args, context) => {
      try {
        return { output: await definition.run(args, context), isError: false };
      } catch (error) {
        return { output: sentenceOf(error), isError: true };
      }
    },
  };
}

const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is no folder.',
  EISDIR: 'It is a folder.',
  ELOOP: 'A part of the path is a link, or became one meanwhile.',
  EACCES: 'The system does not allow it.',
  EPERM: 'The system does not allow it.',
  ENOSPC: 'The disk is full.',
  ENAMETOOLONG: 'The name is too long.',
  ENOTEMPTY: 'The folder is not empty.',
  ENXIO: 'It is no ordinary file.',
};

/** System errors are told by their code: their own text holds paths that are none of the model's business. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed.';
  if (!('code' in error) || typeof error.code !== 'string') return error.message;
  return SYSTEM_ERRORS[error.code] ?? `The system refused it (${error.code}).`;
}

/** Reads of checked arguments; the schema has said that they have this type if they are there. */
export function textArg(args: JsonObject, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

export function numberArg(args: JsonObject, name: string, otherwise: number): number {
  const value = args[name];
  return typeof value === 'number' ? value : otherwise;
}
