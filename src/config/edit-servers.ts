import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { JsonObject } from '../events/json.ts';
import { MassgenError } from '../platform/errors.ts';

/**
 * The text of a config with a server in it, for one agent or for all; comments and order stay. Throws a MassgenError for
 * a text that is no config, an agent that is not there, and a server that is there already.
 */
export function withServer(text: string, name: string, entry: JsonObject, agent: string | null): string {
  const document = read(text);
  const done = new Set<unknown>();
  for (const backend of backendsOf(document, agent)) {
    const servers = serversIn(document, backend, agent);
    if (servers && done.has(servers)) continue;
    done.add(servers);
    if (isSeq(servers)) {
      if (indexIn(servers, name) >= 0) throw taken(name);
      servers.add(document.createNode({ name, ...entry }));
    } else if (isMap(servers)) {
      if (servers.has(name)) throw taken(name);
      servers.set(name, document.createNode(entry));
    } else backend.set('mcp_servers', document.createNode({ [name]: entry }));
  }
  return written(document, text);
}

/** As `withServer`, without the server. Throws when no agent has it. */
export function withoutServer(text: string, name: string, agent: string | null): string {
  const document = read(text);
  let isFound = false;
  for (const backend of backendsOf(document, agent)) {
    const servers = serversIn(document, backend, agent);
    if (isSeq(servers)) {
      const index = indexIn(servers, name);
      if (index >= 0) isFound = servers.delete(index) || isFound;
    } else if (isMap(servers)) isFound = servers.delete(name) || isFound;
    // One that others refer to stays, empty.
    if (servers?.items.length === 0 && servers.anchor === undefined) backend.delete('mcp_servers');
  }
  if (isFound) return written(document, text);
  throw new MassgenError(
    'no-such-server',
    `The config has no MCP server ${name}. "massgen mcp list" shows those it has.`,
  );
}

/** Its own, or those that it refers to. Throws where a change for `agent` alone would change others, or hide what it has. */
function serversIn(document: Document, backend: YAMLMap, agent: string | null): YAMLMap | YAMLSeq | null {
  const written = resolved(document, backend.get('mcp_servers', true));
  const merged = resolved(document, backend.get('<<', true));
  const own = isMap(written) || isSeq(written) ? written : null;
  const isElsewhere = own === null ? isMap(merged) && merged.has('mcp_servers') : own.anchor !== undefined;
  if (!isElsewhere || (own !== null && agent === null)) return own;
  throw new MassgenError(
    'servers-shared',
    'The servers of this agent are those of others too (by "&", "*" or "<<"). Change them in an editor.',
  );
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** In the manner of the file: no line is wrapped, and `{a: 1}` stays as tight as it is. */
function written(document: Document, text: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: /[{[] /.test(text) });
}

function read(text: string): Document {
  const document = parseDocument(text);
  if (document.errors.length === 0 && isMap(document.contents)) return document;
  throw new MassgenError('bad-config', 'The config is no valid YAML. "massgen --validate" says where.');
}

function backendsOf(document: Document, agent: string | null): YAMLMap[] {
  const single = document.get('agent', true);
  const list = document.get('agents', true);
  const agents = [single, ...(isSeq(list) ? list.items : [])].filter((each) => isMap(each));
  const chosen = agents.filter((each) => agent === null || each.get('id') === agent);
  const backends = new Set(
    chosen.map((each) => resolved(document, each.get('backend', true))).filter((each) => isMap(each)),
  );
  if (backends.size > 0) return [...backends];
  const what = agent === null ? 'no agent with a backend' : `no agent ${agent} with a backend`;
  throw new MassgenError('no-such-agent', `The config has ${what}.`);
}

function indexIn(servers: { items: unknown[] }, name: string): number {
  return servers.items.findIndex((each) => {
    const value = isMap(each) ? each.get('name', true) : null;
    return isScalar(value) && value.value === name;
  });
}

function taken(name: string): MassgenError {
  return new MassgenError(
    'server-there',
    `The config has an MCP server ${name} already. Choose another name with --as, or take it out with "massgen mcp remove ${name}".`,
  );
}
