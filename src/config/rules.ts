import { isReached } from '../coordination/reach.ts';
import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { BackendType, Capability } from './catalogue.ts';
import { BACKEND_TYPE_NAMES, findBackendType } from './catalogue.ts';
import type { Finding } from './finding.ts';
import { findTypeOfModel } from './infer-type.ts';
import { findMcpFaults } from './mcp-rules.ts';
import type { KeyPath } from './problem.ts';
import type { Protocol } from './team.ts';
import { agentsOf, mapsAt } from './value-at.ts';

/**
 * What must hold between keys; the schema looks at one value at a time. Reads whatever is there, fitting or not.
 * Messages quote no values: any of them may have come out of a variable.
 */
export function applyRules(root: JsonObject): Finding[] {
  const agents = agentsOf(root);
  return [
    ...checkRoot(root),
    ...checkIds(agents),
    ...agents.flatMap(({ path, map }) => checkAgent(path, map)),
    ...checkWorkspaces(agents),
    ...checkSubtasks(root, agents),
  ];
}

function error(path: KeyPath, message: string, suggestion?: string, at: 'key' | 'value' = 'key'): Finding {
  const finding: Finding = { severity: 'error', path, at, message };
  return suggestion === undefined ? finding : { ...finding, suggestion };
}

function warning(path: KeyPath, message: string, suggestion?: string): Finding {
  return { ...error(path, message, suggestion), severity: 'warning' };
}

function checkRoot(root: JsonObject): Finding[] {
  const hasList = Object.hasOwn(root, 'agents');
  if (hasList && Object.hasOwn(root, 'agent')) {
    return [error([], 'The file has both agents and agent.', 'Keep one of the two.')];
  }
  if (hasList || Object.hasOwn(root, 'agent')) return [];
  return [error([], 'The file names no agents.', 'Add agents: with a list of agents, each with id and backend.')];
}

function checkIds(agents: { path: KeyPath; map: JsonObject }[]): Finding[] {
  const seen = new Set<string>();
  return agents.flatMap(({ path, map }) => {
    const id = map['id'];
    if (typeof id !== 'string' && typeof id !== 'number') return [];
    const isNew = !seen.has(String(id));
    seen.add(String(id));
    const message = 'An agent before has this id already.';
    return isNew ? [] : [error([...path, 'id'], message, 'Give every agent an id of its own.', 'value')];
  });
}

/** Either everybody's part is said, or nobody's; and parts build on parts that are there, and never in a circle. */
function checkSubtasks(root: JsonObject, agents: { path: KeyPath; map: JsonObject }[]): Finding[] {
  const withPart = agents.filter(({ map }) => Object.hasOwn(map, 'subtask'));
  const findings = checkNeeds(agents);
  const [first] = withPart;
  if (!first) return findings;
  if (withPart.length < agents.length) {
    const without = agents.filter(({ map }) => !Object.hasOwn(map, 'subtask'));
    const message = 'This agent has no subtask, while others have one.';
    return [...findings, ...without.map(({ path }) => error(path, message, 'Give every agent a subtask, or none.'))];
  }
  const orchestrator = isJsonObject(root['orchestrator']) ? root['orchestrator'] : {};
  if (Object.hasOwn(orchestrator, 'coordination_mode')) return findings;
  const message = 'Parts of the work are given out only in decomposition; all agents work on the whole question.';
  const suggestion = 'Add coordination_mode: decomposition to orchestrator.';
  return [...findings, warning([...first.path, 'subtask'], message, suggestion)];
}

/** What parts build on. Each need that closes a circle with those before it is one too many. */
function checkNeeds(agents: { path: KeyPath; map: JsonObject }[]): Finding[] {
  const ids = new Set(agents.map(({ map }) => nameIn(map['id'])));
  const known = new Map<string | null, (string | null)[]>();
  return agents.flatMap(({ path, map }) => {
    const self = nameIn(map['id']);
    const names = Array.isArray(map['depends_on']) ? map['depends_on'].map(nameIn) : [];
    return names.flatMap((name, index) => {
      const at = [...path, 'depends_on', index];
      if (!ids.has(name) || name === self)
        return [error(at, 'This is no other agent of the file.', undefined, 'value')];
      if (isReached(name, self, known))
        return [error(at, 'This closes a circle of agents that would wait for each other.', undefined, 'value')];
      known.set(self, [...(known.get(self) ?? []), name]);
      return [];
    });
  });
}

