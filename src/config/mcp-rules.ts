import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { Finding } from './finding.ts';
import { vetAddress } from './mcp-addresses.ts';
import { isKnownProgram, isOwnProgram, programName } from './mcp-programs.ts';
import type { KeyPath } from './problem.ts';
import type { SecurityLevel } from './tool-needs.ts';

const DENIED = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'PYTHONPATH', 'PWD', 'OLDPWD'];
const DENIED_STRICT = [...DENIED, 'PATH', 'HOME', 'USER', 'USERNAME', 'SHELL'];

/**
 * MassGen's rules for MCP servers, all faults of all servers. Messages name keys and never values: arguments,
 * variables and headers hold secrets.
 */
export function findMcpFaults(path: KeyPath, servers: JsonValue | undefined): Finding[] {
  const seen = new Set<string>();
  return entriesOf(path, servers).flatMap(({ at, name, server }) => {
    const faults = [...checkName(at, name, seen), ...checkServer(at, server)];
    return faults.map((fault) => ({ severity: 'error', ...fault }));
  });
}

type Fault = Omit<Finding, 'severity'>;

function entriesOf(
  path: KeyPath,
  servers: JsonValue | undefined,
): { at: KeyPath; name: JsonValue | undefined; server: JsonObject }[] {
  if (Array.isArray(servers)) {
    return servers.flatMap((server, i) =>
      isJsonObject(server) ? [{ at: [...path, i], name: server['name'], server }] : [],
    );
  }
  if (servers === undefined || !isJsonObject(servers)) return [];
  return Object.entries(servers).flatMap(([name, server]) =>
    isJsonObject(server) ? [{ at: [...path, name], name, server }] : [],
  );
}

function checkName(at: KeyPath, name: JsonValue | undefined, seen: Set<string>): Fault[] {
  if (name === undefined)
    return [{ path: at, at: 'key', message: 'The MCP server has no name.', suggestion: 'Add name.' }];
  if (typeof name !== 'string') return [];
  const isTwin = seen.has(name);
  seen.add(name);
  if (isTwin) return [{ path: at, message: 'Another MCP server has this name already.' }];
  if (/^[A-Za-z0-9_-]{1,100}$/.test(name)) return [];
  return [{ path: at, message: 'The name of an MCP server has letters, digits, _ and - only, at most 100.' }];
}

function checkServer(at: KeyPath, server: JsonObject): Fault[] {
  const type = server['type'] ?? (server['url'] === undefined ? 'stdio' : 'streamable-http');
  if (type === 'streamable-http' || type === 'sse') return checkRemote(at, server);
  return type === 'stdio' ? checkLocal(at, server) : [];
}

function levelOf(server: JsonObject): SecurityLevel {
  const security = server['security'];
  const level = isJsonObject(security) ? security['level'] : undefined;
  return level === 'moderate' || level === 'permissive' ? level : 'strict';
}

function checkLocal(at: KeyPath, server: JsonObject): Fault[] {
  const { command, args } = server;
  const faults: Fault[] = [...checkVariables(at, server)];
  const parts = partsOf(command);
  if (parts.length === 0 && !(Array.isArray(args) && args.length > 0)) {
    return [...faults, { path: at, at: 'key', message: 'The MCP server has no command.', suggestion: 'Add command.' }];
  }
  const program = parts[0] ?? (Array.isArray(args) && typeof args[0] === 'string' ? args[0] : undefined);
  const key = [...at, parts.length > 0 ? 'command' : 'args'];
  if (parts.some((part) => /[&|;`$()<>]/.test(part.replaceAll(/\$\{\w+\}/g, '')) || part.includes('../'))) {
    faults.push({
      path: key,
      message: 'The command has characters that a shell would act on, or climbs out with ../.',
    });
  } else if (program !== undefined && !isAllowed(program, server)) {
    const message = `This program is not allowed at the level ${levelOf(server)}.`;
    faults.push({
      path: key,
      message,
      suggestion: 'Add it to security.allowed_executables, or start it with one that is allowed.',
    });
  }
  const cwd = server['cwd'];
  if (typeof cwd === 'string' && cwd.split(/[/\\]/).includes('..')) {
    faults.push({ path: [...at, 'cwd'], message: 'The folder of an MCP server must not climb out with "..".' });
  }
  return faults;
}

function partsOf(command: JsonValue | undefined): string[] {
  if (typeof command === 'string') return command.trim().split(/\s+/).filter(Boolean);
  return textsOf(command);
}

function isAllowed(command: string, server: JsonObject): boolean {
  const program = programName(command);
  const security = server['security'];
  const more = isJsonObject(security) ? textsOf(security['allowed_executables']) : [];
  return isKnownProgram(program, levelOf(server)) || isOwnProgram(program, more);
}

function checkVariables(at: KeyPath, server: JsonObject): Fault[] {
  const env = server['env'];
  if (env === undefined || !isJsonObject(env)) return [];
  const denied = new Set(levelOf(server) === 'strict' ? DENIED_STRICT : DENIED);
  // No shell ever sees the values, so they may hold any signs, as addresses and passwords do.
  return Object.keys(env)
    .filter((name) => denied.has(name))
    .map((name) => ({
      path: [...at, 'env', name],
      at: 'key',
      message: `The variable ${name} must not be set for an MCP server.`,
    }));
}

function checkRemote(at: KeyPath, server: JsonObject): Fault[] {
  const address = server['url'];
  if (address === undefined)
    return [{ path: at, at: 'key', message: 'The MCP server has no url.', suggestion: 'Add url.' }];
  if (typeof address !== 'string' || address.includes('${')) return [];
  const security = isJsonObject(server['security']) ? server['security'] : {};
  const fault = vetAddress(address, {
    allowLocalhost: security['allow_localhost'] === true,
    allowPrivateIps: security['allow_private_ips'] === true,
    allowedHostnames: textsOf(security['allowed_hostnames']),
  });
  return fault ? [{ path: [...at, 'url'], ...fault }] : [];
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
