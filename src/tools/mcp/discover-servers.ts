import { needOfEntry } from '../../config/read-tool-needs.ts';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import { messageOf } from '../../platform/errors.ts';
import { oneLine } from '../code/words.ts';
import { defineTool, numberArg, textArg, ToolMistake } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import type { RegistryPlaces } from './registry/ask-registry.ts';
import { byNeed, neededKeys, shortServerName, wayTo } from './registry/rank-offers.ts';
import type { ServerOffer } from './registry/server-offer.ts';

export const FIND_SERVERS = 'find_mcp_servers';
export const USE_SERVER = 'use_mcp_server';

export interface DiscoveryOptions {
  places: RegistryPlaces;
  /** Names of the servers that the agent has. */
  names: () => readonly string[];
  /**
   * Starts a server for the rest of the run, and resolves with the names of its tools; `offer` is its name in the registry.
   * Rejects with an error whose message is for people.
   */
  start: (need: McpServerNeed, offer: string) => Promise<string[]>;
  /** Names in the registry of what was started before the run was taken up again. */
  started?: readonly string[];
}

const USUAL_COUNT = 6;
const MAX_COUNT = 12;
/** Of one agent in one run. */
const MAX_STARTED = 5;
const MAX_WORDS = 4;
const MAX_SUMMARY = 200;

/**
 * `find_mcp_servers` looks in the registries for servers that fit a task, `use_mcp_server` starts one of those for the rest
 * of the run. The second one names what is run, word for word, so that rules and people decide over exactly that. Keys of
 * the user's are never given to a server that is found this way.
 */
export function discoveryTools({ places, names, start, started = [] }: DiscoveryOptions): Tool[] {
  const found = new Map<string, ServerOffer>();
  const used = new Set(started);

  const find = defineTool({
    name: FIND_SERVERS,
    description:
      'Looks in the MCP registry and at Smithery for tool servers that fit a task which your own tools cannot do. Those that need no key come first; what you choose is started with use_mcp_server.',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 200, description: 'What the tools should do, in a few words.' },
      count: { type: 'integer', minimum: 1, maximum: MAX_COUNT, description: `${USUAL_COUNT} if left out.` },
    },
    required: ['query'],
    annotations: { readOnly: true, openWorld: true },
    run: async (args) => {
      const { offers, faults } = await searchAll(textArg(args, 'query'), places);
      const usable = byNeed(offers.filter(({ entry }) => entry !== null));
      const shown = usable.slice(0, numberArg(args, 'count', USUAL_COUNT));
      for (const offer of shown) found.set(offer.name, offer);
      if (shown.length > 0) return [...shown.map(offerLine), ...faults].join('\n');
      return ['No server that could be used here fits these words. Try fewer or other ones.', ...faults].join('\n');
    },
  });

  const use = defineTool({
    name: USE_SERVER,
    description:
      'Starts a server that find_mcp_servers has told you, for the rest of this run; the user may have to agree. Its tools are there from your next step on.',
    properties: {
      name: { type: 'string', description: 'Its name, as it was told.' },
      command: {
        type: 'string',
        description: 'What runs it, word for word as it was told; left out for one with a url.',
      },
      url: {
        type: 'string',
        description: 'Where it is, word for word as it was told; left out for one with a command.',
      },
      why: { type: 'string', minLength: 1, maxLength: 300, description: 'Why this one, in a sentence for the user.' },
    },
    required: ['name', 'why'],
    annotations: { destructive: true, openWorld: true },
    run: async (args) => {
      const offer = found.get(textArg(args, 'name'));
      if (!offer?.entry)
        throw new ToolMistake(`Find it first with ${FIND_SERVERS}, and write its name as it was told.`);
      const way = wayTo(offer);
      if (way === null || textArg(args, way.kind) !== way.text || Boolean(args['command']) === Boolean(args['url'])) {
        throw new ToolMistake(`Write ${way?.kind ?? 'command'} word for word as it was told: ${way?.text ?? ''}`);
      }
      const keys = neededKeys(offer);
      if (keys.length > 0) throw new ToolMistake(`It needs ${keys.join(', ')}. ${ONLY_BY_USER}`);
      if (used.has(offer.name)) throw new ToolMistake('You have it already.');
      if (used.size >= MAX_STARTED)
        throw new ToolMistake(`You have started ${MAX_STARTED} servers, which is the most.`);
      used.add(offer.name);
      const starting = start(needOfEntry(freeName(offer.name, names()), offer.entry), offer.name);
      const tools = await starting.catch((error: unknown) => {
        used.delete(offer.name);
        throw error;
      });
      return `It runs. Its tools: ${tools.join(', ') || 'none'}.`;
    },
  });
  return [find, use];
}

const ONLY_BY_USER = 'Only the user can add a server that needs a key (massgen mcp add).';

/** Registries look for the words as one text; where that finds nothing, each word is looked for. */
async function searchAll(query: string, places: RegistryPlaces): Promise<{ offers: ServerOffer[]; faults: string[] }> {
  const { searchRegistry } = await import('./registry/ask-registry.ts');
  const ask = async (words: string): Promise<{ offers: ServerOffer[]; faults: string[] }> => {
    const results = await Promise.allSettled(
      (['official', 'smithery'] as const).map((registry) => searchRegistry(registry, words, MAX_COUNT, places)),
    );
    return {
      offers: results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
      faults: results.flatMap((result) =>
        result.status === 'rejected' ? [oneLine(messageOf(result.reason), 300)] : [],
      ),
    };
  };
  const whole = await ask(query);
  const words = query.split(/\s+/).filter((word) => word.length > 2);
  if (whole.offers.length > 0 || words.length < 2) return whole;
  const single = await Promise.all(words.slice(0, MAX_WORDS).map(ask));
  const offers = new Map(single.flatMap((each) => each.offers).map((offer) => [offer.name, offer]));
  return { offers: [...offers.values()], faults: whole.faults };
}

function offerLine(offer: ServerOffer): string {
  const way = wayTo(offer);
  const keys = neededKeys(offer);
  const needs = keys.length === 0 ? 'needs no key' : `needs ${keys.join(', ')}: ${ONLY_BY_USER}`;
  const about = oneLine(offer.description, MAX_SUMMARY);
  return `- name ${JSON.stringify(offer.name)}, ${way?.kind} ${JSON.stringify(way?.text)} (${offer.registry}; ${needs}): ${about}`;
}

function freeName(name: string, taken: readonly string[]): string {
  const short = shortServerName(name);
  for (let count = 2, free = short; ; count += 1, free = `${short}-${count}`) if (!taken.includes(free)) return free;
}