/** An id as it is compared; other values are no id. */
function nameIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function checkAgent(path: KeyPath, agent: JsonObject): Finding[] {
  const findings: Finding[] = [];
  if (Object.hasOwn(agent, 'append_system_prompt')) {
    const message = 'The key append_system_prompt has no effect.';
    findings.push(warning([...path, 'append_system_prompt'], message, 'Add its text to system_message.'));
  }
  const backend = agent['backend'];
  if (isJsonObject(backend)) findings.push(...checkBackend([...path, 'backend'], backend));
  return findings;
}

function checkBackend(path: KeyPath, backend: JsonObject): Finding[] {
  const findings = checkSystemPrompts(path, backend);
  findings.push(...checkTools(path, backend), ...checkUploads(path, backend), ...checkKey(path, backend));
  const type = typeOf(path, backend, findings);
  if (type === null) return findings;
  const needs = type.protocol === null ? undefined : AGENT_NEEDS[type.protocol];
  if (needs && !needs.some((key) => Object.hasOwn(backend, key))) {
    const message = `The type ${type.type} needs ${needs.join(' or ')}.`;
    findings.push(error(path, message, `Add ${needs[0]} to this backend.`));
  } else if (!needs && type.defaultModel === null && !Object.hasOwn(backend, 'model') && type.type !== 'ag2') {
    const message = `The type ${type.type} has no usual model.`;
    findings.push(error(path, message, 'Add model: NAME to this backend.'));
  }
  findings.push(...checkCapabilities(path, backend, type), ...checkAg2(path, backend, type));
  if (type.type === 'scripted' && !Object.hasOwn(backend, 'script')) {
    findings.push(error(path, 'A scripted agent needs a script.', 'Add script: FILE, or the script itself.'));
  }
  return findings;
}

/** The keys that name an agent that is no model endpoint, one of which is needed. */
const AGENT_NEEDS: Partial<Record<Protocol, readonly string[]>> = {
  acp: ['agent', 'command'],
  a2a: ['base_url'],
  framework: ['module'],
  local: ['model'],
  'claude-code': ['type'],
};

/** A missing type is found by the model, as the original's loader does; its validator refuses that. */
function typeOf(path: KeyPath, backend: JsonObject, findings: Finding[]): BackendType | null {
  const { type, model } = backend;
  if (typeof type === 'string') return findBackendType(type) ?? null;
  if (Object.hasOwn(backend, 'type')) return null;
  const found = typeof model === 'string' ? findTypeOfModel(model) : null;
  if (found !== null) return findBackendType(found) ?? null;
  const suggestion = `Add type, one of: ${BACKEND_TYPE_NAMES.join(', ')}.`;
  findings.push(error(path, 'The key type is missing, and the model does not tell the provider.', suggestion));
  return null;
}

function checkSystemPrompts(path: KeyPath, backend: JsonObject): Finding[] {
  return ['system_prompt', 'append_system_prompt']
    .filter((key) => Object.hasOwn(backend, key))
    .map((key) =>
      error([...path, key], `The key ${key} does not belong into a backend.`, 'Use system_message of the agent.'),
    );
}

/** Which switch needs which capability; OpenAI's and the others' word for running code mean the same. */
const SWITCHES: readonly (readonly [string, Capability])[] = [
  ['enable_web_search', 'web_search'],
  ['enable_code_execution', 'code_execution'],
  ['enable_code_interpreter', 'code_execution'],
];

function checkCapabilities(path: KeyPath, backend: JsonObject, type: BackendType): Finding[] {
  const findings = SWITCHES.filter(([key, need]) => backend[key] === true && !type.capabilities.includes(need)).map(
    ([key, need]) =>
      error(
        [...path, key],
        `The type ${type.type} has no ${need.replace('_', ' ')}.`,
        `Remove ${key}, or use another type.`,
      ),
  );
  const servers = backend['mcp_servers'];
  const hasServers = typeof servers === 'object' && servers !== null && Object.keys(servers).length > 0;
  if (hasServers && !type.capabilities.includes('mcp')) {
    findings.push(
      error([...path, 'mcp_servers'], `The type ${type.type} cannot use MCP servers.`, 'Remove mcp_servers.'),
    );
  }
  return findings;
}

