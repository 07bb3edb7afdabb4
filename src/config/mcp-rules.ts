import type { JsonObject, JsonValue } from '../events/json.ts';
import { isJsonObject } from '../events/json.ts';
import type { Finding } from './finding.ts';
import type { KeyPath } from './problem.ts';

type Level = 'strict' | 'moderate' | 'permissive';

const STRICT_PROGRAMS =
  'python python3 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 py uv uvx pipx pip pip3 node npm npx yarn ' +
  'pnpm bun deno java ruby go rust cargo fastmcp sh bash zsh fish powershell pwsh cmd';
const PROGRAMS: Readonly<Record<Level, ReadonlySet<string>>> = {
  strict: new Set(STRICT_PROGRAMS.split(' ')),
  moderate: new Set(`${STRICT_PROGRAMS} git nodejs`.split(' ')),
  permissive: new Set(`${STRICT_PROGRAMS} git nodejs curl wget`.split(' ')),
};
const DENIED = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'PYTHONPATH', 'PWD', 'OLDPWD'];
const DENIED_STRICT = [...DENIED, 'PATH', 'HOME', 'USER', 'USERNAME', 'SHELL'];
const PORTS = new Set([22, 23, 25, 53, 135, 139, 445, 1433, 1521, 3306, 3389, 5432, 6379]);

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

function levelOf(server: JsonObject): Level {
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
  return Array.isArray(command) ? command.filter((part) => typeof part === 'string') : [];
}

function baseName(program: string): string {
  const name = program.split(/[/\\]/).at(-1) ?? program;
  return name.toLowerCase().replace(/\.(exe|bat|cmd|ps1)$/, '');
}

function isAllowed(program: string, server: JsonObject): boolean {
  const name = baseName(program);
  const security = server['security'];
  const more = isJsonObject(security) ? security['allowed_executables'] : undefined;
  return (
    PROGRAMS[levelOf(server)].has(name) ||
    (Array.isArray(more) && more.some((m) => typeof m === 'string' && m.toLowerCase() === name))
  );
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
  const path = [...at, 'url'];
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return [{ path, message: 'This is no http or https address.' }];
  if (PORTS.has(Number(url.port)))
    return [{ path, message: `The port ${url.port} belongs to another kind of service.` }];
  return checkHost(path, url.hostname, isJsonObject(server['security']) ? server['security'] : {});
}

function checkHost(path: KeyPath, host: string, security: JsonObject): Fault[] {
  const names = security['allowed_hostnames'];
  if (Array.isArray(names) && names.includes(host)) return [];
  if (/^(localhost|127\.|\[::1\])/.test(host) && security['allow_localhost'] !== true) {
    return [
      {
        path,
        message: 'Servers on this machine are not allowed here.',
        suggestion: 'Set security.allow_localhost: true.',
      },
    ];
  }
  if (
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd])/.test(host) &&
    security['allow_private_ips'] !== true
  ) {
    return [
      {
        path,
        message: 'Servers in private networks are not allowed here.',
        suggestion: 'Set security.allow_private_ips: true.',
      },
    ];
  }
  return [];
}
