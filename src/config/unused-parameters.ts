import { isJsonObject } from '../events/json.ts';
import { isHostOf } from './catalogue.ts';
import type { BackendSpec } from './team.ts';

/** How a word is sampled. */
const SAMPLING = ['temperature', 'top_p', 'top_k', 'topP', 'topK'];
const OPENAI_SAMPLING = [
  ...SAMPLING,
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
];

/**
 * Names of parameters that the vendor itself refuses for this model, which would cost the agent its first request.
 * Other addresses decide for themselves.
 */
export function refusedParameters(spec: BackendSpec): string[] {
  const { baseUrl, params } = spec;
  const refused = Object.entries(RULES).find(([host]) => {
    const usual = USUAL_HOSTS[spec.type];
    return baseUrl === null ? usual === host : isHostOf(hostOf(baseUrl), [host]);
  });
  return refused ? [...new Set(refused[1](spec))].filter((name) => name in params) : [];
}

/** Where a backend without an address of its own leads. */
const USUAL_HOSTS: Readonly<Record<string, string>> = {
  openai: 'openai.com',
  claude: 'anthropic.com',
  gemini: 'googleapis.com',
};

/** By vendor, from its pages about its models. */
const RULES: Readonly<Record<string, (spec: BackendSpec) => string[]>> = {
  'openai.com': refusedByOpenai,
  'anthropic.com': refusedByAnthropic,
  'googleapis.com': ({ model }) =>
    /^gemini-(?:1|2\.0)|^gemma/.test(model) ? ['reasoning_effort', 'reasoningEffort', 'thinkingConfig'] : [],
  'x.ai': refusedByXai,
  'deepseek.com': ({ model }) => (model === 'deepseek-reasoner' ? ['logprobs', 'top_logprobs'] : []),
  'groq.com': () => ['logprobs', 'top_logprobs', 'logit_bias'],
  'cerebras.ai': () => ['frequency_penalty', 'presence_penalty', 'logit_bias'],
};

function refusedByOpenai(spec: BackendSpec): string[] {
  const { model, protocol } = spec;
  if (protocol !== 'responses' && protocol !== 'chat') return [];
  if (/^(?:gpt-[34]|chatgpt|gpt-5(?:\.\d+)?-chat)/.test(model)) return ['reasoning_effort', 'reasoning', 'verbosity'];
  if (!alwaysReasons(spec)) return [];
  return [
    ...OPENAI_SAMPLING,
    'stop',
    ...(/^o\d/.test(model) ? ['parallel_tool_calls', 'disable_parallel_tool_use', 'verbosity'] : []),
  ];
}

function refusedByAnthropic({ model, params }: BackendSpec): string[] {
  if (chooseWordsThemselves(model)) return SAMPLING;
  const kind = isJsonObject(params['thinking']) ? params['thinking']['type'] : undefined;
  if (kind === 'enabled' || kind === 'adaptive') return ['temperature', 'top_k'];
  if (/^claude-(?:2|instant|3-(?:opus|sonnet|haiku|5))/.test(model)) return ['reasoning_effort', 'thinking'];
  // One of the two.
  const isEither = /^claude-(?:opus-4-[15]|(?:sonnet|haiku)-4-5)/.test(model) && 'temperature' in params;
  return isEither ? ['top_p'] : [];
}

/** Models that reason. */
function refusedByXai({ model }: BackendSpec): string[] {
  if (/non-reasoning/.test(model)) return ['reasoning_effort'];
  const penalties = ['presence_penalty', 'frequency_penalty', 'stop'];
  if (model.startsWith('grok-3-mini')) return penalties;
  return /^grok-4(?:-0709|-latest|-fast|-1-fast|$)/.test(model) ? [...penalties, 'reasoning_effort'] : [];
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname ?? '';
}

/** Claude after Opus 4.6. */
function chooseWordsThemselves(model: string): boolean {
  return /^claude-(?:opus-4-[7-9]|(?:opus|sonnet|haiku|fable|mythos)-[5-9])/.test(model);
}

/** GPT-5.1 and later take these parameters for as long as they are told not to reason, which is their usual way. */
function alwaysReasons({ model, params }: BackendSpec): boolean {
  if (/^(?:o[134]|gpt-5)(?:-(?:mini|nano|pro|codex))*(?:-\d{4}-\d\d-\d\d)?$/.test(model)) return true;
  if (!/^gpt-5\.\d/.test(model) || model.includes('-chat')) return false;
  const reasoning = params['reasoning'];
  const isMap = typeof reasoning === 'object' && reasoning !== null && !Array.isArray(reasoning);
  const effort = params['reasoning_effort'] ?? (isMap ? reasoning['effort'] : undefined);
  return typeof effort === 'string' && effort !== 'none';
}