function checkTools(path: KeyPath, backend: JsonObject): Finding[] {
  const findings: Finding[] = [];
  const both = (key: string): boolean => Array.isArray(backend[key]) && backend[key].length > 0;
  if (both('allowed_tools') && both('exclude_tools')) {
    findings.push(
      warning(
        [...path, 'exclude_tools'],
        'Both allowed_tools and exclude_tools are given.',
        'One of the two is enough.',
      ),
    );
  }
  for (const { path: toolPath, map } of mapsAt(backend, ['custom_tools'])) {
    findings.push(...checkCustomTool([...path, ...toolPath], map));
  }
  findings.push(...findMcpFaults([...path, 'mcp_servers'], backend['mcp_servers']));
  return findings;
}

function checkCustomTool(path: KeyPath, tool: JsonObject): Finding[] {
  const findings: Finding[] = [];
  if (Object.hasOwn(tool, 'default_params')) {
    const message = 'The key default_params has no effect.';
    findings.push(warning([...path, 'default_params'], message, 'Use preset_args.'));
  }
  const functions = tool['function'];
  for (const key of ['name', 'description', 'preset_args']) {
    const list = tool[key];
    if (!Array.isArray(functions) || !Array.isArray(list) || list.length === functions.length) continue;
    const message = `The list ${key} has ${list.length} entries for ${functions.length} functions; the tool would be left out.`;
    findings.push(warning([...path, key], message, 'Write one entry for each function.'));
  }
  return findings;
}

const SAVE_IT = 'Save the file first, and write its path here.';
const UPLOAD_KEYS = ['image_path', 'audio_path', 'video_path', 'file_path'];

function checkUploads(path: KeyPath, backend: JsonObject): Finding[] {
  return mapsAt(backend, ['upload_files']).flatMap(({ path: at, map }) => {
    const keys = UPLOAD_KEYS.filter((key) => Object.hasOwn(map, key));
    if (keys.length === 0)
      return [error([...path, ...at], 'This file has no path.', `Add one of ${UPLOAD_KEYS.join(', ')}.`)];
    return keys
      .filter((key) => isAddress(map[key]))
      .map((key) =>
        error([...path, ...at, key], 'Only files on this machine can go along with a question.', SAVE_IT, 'value'),
      );
  });
}

function isAddress(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /^https?:\/\//i.test(value);
}

/** A real key in a file ends in a repository or in a log sooner or later. */
function checkKey(path: KeyPath, backend: JsonObject): Finding[] {
  const key = backend['api_key'];
  const findings: Finding[] = [];
  if (typeof key === 'string' && key.length >= 16 && !key.includes('${')) {
    const message = 'An API key stands in the file itself.';
    findings.push(warning([...path, 'api_key'], message, 'Put it into .env and write ${VARIABLE} here.'));
  }
  const url = backend['base_url'];
  if (typeof url === 'string' && !url.includes('${') && !/^https?:\/\/[^/\s]+/i.test(url)) {
    findings.push(
      error([...path, 'base_url'], 'This is no http or https address.', 'Write it as https://host/v1.', 'value'),
    );
  }
  return findings;
}

function checkAg2(path: KeyPath, backend: JsonObject, type: BackendType): Finding[] {
  if (type.type !== 'ag2') return [];
  const given = ['agent_config', 'group_config'].filter((key) => Object.hasOwn(backend, key)).length;
  return given === 1 ? [] : [error(path, 'The type ag2 needs exactly one of agent_config and group_config.')];
}

/** Agents that share a folder would overwrite each other's work. */
function checkWorkspaces(agents: { path: KeyPath; map: JsonObject }[]): Finding[] {
  const seen = new Set<string>();
  return agents.flatMap(({ path, map }) => {
    const cwd: JsonValue | undefined = isJsonObject(map['backend']) ? map['backend']['cwd'] : undefined;
    if (typeof cwd !== 'string' || cwd.includes('${')) return [];
    const folder = cwd.replace(/^\.\//, '').replace(/\/+$/, '');
    const isNew = !seen.has(folder);
    seen.add(folder);
    const message = 'Another agent works in this folder already.';
    return isNew ? [] : [error([...path, 'backend', 'cwd'], message, 'Give every agent a cwd of its own.', 'value')];
  });
}
