import { fileURLToPath } from 'node:url';
import type { McpSecurity, McpServerNeed } from '../../../src/config/tool-needs.ts';

export const STRICT: McpSecurity = {
  level: 'strict',
  allowedExecutables: [],
  allowLocalhost: false,
  allowPrivateIps: false,
  allowedHostnames: [],
  env: { level: 'strict', mode: 'denylist', allowed: [], denied: [] },
};

export function modulePath(path: string): string {
  return fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));
}

/** A server that is started with this Node. */
export function stdioNeed(
  script: string,
  more: Partial<McpServerNeed> & { args?: string[]; env?: Record<string, string> } = {},
): McpServerNeed {
  const { args = [], env = {}, ...rest } = more;
  return {
    name: 'server',
    transport: { type: 'stdio', command: process.execPath, args: [script, ...args], env, cwd: null },
    timeoutMs: null,
    allowedTools: null,
    excludedTools: [],
    security: STRICT,
    ...rest,
  };
}

export function httpNeed(url: string, security: Partial<McpSecurity> = {}): McpServerNeed {
  return {
    name: 'remote',
    transport: { type: 'http', url, headers: { 'x-key': 'k' }, readTimeoutMs: 60_000 },
    timeoutMs: null,
    allowedTools: null,
    excludedTools: [],
    security: { ...STRICT, ...security },
  };
}
