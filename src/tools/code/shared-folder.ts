import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { McpServerNeed, ToolNeeds } from '../../config/tool-needs.ts';

/**
 * Where functions for code lie that agents with the same servers share, absolute; made if it is not there. Undefined where
 * every agent has its own. Rejects with the system's error.
 */
export async function sharedFolder({ code, mcpServers, custom }: ToolNeeds, cwd: string): Promise<string | undefined> {
  if (!code || code.folder === null) return undefined;
  const own = custom && [custom.mode, custom.packs, custom.tools.map(({ path, functions }) => [path, functions])];
  const text = JSON.stringify([mcpServers.map(asShared), own ?? null, code.direct]);
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const folder = join(resolve(cwd, code.folder), mark);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** What its tools depend on; no secret, and nothing that differs from run to run. */
function asShared({ name, transport, allowedTools, excludedTools }: McpServerNeed): object {
  const place = transport.type === 'stdio' ? [transport.command, transport.args] : transport.url;
  return { name, place, allowedTools, excludedTools };
}
