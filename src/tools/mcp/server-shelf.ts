import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { plainJson } from './plain-json.ts';
import { resultText } from './result-text.ts';

/** A tool of this program's own that reaches what a server has beside its tools. */
export interface ShelfTool {
  /** Without the server's prefix. */
  name: string;
  description: string;
  parameters: JsonObject;
  run(client: Client, args: JsonObject, signal: AbortSignal): Promise<string>;
}

interface Prompt {
  name: string;
  description: string;
  args: { name: string; isNeeded: boolean }[];
}

const MAX_PAGES = 20;
const MAX_LISTED = 200;
const MAX_TOLD_PROMPTS = 20;

/**
 * The tools that reach a server's resources and prompts; only for a server that has some now. Prompts are data like
 * every result: what they say grants nothing. Rejects when the server does not answer.
 */
export async function shelfTools(client: Client): Promise<ShelfTool[]> {
  const has = client.getServerCapabilities() ?? {};
  const tools: ShelfTool[] = [];
  if (has.resources && (await listResources(client)).length > 0) tools.push(LIST_RESOURCES, READ_RESOURCE);
  const prompts = has.prompts ? await listPrompts(client) : [];
  if (prompts.length > 0) tools.push(getPrompt(prompts));
  return tools;
}

const NOTHING: JsonObject = { type: 'object', properties: {}, additionalProperties: false };

const LIST_RESOURCES: ShelfTool = {
  name: 'list_resources',
  description: 'Lists the resources of this server: documents, records and the like, with their addresses.',
  parameters: NOTHING,
  run: async (client) => {
    const lines = await listResources(client);
    const more = lines.length - MAX_LISTED;
    return [...lines.slice(0, MAX_LISTED), ...(more > 0 ? [`[… ${more} more left out …]`] : [])].join('\n');
  },
};

const READ_RESOURCE: ShelfTool = {
  name: 'read_resource',
  description: 'Reads a resource of this server by its address, as list_resources tells it.',
  parameters: {
    type: 'object',
    properties: { uri: { type: 'string', description: 'Address of the resource.' } },
    required: ['uri'],
    additionalProperties: false,
  },
  run: async (client, { uri }, signal) => {
    const read = plainJson(await client.readResource({ uri: textOf(uri) }, { signal }));
    const contents = read['contents'];
    const parts = (Array.isArray(contents) ? contents : []).map((resource) => ({ type: 'resource', resource }));
    return resultText({ content: parts });
  },
};

function getPrompt(prompts: readonly Prompt[]): ShelfTool {
  const told = prompts.slice(0, MAX_TOLD_PROMPTS).map(({ name, description, args }) => {
    const names = args.map((arg) => (arg.isNeeded ? arg.name : `${arg.name}?`)).join(', ');
    return `- ${name}(${names}): ${description}`.slice(0, 200);
  });
  return {
    name: 'get_prompt',
    description: `Gives a text that this server has prepared for a task. There are:\n${told.join('\n')}`,
    parameters: {
      type: 'object',
      properties: {
        name: { type: 'string', enum: prompts.map((prompt) => prompt.name) },
        arguments: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['name'],
      additionalProperties: false,
    },
    run: async (client, args, signal) => {
      const given = args['arguments'];
      const values = given !== undefined && isJsonObject(given) ? given : {};
      const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
      const { messages } = plainJson(
        await client.getPrompt({ name: textOf(args['name']), arguments: texts }, { signal }),
      );
      const parts = (Array.isArray(messages) ? messages : []).map((message) => {
        if (!isJsonObject(message)) return '';
        return `${textOf(message['role'])}: ${resultText({ content: [message['content'] ?? null] })}`;
      });
      return parts.join('\n\n');
    },
  };
}

/** One line for each, templates of addresses included. */
async function listResources(client: Client): Promise<string[]> {
  const resources = await pages((cursor) => client.listResources(cursor), 'resources');
  const templates = await pages((cursor) => client.listResourceTemplates(cursor), 'resourceTemplates').catch(() => []);
  return [...resources, ...templates].map((each) => {
    const address = textOf(each['uri']) || textOf(each['uriTemplate']);
    const about = textOf(each['description']) || textOf(each['name']);
    return `- ${address}${about === '' ? '' : `: ${about.slice(0, 200)}`}`;
  });
}

async function listPrompts(client: Client): Promise<Prompt[]> {
  const prompts = await pages((cursor) => client.listPrompts(cursor), 'prompts');
  return prompts.map((prompt) => {
    const args = prompt['arguments'];
    return {
      name: textOf(prompt['name']),
      description: textOf(prompt['description']) || textOf(prompt['title']),
      args: (Array.isArray(args) ? args : [])
        .filter((arg) => isJsonObject(arg))
        .map((arg) => ({ name: textOf(arg['name']), isNeeded: arg['required'] === true })),
    };
  });
}

async function pages(ask: (cursor: { cursor?: string }) => Promise<object>, key: string): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let next: JsonValue | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = plainJson(await ask(typeof next === 'string' ? { cursor: next } : {}));
    const entries = listed[key];
    found.push(...(Array.isArray(entries) ? entries : []).filter((entry) => isJsonObject(entry)));
    next = listed['nextCursor'];
    if (typeof next !== 'string') break;
  }
  return found;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
