import { describe, expect, test } from 'vitest';
import type { ModelRequest } from '../../src/providers/provider.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { ofType, runScripted } from './scripted-run.ts';

/** What a server with 200 tools shows; each is as large as usual ones. */
const TOOLS: Tool[] = Array.from({ length: 200 }, (_, n): Tool => ({
  spec: {
    name: `mcp__cloud__${n === 137 ? 'create_issue' : `resource_${n}_update`}`,
    description:
      n === 137
        ? 'Creates an issue in a repository of the code host. Labels and assignees may be given.'
        : `Updates resource number ${n} of the cloud account and waits until the change is visible everywhere.`,
    parameters: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Name of the resource, as the list of resources shows it.' },
        options: { type: 'object', properties: { force: { type: 'boolean' }, region: { type: 'string' } } },
      },
      required: ['id'],
    },
    isDeferred: true,
  },
  execute: async () => ({ output: `ran ${n}`, isError: false }),
}));

async function run(searchesTools: boolean): Promise<{ requests: ModelRequest[]; outputs: string[] }> {
  const requests: ModelRequest[] = [];
  const events = await runScripted({
    scripts: {
      only: [
        { tool_calls: [{ name: 'search_tools', args: { query: 'create an issue' } }] },
        { tool_calls: [{ name: 'mcp__cloud__create_issue', args: { id: 'a' } }] },
        { text: 'Done.' },
      ],
    },
    tools: TOOLS,
    wrap: (provider) => ({
      ...provider,
      searchesTools,
      stream: (request) => {
        requests.push(request);
        return provider.stream(request);
      },
    }),
  });
  return { requests, outputs: ofType(events, 'tool.finished').map((event) => event.data.output) };
}

const sizeOf = (request: ModelRequest | undefined): number => JSON.stringify(request?.tools).length;

describe('200 tools behind a search', () => {
  test('cost a page of the prompt instead of fifty', async () => {
    const { requests } = await run(false);
    const page = 3_000;
    expect(JSON.stringify(TOOLS.map((tool) => tool.spec)).length).toBeGreaterThan(20 * page);
    expect(requests.map((request) => sizeOf(request) < page)).toEqual([true, true, true]);
  });

  test('are shown once they were found, and can be called', async () => {
    const { requests, outputs } = await run(false);
    expect(requests.map((request) => request.tools.map((tool) => tool.name))).toMatchObject([
      ['search_tools'],
      ['mcp__cloud__create_issue', 'search_tools'],
      ['mcp__cloud__create_issue', 'search_tools'],
    ]);
    expect(requests[1]?.tools[0]).not.toHaveProperty('isDeferred');
    expect(outputs[0]).toContain('- mcp__cloud__create_issue: Creates an issue');
    expect(outputs[1]).toBe('ran 137');
  });

  test('all go to a provider that searches itself', async () => {
    const { requests } = await run(true);
    const [first] = requests;
    expect(first?.tools).toHaveLength(200);
    expect(first?.tools.every((tool) => tool.isDeferred === true)).toBe(true);
  });
});
