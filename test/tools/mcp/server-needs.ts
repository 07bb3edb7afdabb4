import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
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

/**
 * A port of this machine that was free a moment ago, for a server that cannot take any. Below those that systems give to
 * whoever asks for any, so that nobody is given it before that server listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
