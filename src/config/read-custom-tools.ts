import { isJsonObject, type JsonValue } from '../events/json.ts';
import { executionModeOf } from './read-docker-needs.ts';
import type { BackendConfig } from './schema/config.ts';
import type { CustomFunctionNeed, CustomToolNeed, ToolNeeds, ToolPackNeeds } from './tool-needs.ts';

type Entry = NonNullable<BackendConfig['custom_tools']>[number];

/** The tools of the user's own that a backend asks for, and where they run; null for none. */
export function customToolsOf(backend: BackendConfig): NonNullable<ToolNeeds['custom']> | null {
  const packs = packsOf(backend);
  if ((backend.custom_tools ?? []).length === 0 && packs === null) return null;
  return {
    mode: executionModeOf(backend),
    tools: (backend.custom_tools ?? []).map((entry) => customToolOf(entry, backend)),
    ...(packs && { packs }),
  };
}

/** Where packs lie that no config names. */
const PACKS_FOLDER = '.massgen/tools';

/** Null for a backend that asks for no packs. */
function packsOf(backend: BackendConfig): ToolPackNeeds | null {
  const { custom_tools_path: path, auto_discover_custom_tools: isWanted, exclude_custom_tools: excluded } = backend;
  if (!(isWanted ?? path !== undefined)) return null;
  const isDeferred = backend.enable_tool_search === true;
  return { folder: path ?? PACKS_FOLDER, isNamed: path !== undefined, excluded: excluded ?? [], isDeferred };
}

function customToolOf(entry: Entry, { enable_tool_search: isSearched }: BackendConfig): CustomToolNeed {
  const functions = entry.function === undefined ? null : [entry.function].flat();
  const isDeferred = isSearched === true && entry.defer_loading !== false;
  return {
    path: entry.path ?? null,
    functions: functions?.map((name, index) => functionOf(entry, name, index)) ?? null,
    fault: faultOf(entry, functions),
    timeoutMs: entry.timeout === undefined ? null : entry.timeout * 1_000,
    env: entry.env ?? {},
    network: entry.network ?? false,
    readOnly: entry.read_only ?? false,
    ...(isDeferred && { isDeferred }),
    ...(entry.strict === false && { isLoose: true }),
  };
}

function functionOf(entry: Entry, name: string, index: number): CustomFunctionNeed {
  const preset = at(entry.preset_args, index);
  return {
    function: name,
    // One name or description of several functions cannot tell them apart.
    name: Array.isArray(entry.function) && typeof entry.name === 'string' ? null : textAt(entry.name, index),
    description: textAt(entry.description, index),
    preset: preset !== undefined && isJsonObject(preset) ? preset : {},
  };
}

/** A list has one entry for each function, anything else is for all of them. */
function at(value: JsonValue | undefined, index: number): JsonValue | undefined {
  return Array.isArray(value) ? value[index] : value;
}

function textAt(value: string | string[] | undefined, index: number): string | null {
  return (Array.isArray(value) ? value[index] : value) ?? null;
}

function faultOf(entry: Entry, functions: string[] | null): string | null {
  if (entry.path === undefined) return `names no path, and functions that are built into MassGen are not there`;
  for (const key of ['name', 'description', 'preset_args'] as const) {
    const list: JsonValue | undefined = entry[key];
    if (Array.isArray(list) && list.length !== (functions?.length ?? 0))
      return `has ${list.length} entries of ${key} for ${functions?.length ?? 0} functions`;
  }
  return null;
}

/** For messages: which entry of the config is meant. */
export function nameOfCustomTool({ path, functions }: CustomToolNeed): string {
  return functions?.map((each) => each.function).join(', ') ?? path ?? 'custom tool';
}
