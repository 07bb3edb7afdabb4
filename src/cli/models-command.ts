import { Command } from 'commander';
import { AGENT_PROGRAM_NAMES } from '../config/agent-programs.ts';
import type { BackendType } from '../config/catalogue.ts';
import { loadEnv } from '../config/env.ts';
import { requireBackendType } from '../config/quick-team.ts';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { listedTypes, listModels, type ListedModel } from '../providers/model-list.ts';
import type { CommandContext } from './command-context.ts';
import { readFlags } from './read-flags.ts';

/** `massgen models`: the catalogue, with prices and with the keys that are there. Nothing is asked of any server. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen models')
    .description('Lists the models that this version knows by name, with limits and prices. Any other name works too.')
    .usage('[--backend TYPE] [options]')
    .option('--backend <type>', 'only this backend type')
    .option('--all', 'every chat model of the price tables too', false)
    .option('--json', 'as a JSON list', false)
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<{ backend?: string; all: boolean; json: boolean }>();
  const types = flags.backend === undefined ? listedTypes() : [requireBackendType(flags.backend)];
  const { env } = await loadEnv({ cwd: environment.cwd, home: environment.home, env: environment.variables });
  const keyOf = (type: BackendType): string | null =>
    type.keyVariables.find((name) => (env[name] ?? '') !== '') ?? null;
  const models = await listModels(types, { isWhole: flags.all, clock: createRealClock() });
  if (flags.json) {
    const rows = models.map((model) => toJson(model, types, keyOf));
    streams.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return EXIT.ok;
  }
  const groups = types.map((type) => {
    const own = models.filter((model) => model.type === type.type);
    return [heading(type, keyOf(type)), ...own.map(row)].join('\n');
  });
  streams.stdout.write(`${[LEGEND, ...groups].join('\n\n')}\n`);
  return EXIT.ok;
}

const LEGEND =
  'reasons: thinks before it replies; sees: reads pictures; ? not known. ' +
  'USD for a million tokens: input, cached input, output (reasoning included, unless it has a price of its own); /1k for a thousand uses. ' +
  '* the usual model of its type; + long prompts cost more.';

function heading(type: BackendType, key: string | null): string {
  const state =
    type.keyNeed !== 'required'
      ? 'needs no key'
      : type.keyVariables.length === 0
        ? 'key by address'
        : key === null
          ? `${type.keyVariables.join(' or ')} is not set`
          : `${key} is set`;
  const none = AGENT_HINTS[type.protocol ?? ''] ?? (type.models.length > 0 ? '' : '; name a model yourself');
  const own = type.builtinTools.length > 0 ? `; tools of its own: ${type.builtinTools.join(', ')}` : '';
  return `${type.type} (${type.label}): ${state}${none}${own}`;
}

/** How an agent that is no model endpoint is named in a config. */
const AGENT_HINTS: Readonly<Record<string, string>> = {
  acp: `; agent: ${AGENT_PROGRAM_NAMES.join(', ')}, or command: any program that speaks it`,
  a2a: '; base_url: the address of the agent',
  framework: '; module: ./file.ts#export',
  'claude-code': ' where Claude Code is logged in; npm install @anthropic-ai/claude-agent-sdk',
  local: '; model: file.gguf, npm install node-llama-cpp',
};

function row({ model, name, isDefault, contextWindow, outputLimit, traits, prices }: ListedModel): string {
  const limits = `context ${tokens(contextWindow).padStart(7)}  output ${tokens(outputLimit).padStart(7)}`;
  const cost =
    prices === null
      ? 'price unknown'
      : [prices.input, prices.cachedInput, prices.output].map((usd) => (usd === null ? '?' : `$${usd}`)).join(' / ');
  return oneLine(`${model}${isDefault ? '*' : ''}`)
    .padEnd(42)
    .concat(`  ${limits}  ${traitWords(traits)}  ${cost}${prices?.hasTiers ? ' +' : ''}${otherPrices(prices)}`)
    .concat(name === null ? '' : `  ${oneLine(name)}`)
    .replace(/^/, '  ');
}

/** What is not billed as text, where it has a price. */
function otherPrices(prices: ListedModel['prices']): string {
  if (prices === null) return '';
  const { audioInput, reasoning, output, perThousandUses } = prices;
  const named: [string, number | null, string][] = [
    ['reasoning', reasoning === output ? null : reasoning, ''],
    ['audio', audioInput === prices.input ? null : audioInput, ''],
    ['search', perThousandUses.webSearch, '/1k'],
    ['file search', perThousandUses.fileSearch, '/1k'],
  ];
  return named.flatMap(([what, usd, unit]) => (usd === null ? [] : [`, ${what} $${usd}${unit}`])).join('');
}

/** Of one width; `?` is what is not known. */
function traitWords({ reasons, seesPictures }: ListedModel['traits']): string {
  const word = (name: string, value: boolean | null): string =>
    (value === null ? `${name}?` : value ? name : '').padEnd(name.length + 1);
  return `${word('reasons', reasons)} ${word('sees', seesPictures)}`;
}

function tokens(count: number | null): string {
  if (count === null) return 'unknown';
  return count >= 1_000_000 ? `${Number((count / 1_000_000).toFixed(2))}M` : `${Math.round(count / 1000)}k`;
}

function toJson(
  model: ListedModel,
  types: readonly BackendType[],
  keyOf: (type: BackendType) => string | null,
): object {
  const type = types.find((each) => each.type === model.type);
  const { prices } = model;
  return {
    type: model.type,
    model: model.model,
    name: model.name,
    is_default: model.isDefault,
    context_window: model.contextWindow,
    output_limit: model.outputLimit,
    // What is not known is null.
    reasons: model.traits.reasons,
    sees_pictures: model.traits.seesPictures,
    capabilities: type?.capabilities ?? [],
    builtin_tools: type?.builtinTools ?? [],
    usd_per_million_tokens: prices && {
      input: prices.input,
      cached_input: prices.cachedInput,
      cache_write: prices.cacheWrite,
      output: prices.output,
      reasoning: prices.reasoning,
      audio_input: prices.audioInput,
      audio_output: prices.audioOutput,
      has_tiers: prices.hasTiers,
    },
    usd_per_thousand_uses: prices && {
      web_search: prices.perThousandUses.webSearch,
      file_search: prices.perThousandUses.fileSearch,
    },
    key_variables: type?.keyVariables ?? [],
    key_is_set: type !== undefined && keyOf(type) !== null,
  };
}
