import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { McpServerNeed, ToolNeeds } from '../../src/config/tool-needs.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { toolsToShow, withToolSearch } from '../../src/tools/tool-search.ts';
import { commandNeeds } from '../support/command-needs.ts';
import { modulePath, stdioNeed } from '../tools/mcp/server-needs.ts';
import type { Figure } from './measure.ts';

const CHARS_PER_TOKEN = 4;
const TOOLS = 60;

/**
 * What sixty tools of five real servers cost in every request: as schemas, behind a search, and as functions for code.
 * Tokens are characters by four, as where rate limits are kept; a vendor's own count differs by some percent.
 */
export async function benchCodeTools(folder: string): Promise<Figure[]> {
  const servers = await sixtyTools(folder);
  const asSchemas = await promptChars(join(folder, 'schemas'), { mcpServers: servers });
  const asCode = await promptChars(join(folder, 'code'), { mcpServers: servers, code: { direct: [], folder: null } });
  const hidden = servers.map((need) => ({ ...need, isDeferred: true }));
  const bySearch = await promptChars(join(folder, 'search'), { mcpServers: hidden });
  const bare = await promptChars(join(folder, 'bare'), { mcpServers: [] });
  const tokens = (chars: number): number => Math.ceil((chars - bare.chars) / CHARS_PER_TOKEN);
  const figure = (name: string, value: number, limit: number | null, unit = ''): Figure => ({
    name,
    value,
    unit,
    limit,
  });
  return [
    figure('code-tools: servers', servers.length, null),
    figure('code-tools: tools', asSchemas.tools - bare.tools, null),
    figure('code-tools: tokens of a request for them, as schemas', tokens(asSchemas.chars), null),
    figure('code-tools: tokens of a request for them, behind a search', tokens(bySearch.chars), null),
    figure('code-tools: tokens of a request for them, as functions', tokens(asCode.chars), 1_000),
    figure('code-tools: saved', 100 * (1 - tokens(asCode.chars) / tokens(asSchemas.chars)), null, '%'),
  ];
}

/** The first tools of each server, so that there are sixty. */
async function sixtyTools(folder: string): Promise<McpServerNeed[]> {
  const own = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));
  const from = (name: string, script: string, args: string[] = []): McpServerNeed => stdioNeed(script, { name, args });
  const official = (name: string): string => modulePath(`@modelcontextprotocol/server-${name}/dist/index.js`);
  const servers = [
    from('team', own, ['mcp', 'serve', '--demo']),
    from('memory', official('memory')),
    from('files', official('filesystem'), [folder]),
    from('every', official('everything')),
    from('browser', modulePath('@playwright/mcp/cli.js'), ['--headless', '--isolated']),
  ];
  const { names } = await promptChars(join(folder, 'all'), { mcpServers: servers });
  const wanted = names.slice(0, TOOLS);
  return servers.map((need) => {
    const prefix = `mcp__${need.name}__`;
    const allowedTools = wanted.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    return { ...need, allowedTools };
  });
}

/** Everything of a request that depends on the tools: what is told of them, and their schemas. */
async function promptChars(
  runDir: string,
  more: Partial<ToolNeeds>,
): Promise<{ chars: number; tools: number; names: string[] }> {
  await mkdir(runDir, { recursive: true });
  const host = await createToolHost({
    needs: { ...commandNeeds({ mode: 'host' }), ...more },
    alias: 'agent1',
    runDir,
    cwd: runDir,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  try {
    const specs = withToolSearch(host.tools()).map(({ spec }) => spec);
    const shown = toolsToShow(specs, [], false).map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
    const names = specs.flatMap(({ name }) => (name.startsWith('mcp__') ? [name] : []));
    return { chars: JSON.stringify(shown).length + host.notes.length, tools: specs.length, names };
  } finally {
    await host.dispose();
  }
}
