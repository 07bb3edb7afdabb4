import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { CustomToolNeed, ToolPackNeeds } from '../../config/tool-needs.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { printableName } from '../files/file-desk.ts';

export interface FoundPacks {
  tools: CustomToolNeed[];
  /** What is left out and why, in sentences for people. */
  problems: string[];
}

export interface FindPacksOptions {
  needs: ToolPackNeeds;
  /** Where relative paths of the config start. */
  cwd: string;
  /** Where keys are; a pack gets those that it names. */
  environment: Readonly<Record<string, string | undefined>>;
}

const SHEET = 'TOOL.md';
const MAX_SHEET_BYTES = 64 * 1024;
const MODULES = new Set(['.py', '.js', '.mjs', '.ts', '.mts']);

/**
 * The tool packs of a folder: folders with modules and a `TOOL.md`, whose front matter says what the pack is called, which
 * keys it needs and whether it reaches the network. One that cannot be used is a problem, told by name. Never rejects.
 */
export async function findPacks({ needs, cwd, environment }: FindPacksOptions): Promise<FoundPacks> {
  const folder = resolve(cwd, needs.folder);
  const names = await readdir(folder).catch(() => null);
  if (names === null) {
    const problems = needs.isNamed ? [`There is no folder ${needs.folder} with tool packs.`] : [];
    return { tools: [], problems };
  }
  const found: FoundPacks = { tools: [], problems: [] };
  for (const name of names.toSorted()) {
    const pack = name.startsWith('.') ? null : await readPack(join(folder, name), name);
    if (pack === null) continue;
    const shown = printableName(pack.name);
    if (needs.excluded.some((each) => each === pack.name || each === name)) continue;
    const missing = pack.keys.filter((key) => !environment[key]);
    if (pack.fault !== null) found.problems.push(`The tool pack ${shown} is left out: ${pack.fault}.`);
    else if (missing.length > 0) {
      const keys = missing.map(printableName).join(', ');
      found.problems.push(`The tool pack ${shown} is left out: it needs ${keys}, which is not set.`);
    } else found.tools.push(...pack.modules.map((path) => needOf(pack, path, needs, environment)));
  }
  return found;
}

interface Pack {
  name: string;
  /** Why it cannot be used. */
  fault: string | null;
  /** Names of variables. */
  keys: string[];
  network: boolean;
  readOnly: boolean;
  timeoutMs: number | null;
  /** Absolute. */
  modules: string[];
}

/** Null for what is no pack. */
async function readPack(folder: string, name: string): Promise<Pack | null> {
  const sheet = join(folder, SHEET);
  const stats = await stat(sheet).catch(() => null);
  if (!stats?.isFile()) return null;
  const said = stats.size > MAX_SHEET_BYTES ? null : await frontMatter(await readFile(sheet, 'utf8').catch(() => ''));
  const { name: title, requires_api_keys: keys, network, read_only: readOnly, timeout } = said ?? {};
  const files = (await readdir(folder).catch((): string[] => [])).toSorted().filter(isModule);
  const fault =
    said === null
      ? `its ${SHEET} does not begin with a map between two lines of ---`
      : files.length === 0
        ? 'it has no module of Python, JavaScript or TypeScript'
        : null;
  return {
    name: typeof title === 'string' && title !== '' ? title : name,
    fault,
    keys: textsOf(keys),
    network: network === true,
    readOnly: readOnly === true,
    timeoutMs: typeof timeout === 'number' && timeout > 0 ? timeout * 1_000 : null,
    modules: files.map((file) => join(folder, file)),
  };
}

async function frontMatter(text: string): Promise<JsonObject | null> {
  const [, head] = /^---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/.exec(text) ?? [];
  if (head === undefined) return null;
  const { parse } = await import('yaml');
  try {
    const value = parse(head, { maxAliasCount: 0 }) as JsonValue;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Tests, types and what other modules share are no tools. */
function isModule(file: string): boolean {
  return MODULES.has(extname(file)) && !/^[._]|\.(test|spec)\.\w+$|\.d\.\w+$|^test_/.test(file);
}

function textsOf(value: JsonValue | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string' && each !== '') as string[];
}

function needOf(
  { keys, network, readOnly, timeoutMs }: Pack,
  path: string,
  { isDeferred }: ToolPackNeeds,
  environment: FindPacksOptions['environment'],
): CustomToolNeed {
  const env = Object.fromEntries(keys.map((key) => [key, environment[key] ?? '']));
  return {
    path,
    functions: null,
    fault: null,
    timeoutMs,
    env,
    network,
    readOnly,
    ...(isDeferred && { isDeferred }),
  };
}
